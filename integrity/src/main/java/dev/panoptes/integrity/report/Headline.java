package dev.panoptes.integrity.report;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.verdict.ScanReport;
import dev.panoptes.integrity.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The verdict in one sentence.
 *
 * @param mood how it is coloured
 */
record Headline(String text, Mood mood) {
    enum Mood {
        GOOD,
        CAUTION,
        BAD
    }

    static Headline of(ScanReport report, Verdict verdict) {
        if (!report.registry().readable()) {
            return new Headline("There is no registry that can be read, so nothing can be proved.", Mood.BAD);
        }
        Severity worst = report.worstSeverity();
        if (worst != null && worst.atLeast(verdict.failOn())) {
            return new Headline(
                    worst == Severity.CRITICAL
                            ? "This fleet is not what it claims to be: " + counts(report) + "."
                            : "This fleet differs from what it declares: " + counts(report) + ".",
                    Mood.BAD);
        }
        int unknown = report.score().unknown();
        if (report.score().total() == 0) {
            return new Headline("There was nothing to judge.", Mood.CAUTION);
        }
        if (!report.notLookedAt().isEmpty()) {
            return new Headline(partial(report, worst), Mood.CAUTION);
        }
        String gap = unknown == 0 ? "" : " " + unknown + " could not be judged.";
        if (worst != null) {
            return new Headline(
                    "This fleet is what it claims to be, but for " + counts(report) + "." + gap, Mood.CAUTION);
        }
        return unknown == 0
                ? new Headline("This fleet is what it claims to be.", Mood.GOOD)
                : new Headline("What could be judged is as declared." + gap, Mood.CAUTION);
    }

    /** Of a fleet that was not looked at whole nobody can say that it is what it claims to be. */
    private static String partial(ScanReport report, @Nullable Severity worst) {
        int unknown = report.score().unknown();
        return "What was looked at is as declared" + (worst == null ? "" : ", but for " + counts(report)) + "."
                + (unknown == 0 ? "" : " " + unknown + " could not be judged.")
                + " Not looked at: "
                + String.join(
                        ", ",
                        report.notLookedAt().stream()
                                .sorted()
                                .map(CheckGroup::id)
                                .toList())
                + ".";
    }

    /** {@code 3 critical, 2 high}, worst first, without zeros. */
    static String counts(ScanReport report) {
        List<String> counts = new ArrayList<>();
        report.summary().forEach((severity, count) -> {
            if (count > 0) {
                counts.add(count + " " + severity.id());
            }
        });
        return String.join(", ", counts);
    }
}
