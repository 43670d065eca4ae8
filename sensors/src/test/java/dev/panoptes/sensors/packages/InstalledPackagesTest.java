package dev.panoptes.sensors.packages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.host.HostFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that rpm itself has written (SOURCE.md), and such that are broken. */
class InstalledPackagesTest {
    private static final String DATABASE = "var/lib/rpm/rpmdb.sqlite";
    private static final List<String> ASKED = List.of(
            "/etc/cron.d/example",
            "/etc/cron.d/other",
            "/etc/ghost.conf",
            "/usr/share/many/file-150",
            "/etc/cron.d/mine");

    @TempDir
    Path root;

    private byte[] database;

    @BeforeEach
    void tree() throws IOException {
        try (InputStream in = new GZIPInputStream(
                Objects.requireNonNull(InstalledPackagesTest.class.getResourceAsStream("rpmdb.sqlite.gz")))) {
            database = in.readAllBytes();
        }
        write(DATABASE, database);
        write(
                "etc/cron.d/example",
                "0 1 * * * root /usr/bin/example\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        write("etc/cron.d/other", "0 1 * * * root /tmp/x\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        write("usr/share/many/file-150", "150\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private void write(String path, byte[] content) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }

    private Map<String, Ownership> owners() throws InterruptedException {
        return new InstalledPackages(new HostFiles(root), UnaryOperator.identity()).owners(ASKED);
    }

    @Test
    void tellsThePackagesOfRpmAndWhetherTheirFilesAreTheirs() throws InterruptedException {
        assertThat(owners())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "/etc/cron.d/example", new Ownership("panoptes-example", "1:1.2-3", true),
                        "/etc/cron.d/other", new Ownership("panoptes-other", "1.2-3", false),
                        "/etc/ghost.conf", new Ownership("panoptes-example", "1:1.2-3", null),
                        "/usr/share/many/file-150", new Ownership("panoptes-example", "1:1.2-3", true)));
    }

    @Test
    void aBrokenDatabaseOwnsNothingAndHarmsNothing() throws IOException, InterruptedException {
        Random random = new Random(7);
        for (int round = 0; round < 300; round++) {
            byte[] broken =
                    round % 3 == 0 ? Arrays.copyOf(database, random.nextInt(database.length)) : database.clone();
            for (int i = 0; i < 1 + round % 40 && broken.length > 0; i++) {
                // Where the trees begin, and anywhere.
                int at = random.nextInt(i % 2 == 0 ? Math.min(broken.length, 8192) : broken.length);
                broken[at] = (byte) random.nextInt(256);
            }
            write(DATABASE, broken);
            assertThat(owners().keySet()).isSubsetOf(ASKED);
        }
    }
}
