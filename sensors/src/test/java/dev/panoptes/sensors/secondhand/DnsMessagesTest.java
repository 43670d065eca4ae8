package dev.panoptes.sensors.secondhand;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.sensors.Settings;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code dns/expected.txt}: what the messages of the captures beside it say, and how many of them are broken. */
class DnsMessagesTest {
    @TempDir
    Path folder;

    @Test
    void messagesAreReadAsExpected() throws IOException, InterruptedException {
        Captures captures = new Captures("dns", "dns", folder, Settings.none());

        assertThat(captures.compare()).isEmpty();
        assertThat(captures.samples()).isEqualTo(83);
    }
}
