package dev.panoptes.integrity.evaluation;

import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.issue.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Compares issues with labels, per check. */
final class Tally {
    private final Map<String, Counts> byCheck = new TreeMap<>();
    private final List<String> mistakes = new ArrayList<>();
    private int falseCriticals;

    private static final class Counts {
        private int found;
        private int missed;
        private int falselyAccused;

        double precision() {
            return found + falselyAccused == 0 ? 1 : (double) found / (found + falselyAccused);
        }

        double recall() {
            return found + missed == 0 ? 1 : (double) found / (found + missed);
        }

        private void add(Counts other) {
            found += other.found;
            missed += other.missed;
            falselyAccused += other.falselyAccused;
        }
    }

    /** @param fleet how mistakes call it */
    void add(String fleet, List<Label> labels, List<Issue> issues) {
        for (Label label : labels) {
            if (label.optional()) {
                continue;
            }
            Counts counts = byCheck.computeIfAbsent(label.check(), check -> new Counts());
            if (issues.stream().anyMatch(issue -> matches(issue, label))) {
                counts.found++;
            } else {
                counts.missed++;
                mistakes.add(fleet + " missed " + label.check() + " " + label.names());
            }
        }
        for (Issue issue : issues) {
            if (labels.stream().noneMatch(label -> matches(issue, label))) {
                byCheck.computeIfAbsent(issue.check(), check -> new Counts()).falselyAccused++;
                falseCriticals += issue.severity() == Severity.CRITICAL ? 1 : 0;
                mistakes.add(fleet + " falsely says " + issue.check() + " " + issue.affected() + ": "
                        + issue.description() + " " + issue.evidence());
            }
        }
    }

    private static boolean matches(Issue issue, Label label) {
        if (!issue.check().equals(label.check())) {
            return false;
        }
        return label.names().stream()
                .allMatch(name -> issue.affected().contains(name)
                        || issue.id().endsWith("-" + name)
                        || issue.id().contains("-" + name + "-")
                        || name.equals(String.valueOf(issue.port())));
    }

    double precision() {
        return total().precision();
    }

    double recall() {
        return total().recall();
    }

    /** The lower of precision and recall of each check that was labelled or accused. */
    Map<String, Double> worst() {
        Map<String, Double> worst = new TreeMap<>();
        byCheck.forEach((check, counts) -> worst.put(check, Math.min(counts.precision(), counts.recall())));
        return worst;
    }

    int falseCriticals() {
        return falseCriticals;
    }

    private Counts total() {
        Counts total = new Counts();
        byCheck.values().forEach(total::add);
        return total;
    }

    /** A table, and every mistake. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        byCheck.forEach((check, counts) -> text.append(String.format(
                Locale.ROOT,
                "%-36s found %3d  missed %3d  false %3d  precision %.2f  recall %.2f%n",
                check,
                counts.found,
                counts.missed,
                counts.falselyAccused,
                counts.precision(),
                counts.recall())));
        text.append(String.format(
                Locale.ROOT,
                "all: precision %.3f recall %.3f, false criticals %d%n",
                precision(),
                recall(),
                falseCriticals));
        mistakes.forEach(mistake -> text.append(mistake).append('\n'));
        return text.toString();
    }
}
