package dev.panoptes.integrity.judging;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.judging.CheckRuns.Ending;
import dev.panoptes.integrity.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Runs checks over one {@link World}: all of them, each with its own deadline, none stopped by another's failure. */
public final class Scanner {
    /** What a check that failed itself is reported as. */
    public static final CheckInfo SCANNER_ERROR = CheckInfo.original(
            "scanner-error", "scanner_error", Severity.HIGH, CheckGroup.REGISTRY, "a check itself failed");

    private static final Duration PER_CHECK = Duration.ofSeconds(30);

    private final List<Check> checks;
    private final Duration perCheck;
    private final Duration deadline;

    /** @param deadline for all checks together; each check also has its own of 30 seconds */
    public Scanner(List<Check> checks, Duration deadline) {
        this(checks, PER_CHECK, deadline);
    }

    /**
     * @param perCheck for each check, from its own start
     * @param deadline for all checks together
     */
    public Scanner(List<Check> checks, Duration perCheck, Duration deadline) {
        this.checks = List.copyOf(checks);
        this.perCheck = perCheck;
        this.deadline = deadline;
    }

    /**
     * The results of every check, in the order of the checks. A check that threw or was too late gives one
     * {@link #SCANNER_ERROR} and one Unknown; one that could not begin in time gives one Unknown.
     *
     * @throws InterruptedException when the caller was interrupted
     */
    public List<Judged> scan(World world) throws InterruptedException {
        List<Ending> endings = new CheckRuns(checks, world, perCheck, deadline)
                .await(Runtime.getRuntime().availableProcessors());
        List<Judged> judged = new ArrayList<>();
        for (int i = 0; i < checks.size(); i++) {
            CheckInfo info = checks.get(i).info();
            switch (endings.get(i)) {
                case Ending.Done(List<CheckResult> results) -> {
                    for (CheckResult result : results) {
                        judged.add(new Judged(info, result));
                    }
                }
                case Ending.Failed(Throwable cause) -> judged.addAll(failed(info, cause.toString()));
                case Ending.TimedOut(Duration after) ->
                    judged.addAll(failed(info, "it did not end within " + after.toMillis() + " ms"));
                case Ending.NotRun() ->
                    judged.add(new Judged(
                            info,
                            new CheckResult.Unknown(info.id(), "the scan's deadline passed before the check began")));
            }
        }
        return judged;
    }

    /** A result and the check that gave it. */
    public record Judged(CheckInfo check, CheckResult result) {}

    /** Turns the failures among the results into issues with unique ids, worst first. */
    public static List<Issue> issues(List<Judged> judged, Instant now) {
        return Issues.of(judged, now);
    }

    private static List<Judged> failed(CheckInfo info, String why) {
        Judged error = new Judged(
                SCANNER_ERROR,
                Failure.of(info.id())
                        .title("The check " + info.id() + " failed")
                        .description("The check itself failed, so its subjects were not judged; the other checks ran.")
                        .affected(info.id())
                        .evidence(Evidence.of("scanner", why))
                        .recommend("Report this as a defect of Panoptes, with the evidence")
                        .fail());
        return List.of(error, new Judged(info, new CheckResult.Unknown(info.id(), "the check itself failed")));
    }
}
