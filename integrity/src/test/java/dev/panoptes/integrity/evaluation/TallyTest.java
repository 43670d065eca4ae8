package dev.panoptes.integrity.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.issue.IssueState;
import dev.panoptes.core.issue.Severity;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The measure itself: that what is missed and what is falsely said lowers it. */
final class TallyTest {
    private static Issue issue(String check, Severity severity, String id, String... affected) {
        return new Issue(
                id,
                check,
                check,
                severity,
                "title",
                "description",
                List.of(affected),
                "recommendation",
                List.of(),
                "f",
                "local",
                null,
                Instant.EPOCH,
                null,
                IssueState.NEW,
                null);
    }

    @Test
    void countsWhatIsFoundMissedAndFalselySaid() {
        Tally tally = new Tally();
        tally.add(
                "f",
                List.of(
                        Label.of("duplicate-dir", "a", "b"),
                        Label.of("duplicate-dir", "c", "d"),
                        Label.of("port-conflict", "8001").open()),
                List.of(
                        issue("duplicate-dir", Severity.LOW, "duplicate-dir-a-b", "a", "b"),
                        issue("duplicate-dir", Severity.LOW, "duplicate-dir-a-c", "a", "c"),
                        issue("duplicate-dir", Severity.LOW, "duplicate-dir-a-e", "a", "e"),
                        issue("port-conflict", Severity.CRITICAL, "port-conflict-8001", "x")));

        assertThat(tally.precision()).isCloseTo(1.0 / 3, within(1e-9));
        assertThat(tally.recall()).isEqualTo(0.5);
        assertThat(tally.worst()).containsOnlyKeys("duplicate-dir");
        assertThat(tally.falseCriticals()).isZero();
        assertThat(tally.toString())
                .contains("f missed duplicate-dir [c, d]")
                .contains("falsely says duplicate-dir [a, c]");
    }

    @Test
    void aCriticalThatNobodyPlantedIsCountedApart() {
        Tally tally = new Tally();
        tally.add("f", List.of(), List.of(issue("port-conflict", Severity.CRITICAL, "port-conflict-8001", "x")));

        assertThat(tally.falseCriticals()).isEqualTo(1);
        assertThat(tally.worst()).containsEntry("port-conflict", 0.0);
    }
}
