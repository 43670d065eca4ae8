package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
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

    /** Every word of what these checks say: one line for a check, a pass and an unknown, several for a failure. */
    static String text(World world, Check... checks) throws InterruptedException {
        StringBuilder text = new StringBuilder();
        for (Check check : checks) {
            text.append(check.info().id())
                    .append(' ')
                    .append(check.info().severity())
                    .append('\n');
            check.run(world).stream()
                    .map(result -> switch (result) {
                        case CheckResult.Pass(String subject) -> "  pass " + subject + "\n";
                        case CheckResult.Unknown(String subject, String reason) ->
                            "  unknown " + subject + ": " + reason + "\n";
                        case CheckResult.Fail(Failure failure) -> text(failure);
                    })
                    .sorted()
                    .forEach(text::append);
        }
        return text.toString();
    }

    private static String text(Failure failure) {
        StringBuilder text = new StringBuilder("  fail " + failure.subject() + " on " + failure.host() + " port "
                + failure.port() + " " + failure.affected() + "\n");
        for (String line : List.of(failure.title(), failure.description(), failure.recommendation())) {
            text.append("    ").append(line).append('\n');
        }
        for (Evidence evidence : failure.evidence()) {
            text.append("    ").append(evidence.source());
            if (evidence.file() != null) {
                text.append(' ').append(evidence.file()).append(':').append(evidence.line());
            }
            text.append(' ').append(evidence.text()).append('\n');
        }
        return text.toString();
    }
}
