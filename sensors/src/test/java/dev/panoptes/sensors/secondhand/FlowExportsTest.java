package dev.panoptes.sensors.secondhand;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.sensors.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code flow/expected.txt}: the flows of exports in the captures beside it, what is broken and what is missing. */
class FlowExportsTest {
    /** What is read otherwise than expected: none is to join them, and one that is mended leaves. */
    private static final List<String> KNOWN = List.of(
            // a message whose length is not its own is to be discarded (RFC 7011, 9); its flow is told all the same
            "ipfix-broken.pcap: expected 1 events, got 2");

    @TempDir
    Path folder;

    @Test
    void flowsAreReadAsExpected() throws IOException, InterruptedException {
        Captures captures = new Captures("flow", "flow", folder, Settings.none());

        assertThat(captures.compare()).containsExactlyInAnyOrderElementsOf(KNOWN);
        assertThat(captures.samples()).isEqualTo(34);
    }
}
