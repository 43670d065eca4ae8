package dev.panoptes.integrity.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Fingerprint;
import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.issue.IssueState;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.issue.Waiver;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.verdict.ScanReport.RegistryReference;
import dev.panoptes.integrity.verdict.ScanReport.UnknownSubject;
import dev.panoptes.integrity.verdict.Verdict.Outcome;
import dev.panoptes.integrity.world.WorldBuilder;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Why a scan ends with 0, 1 or 2. */
final class PolicyTest {
    private static final List<UnknownSubject> HIDDEN = List.of(
            new UnknownSubject("listener-owner", CheckGroup.HOST, "a", "owners hidden from uid 1000"),
            new UnknownSubject("listener-owner", CheckGroup.HOST, "b", "owners hidden from uid 1000"));

    @Test
    void anIssueAtTheLimitFailsAndOneBelowDoesNot() {
        assertThat(outcome(Policy.STRICT, List.of(issue(Severity.HIGH)), List.of()))
                .isEqualTo(Outcome.FAILED);
        assertThat(outcome(Policy.STRICT, List.of(issue(Severity.MEDIUM)), List.of()))
                .isEqualTo(Outcome.PASSED);
        assertThat(outcome(new Policy(Severity.MEDIUM, Set.of()), List.of(issue(Severity.MEDIUM)), List.of()))
                .isEqualTo(Outcome.FAILED);
    }

    @Test
    void aWaivedIssueDoesNotFail() {
        Issue waived = issue(Severity.CRITICAL).waivedBy(new Waiver("x", "ops", "later", LocalDate.MAX));

        assertThat(outcome(Policy.STRICT, List.of(waived), List.of())).isEqualTo(Outcome.PASSED);
    }

    @Test
    void anUnknownIsIncompleteUnlessItsGroupIsAllowed() {
        assertThat(outcome(Policy.STRICT, List.of(), HIDDEN)).isEqualTo(Outcome.INCOMPLETE);
        assertThat(outcome(new Policy(Severity.HIGH, Set.of(CheckGroup.CODE)), List.of(), HIDDEN))
                .isEqualTo(Outcome.INCOMPLETE);
        assertThat(outcome(new Policy(Severity.HIGH, Set.of(CheckGroup.HOST)), List.of(), HIDDEN))
                .isEqualTo(Outcome.PASSED);
    }

    @Test
    void aFailureIsWorseThanAGapAndAGapWorseThanIssuesBelowTheLimit() {
        assertThat(outcome(Policy.STRICT, List.of(issue(Severity.HIGH)), HIDDEN))
                .isEqualTo(Outcome.FAILED);
        assertThat(outcome(Policy.STRICT, List.of(issue(Severity.LOW)), HIDDEN)).isEqualTo(Outcome.INCOMPLETE);
    }

    @Test
    void aRegistryThatCannotBeReadFailsWhateverTheLimit() {
        ScanReport report = report(List.of(), List.of(), false);

        assertThat(new Policy(Severity.CRITICAL, Set.of()).judge(report).outcome())
                .isEqualTo(Outcome.FAILED);
    }

    @Test
    void whereNothingWasJudgedNothingIsSaid() {
        ScanReport nothing = new ScanReport(
                "00000000",
                WorldBuilder.NOW,
                WorldBuilder.NOW,
                new Score(0, 0, 0),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                new RegistryReference("r.yaml", null, null, null, null, 0, true),
                List.of(),
                List.of(),
                List.of());
        assertThat(Policy.STRICT.judge(nothing).outcome()).isEqualTo(Outcome.NOTHING);
        assertThat(Policy.STRICT.judge(nothing).reason())
                .isEqualTo("nothing was judged: no selected check applies to what was read. See --only and --skip, and"
                        + " what is read: --registry, --agents-path, --root");
    }

    @Test
    void theReasonOfAGapSaysWhatToDo() {
        assertThat(Policy.STRICT.judge(report(List.of(), HIDDEN, true)).reason())
                .isEqualTo(
                        "2 unknown: owners hidden from uid 1000. Run with sudo, or accept with --allow-unknown=host");
    }

    private static Outcome outcome(Policy policy, List<Issue> issues, List<UnknownSubject> unknowns) {
        return policy.judge(report(issues, unknowns, true)).outcome();
    }

    private static ScanReport report(List<Issue> issues, List<UnknownSubject> unknowns, boolean readable) {
        int failed = (int) issues.stream().filter(issue -> !issue.waived()).count();
        return new ScanReport(
                "00000000",
                WorldBuilder.NOW,
                WorldBuilder.NOW,
                new Score(1, failed, unknowns.size()),
                List.of(),
                issues,
                unknowns,
                List.of(),
                new RegistryReference("r.yaml", null, null, null, null, 1, readable),
                List.of(),
                List.of(),
                List.of());
    }

    private static Issue issue(Severity severity) {
        return new Issue(
                "x",
                "c",
                "c",
                severity,
                "t",
                "d",
                List.of("a"),
                "r",
                List.of(Evidence.of("registry", "e")),
                Fingerprint.of("c", "local", "a"),
                "local",
                null,
                WorldBuilder.NOW,
                null,
                IssueState.NEW,
                null);
    }
}
