package dev.panoptes.integrity;

import dev.panoptes.core.Tasks;
import dev.panoptes.core.Tasks.Outcome;
import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Fingerprint;
import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.issue.IssueState;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.registry.DeclaredHost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

/** Runs checks over one {@link World}: all of them, each with its own deadline, none stopped by another's failure. */
public final class Scanner {
    /** What a check that failed itself is reported as. */
    public static final CheckInfo SCANNER_ERROR = CheckInfo.original(
            "scanner-error", "scanner_error", Severity.HIGH, CheckGroup.REGISTRY, "a check itself failed");

    private final List<Check> checks;
    private final Duration deadline;

    /** @param deadline for all checks together */
    public Scanner(List<Check> checks, Duration deadline) {
        this.checks = List.copyOf(checks);
        this.deadline = deadline;
    }

    /** The results of every check, in the order of the checks. */
    public List<Judged> scan(World world) throws InterruptedException {
        List<Callable<List<CheckResult>>> tasks = new ArrayList<>();
        for (Check check : checks) {
            tasks.add(() -> check.run(world));
        }
        List<Outcome<List<CheckResult>>> outcomes =
                Tasks.runAll(tasks, Runtime.getRuntime().availableProcessors(), deadline);
        List<Judged> judged = new ArrayList<>();
        for (int i = 0; i < checks.size(); i++) {
            CheckInfo info = checks.get(i).info();
            switch (outcomes.get(i)) {
                case Outcome.Done<List<CheckResult>>(List<CheckResult> results) ->
                    results.forEach(result -> judged.add(new Judged(info, result)));
                case Outcome.Failed<List<CheckResult>>(Throwable cause) -> judged.add(failed(info, cause.toString()));
                case Outcome.TimedOut<List<CheckResult>>() -> judged.add(failed(info, "it did not end in time"));
            }
        }
        return judged;
    }

    /** A result and the check that gave it. */
    public record Judged(CheckInfo check, CheckResult result) {}

    /** Turns the failures among the results into issues with unique ids, worst first. */
    public static List<Issue> issues(List<Judged> judged, java.time.Instant now) {
        List<Issue> issues = new ArrayList<>();
        Map<String, Integer> seen = new HashMap<>();
        for (Judged each : judged) {
            if (each.result() instanceof CheckResult.Fail(Failure failure)) {
                issues.add(issue(each.check(), failure, now, seen));
            }
        }
        issues.sort(Comparator.comparing(Issue::severity)
                .thenComparing(Issue::check)
                .thenComparing(Issue::id));
        return issues;
    }

    private static Issue issue(CheckInfo check, Failure failure, java.time.Instant now, Map<String, Integer> seen) {
        String fingerprint = Fingerprint.of(check.id(), failure.host(), failure.subject());
        String id = id(check, failure);
        String unique = seen.merge(id, 1, Integer::sum) == 1 ? id : id + "-" + fingerprint.substring(0, 4);
        return new Issue(
                unique,
                check.id(),
                check.category(),
                check.severity(),
                failure.title(),
                failure.description(),
                failure.affected(),
                failure.recommendation(),
                failure.evidence(),
                fingerprint,
                failure.host(),
                failure.port(),
                now,
                null,
                IssueState.NEW,
                null);
    }

    private static String id(CheckInfo check, Failure failure) {
        String host = failure.host().equals(DeclaredHost.LOCAL) ? "" : "@" + failure.host();
        if (check.subjectId()) {
            return check.id() + "-" + failure.subject() + host;
        }
        String parts = check.id() + "-" + String.join("-", failure.affected());
        return parts.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-") + host;
    }

    private static Judged failed(CheckInfo info, String why) {
        return new Judged(
                SCANNER_ERROR,
                Failure.of(info.id())
                        .title("The check " + info.id() + " failed")
                        .description("The check itself failed, so its subjects were not judged; the other checks ran.")
                        .affected(info.id())
                        .evidence(Evidence.of("scanner", why))
                        .recommend("Report this as a defect of Panoptes, with the evidence")
                        .fail());
    }
}
