package dev.panoptes.sensors.fileintegrity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.panoptes.core.host.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WriterSourceTest {
    @TempDir
    Path directory;

    @Test
    void tellsWhoWroteAndNotWhatThisProcessWrites() throws IOException, InterruptedException {
        if (Host.live().observerUid().orElse(-1) != 0) {
            assertThatThrownBy(WriterSource::new).isInstanceOf(IOException.class);
            return;
        }
        Path real = directory.toRealPath();
        Path file = real.resolve("written");
        Path own = real.resolve("own");
        try (WriterSource writers = new WriterSource()) {
            writers.add(real);
            Files.writeString(own, "x");
            Process shell = new ProcessBuilder("sh", "-c", "echo x > \"$1\"; read line", "sh", file.toString()).start();
            try {
                WriterSource.Writer writer = null;
                long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
                while (writer == null && System.nanoTime() < end) {
                    writer = writers.take(file.toString());
                    TimeUnit.MILLISECONDS.sleep(5);
                }
                assertThat(writer).isNotNull();
                assertThat(writer.pid()).isEqualTo((int) shell.pid());
                assertThat(writer.name()).isEqualTo("sh");
                assertThat(writer.uid()).isZero();
                assertThat(writer.executable()).startsWith("/");
                assertThat(writers.take(file.toString())).as("told once").isNull();
                assertThat(writers.take(own.toString())).isNull();
            } finally {
                shell.destroyForcibly();
                assertThat(shell.waitFor(20, TimeUnit.SECONDS)).isTrue();
            }
        }
    }
}
