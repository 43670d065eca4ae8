package dev.panoptes.integrity.checks;

import dev.panoptes.core.registry.DeclaredHost;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.List;

/** Runs a check and puts its results into one line each, sorted. */
final class Verdicts {
    private Verdicts() {}

    /**
     * {@code fail SUBJECT [affected, ...]}, with {@code @host} after the subject of another host than the scanned one;
     * {@code pass SUBJECT}; {@code unknown SUBJECT: reason}.
     */
    static List<String> of(Check check, World world) throws InterruptedException {
        return check.run(world).stream()
                .map(result -> switch (result) {
                    case CheckResult.Pass(String subject) -> "pass " + subject;
                    case CheckResult.Fail(Failure failure) ->
                        "fail " + failure.subject()
                                + (failure.host().equals(DeclaredHost.LOCAL) ? "" : "@" + failure.host()) + " "
                                + failure.affected();
                    case CheckResult.Unknown(String subject, String reason) -> "unknown " + subject + ": " + reason;
                })
                .sorted()
                .toList();
    }

    /** The failure about this subject. */
    static Failure failure(Check check, World world, String subject) throws InterruptedException {
        for (CheckResult result : check.run(world)) {
            if (result instanceof CheckResult.Fail(Failure failure)
                    && failure.subject().equals(subject)) {
                return failure;
            }
        }
        throw new AssertionError("no failure about " + subject + " among " + of(check, world));
    }
}
