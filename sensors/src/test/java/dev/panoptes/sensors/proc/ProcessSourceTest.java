package dev.panoptes.sensors.proc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.host.HostFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessSourceTest {
    private static final String STAT =
            "7 (a (b) c) S 1 7 7 0 -1 4194560 1 0 0 0 3 4 0 0 20 0 1 0 500 10000 25 18446744073709551615";

    @TempDir
    Path root;

    private ProcessImage read(String stat, String commandLine) throws IOException {
        Path process = Files.createDirectories(root.resolve("proc/7"));
        Files.writeString(process.resolve("stat"), stat);
        Files.writeString(process.resolve("status"), "Name:\ta\nUid:\t1000\t0\t0\t0\nCapEff:\t0000000000000400\n");
        Files.writeString(process.resolve("cmdline"), commandLine);
        return Objects.requireNonNull(new ProcessSource(new HostFiles(root)).read(7));
    }

    @Test
    void readsWhatIsThere() throws IOException {
        ProcessImage image = read(STAT, "prog\0\0-x\0");

        assertThat(image.name()).isEqualTo("a (b) c");
        assertThat(image.arguments()).containsExactly("prog", "", "-x");
        assertThat(image.uid()).isZero();
        assertThat(image.startTicks()).isEqualTo(500);
        assertThat(image.executable()).isNull();
    }

    @Test
    void secretsOnCommandLinesDoNotLeaveTheHost() throws IOException {
        assertThat(read(STAT, "curl\0-u\0me:hunter2\0--token\0abcdef\0https://a:b@h/?api_key=zzz\0")
                        .arguments())
                .containsExactly("curl", "-u", "me:***", "--token", "***", "https://***@h/?api_key=***");
    }

    @Test
    void whatCannotBeReadIsNoProcess() throws IOException {
        assertThat(new ProcessSource(new HostFiles(root)).read(8)).isNull();
        Path process = Files.createDirectories(root.resolve("proc/9"));
        Files.writeString(process.resolve("stat"), "9 (cut");
        assertThat(new ProcessSource(new HostFiles(root)).read(9)).isNull();
    }
}
