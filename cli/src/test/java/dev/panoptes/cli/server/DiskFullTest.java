package dev.panoptes.cli.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.cli.server.StartedServer.Answer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * No room left where the data is: writes are refused with a word, what is there is kept, and with room all goes on by itself.
 * Root mounts a small file system for it; for others, a limit on the size of the database's files (setrlimit(2), RLIMIT_FSIZE)
 * stands in for the end of the disk.
 */
@Tag("e2e")
@Timeout(180)
class DiskFullTest {
    private static final boolean ROOT = System.getProperty("user.name", "").equals("root");
    /** Room for the programs, the database and its log of writes. */
    private static final String SIZE = "size=512m";

    @TempDir
    Path directory;

    private Path disk;
    private int count;

    @BeforeEach
    void mount() throws IOException, InterruptedException {
        disk = Files.createDirectory(directory.resolve("disk"));
        if (ROOT) {
            run("mount", "-t", "tmpfs", "-o", SIZE, "tmpfs", disk.toString());
        }
    }

    @AfterEach
    void unmount() throws IOException, InterruptedException {
        if (ROOT) {
            run("umount", disk.toString());
        }
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError(String.join(" ", command) + ": " + said);
        }
    }

    private Answer write(StartedServer server, Set<String> acknowledged) throws IOException, InterruptedException {
        String name = "waiver-" + ++count;
        Answer answer = server.post(
                "/api/v1/waivers",
                "{\"issue\": \"" + name + "\", \"owner\": \"eva\", \"reason\": \"" + "long ".repeat(390)
                        + "\", \"expires\": \"" + LocalDate.now(ZoneOffset.UTC).plusDays(9) + "\"}");
        if (answer.status() == 201) {
            acknowledged.add(name);
        }
        return answer;
    }

    @Test
    void writesAreRefusedUntilThereIsRoomAndNothingIsLost() throws IOException, InterruptedException {
        Set<String> acknowledged = new HashSet<>();
        ServerSetup setup = ServerSetup.in(directory)
                .data(disk.resolve("data"))
                .environment("PANOPTES_LIMITS_REQUESTS_PER_SECOND", "0");
        try (StartedServer server = setup.start()) {
            for (int i = 0; i < 20; i++) {
                assertThat(write(server, acknowledged).status()).isEqualTo(201);
            }
            fill(server);
            Answer refused = write(server, acknowledged);
            for (int i = 0; i < 20_000 && refused.status() == 201; i++) {
                refused = write(server, acknowledged);
            }
            assertThat(refused.status()).as(refused.body()).isEqualTo(503);
            assertThat(refused.code()).isIn("resource_error", "unavailable");
            assertThat(refused.header("Retry-After")).isNotNull();
            assertThat(refused.body()).doesNotContain("pg_").doesNotContain(directory.toString());
            System.getLogger("disk")
                    .log(System.Logger.Level.INFO, acknowledged.size() + " writes, then " + refused.body());
            assertThat(server.call("GET", "/livez", null, Map.of()).status()).isEqualTo(200);
            for (int i = 0; i < 20; i++) {
                assertThat(write(server, acknowledged).status()).isIn(201, 503);
            }
            assertThat(server.runs()).isTrue();

            empty(server);
            Await.until(
                    "writes get through again",
                    () -> write(server, acknowledged).status() == 201);
            assertThat(Load.all(server, "/api/v1/waivers", "issue")).containsAll(acknowledged);
            assertThat(server.stop()).isZero();
            try (StartedServer next = server.again()) {
                assertThat(Load.all(next, "/api/v1/waivers", "issue")).containsAll(acknowledged);
                assertThat(next.stop()).isZero();
            }
        }
        if (ROOT) {
            fillDisk();
            ServerSetup.Ended ended = setup.refused();
            assertThat(ended.code()).as(ended.err()).isEqualTo(3);
            assertThat(ended.err()).contains("No space left on device").doesNotContain("\tat ");
        }
    }

    private void fill(StartedServer server) throws IOException, InterruptedException {
        if (ROOT) {
            fillDisk();
        } else {
            limit(server, "65536");
        }
    }

    private void empty(StartedServer server) throws IOException, InterruptedException {
        if (ROOT) {
            Files.delete(disk.resolve("filler"));
        } else {
            limit(server, "unlimited");
        }
    }

    private void fillDisk() throws IOException {
        byte[] block = new byte[4_096];
        try (OutputStream out = Files.newOutputStream(disk.resolve("filler"))) {
            Files.setPosixFilePermissions(disk.resolve("filler"), PosixFilePermissions.fromString("rw-------"));
            for (boolean room = true; room; ) {
                room = write(out, block);
            }
        }
    }

    private static boolean write(OutputStream out, byte[] block) {
        try {
            out.write(block);
            return true;
        } catch (IOException e) {
            // That is what it is for: there is no room for one block more.
            return false;
        }
    }

    /** A soft limit, so that it can be lifted again. */
    private static void limit(StartedServer server, String bytes) throws IOException, InterruptedException {
        ProcessHandle postmaster = server.postgres().orElseThrow();
        run("prlimit", "--pid", Long.toString(postmaster.pid()), "--fsize=" + bytes + ":");
        for (ProcessHandle child : postmaster.children().toList()) {
            run("prlimit", "--pid", Long.toString(child.pid()), "--fsize=" + bytes + ":");
        }
    }
}
