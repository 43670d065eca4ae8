package dev.panoptes.sensors.secondhand;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.sensors.Settings;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code flow/expected.txt}: the flows of exports in the captures beside it, what is broken and what is missing. */
class FlowExportsTest {
    @TempDir
    Path folder;

    @Test
    void flowsAreReadAsExpected() throws IOException, InterruptedException {
        Captures captures = new Captures("flow", "flow", folder, Settings.none());

        assertThat(captures.compare()).isEmpty();
        assertThat(captures.samples()).isEqualTo(34);
    }
}
