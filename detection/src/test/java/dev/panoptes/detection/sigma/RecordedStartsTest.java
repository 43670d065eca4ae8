package dev.panoptes.detection.sigma;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.event.Event;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A sample of what really ran while machines were installed, audited and built on; docs/detection-quality.md tells of the whole. */
class RecordedStartsTest {
    private final RuleSet rules = RuleSet.of(OwnRules.read());

    @Test
    void noRecordedProcessStartIsAccused() throws IOException {
        List<Event> events = ListedProcesses.ordinary("recorded_starts.txt");
        assertThat(events).hasSizeGreaterThan(4_500);
        assertThat(ListedProcesses.accused(rules, events)).isEmpty();
    }
}
