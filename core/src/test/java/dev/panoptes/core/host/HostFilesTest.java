package dev.panoptes.core.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A captured tree is foreign: nothing in it leads out of it, and nothing in it blocks. */
class HostFilesTest {
    @TempDir
    Path outside;

    private Path root;
    private HostFiles files;

    @BeforeEach
    void tree() throws IOException {
        root = Files.createDirectories(outside.resolve("captured"));
        Files.createDirectories(root.resolve("etc"));
        Files.createDirectories(root.resolve("opt/real"));
        Files.writeString(outside.resolve("secret"), "outside");
        Files.writeString(root.resolve("etc/name"), "inside");
        files = new HostFiles(root);
    }

    private void link(String at, String target) throws IOException {
        Files.createSymbolicLink(root.resolve(at), Path.of(target));
    }

    @Test
    void linksAreFollowedAsTheCapturedHostWould() throws IOException {
        link("absolute", "/etc/name");
        link("opt/relative", "../etc/name");
        link("etc/up", "../../../../etc/name");
        link("opt/dir", "/etc");

        assertThat(files.readText("/absolute", 100)).isEqualTo("inside");
        assertThat(files.readText("/opt/relative", 100)).isEqualTo("inside");
        assertThat(files.readText("/etc/up", 100)).isEqualTo("inside");
        assertThat(files.readText("/opt/dir/name", 100)).isEqualTo("inside");
        assertThat(files.real("/opt/dir/name")).isEqualTo("/etc/name");
    }

    @Test
    void noLinkLeadsOut() throws IOException {
        link("out", "../secret");
        link("far", outside.resolve("secret").toString());

        assertThat(files.isFile("/out")).isFalse();
        assertThat(files.isFile("/far")).isFalse();
        assertThat(files.isFile("/../secret")).isFalse();
        assertThat(files.real("/far")).isNull();
    }

    @Test
    void aLoopOfLinksEnds() throws IOException {
        link("a", "/b");
        link("b", "/a");

        assertThatThrownBy(() -> files.readText("/a", 100)).isInstanceOf(IOException.class);
        assertThat(files.isFile("/a")).isFalse();
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aFifoIsNotOpened() throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("mkfifo", root.resolve("etc/fifo").toString())
                        .start()
                        .waitFor())
                .isZero();

        assertThatThrownBy(() -> files.read("/etc/fifo", 10)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void noMoreIsReadThanAllowed() throws IOException {
        Files.writeString(root.resolve("etc/big"), "x".repeat(1_000));

        assertThat(files.read("/etc/big", 10)).hasSize(10);
    }

    @Test
    void aLinksTextIsReadWithoutFollowingIt() throws IOException {
        link("etc/socket", "socket:[123]");

        assertThat(files.readLink("/etc/socket")).isEqualTo("socket:[123]");
        assertThat(files.list("/etc")).containsExactlyInAnyOrder("name", "socket");
    }

    @Test
    void aNameThatIsNoPathHereIsNoFile() {
        assertThat(files.isFile("/etc/\0")).isFalse();
    }

    @Test
    void unitsThatRunOrAreChangedGiveAnotherNumber() throws IOException {
        Path running = Files.createDirectories(root.resolve("sys/fs/cgroup/system.slice/a.service"));
        Path unit = Files.createDirectories(root.resolve("etc/systemd/system")).resolve("a.service");
        Files.writeString(unit, "[Service]");
        link("etc/systemd/system/gone.service", "/nowhere");
        Host host = new Host(root);
        int before = host.unitsDigest();
        assertThat(new Host(root).unitsDigest()).isEqualTo(before);

        Files.setLastModifiedTime(unit, java.nio.file.attribute.FileTime.fromMillis(1_000));
        int changed = host.unitsDigest();
        Files.delete(running);
        assertThat(before).isNotEqualTo(changed);
        assertThat(host.unitsDigest()).isNotEqualTo(changed);
    }
}
