package dev.panoptes.integrity.verdict;

import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.verdict.ScanReport.UnknownSubject;
import dev.panoptes.integrity.verdict.Verdict.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What makes a scan fail.
 *
 * @param failOn issues at least this bad fail it
 * @param allowedUnknown groups that may stay unjudged without making the scan incomplete
 */
public record Policy(Severity failOn, Set<CheckGroup> allowedUnknown) {
    /** Fails on high, accepts no gap. */
    public static final Policy STRICT = new Policy(Severity.HIGH, Set.of());

    private static final int REASONS_IN_LINE = 2;

    public Policy {
        allowedUnknown = Set.copyOf(allowedUnknown);
    }

    public Verdict judge(ScanReport report) {
        List<UnknownSubject> open = new ArrayList<>();
        for (UnknownSubject unknown : report.unknowns()) {
            if (!allowedUnknown.contains(unknown.group())) {
                open.add(unknown);
            }
        }
        Issue worst = worst(report);
        if (!report.registry().readable()) {
            return new Verdict(
                    Outcome.FAILED,
                    failOn,
                    "the registry " + report.registry().path()
                            + " cannot be parsed. Fix it: panoptes validate "
                            + report.registry().path());
        }
        if (worst != null) {
            return new Verdict(Outcome.FAILED, failOn, failed(report, worst));
        }
        if (!open.isEmpty()) {
            return new Verdict(Outcome.INCOMPLETE, failOn, incomplete(open));
        }
        if (report.score().total() == 0 && report.waivedIssues() == 0) {
            return new Verdict(
                    Outcome.NOTHING,
                    failOn,
                    "nothing was judged: no selected check applies to what was read. See --only and --skip, and what is"
                            + " read: --registry, --agents-path, --root");
        }
        return new Verdict(Outcome.PASSED, failOn, passed(report));
    }

    /** The first of the worst issues that count and reach the limit; null where none does. */
    private @Nullable Issue worst(ScanReport report) {
        Issue worst = null;
        for (Issue issue : report.issues()) {
            if (!issue.waived()
                    && issue.severity().atLeast(failOn)
                    && (worst == null || issue.severity().compareTo(worst.severity()) < 0)) {
                worst = issue;
            }
        }
        return worst;
    }

    private String failed(ScanReport report, Issue first) {
        List<String> counts = new ArrayList<>();
        int total = 0;
        for (Severity severity : Severity.values()) {
            int count = report.summary().getOrDefault(severity, 0);
            if (severity.atLeast(failOn) && count > 0) {
                counts.add(count + " " + severity.id());
                total += count;
            }
        }
        return String.join(", ", counts) + (total == 1 ? " issue" : " issues") + " at or above --fail-on " + failOn.id()
                + ". Begin with: panoptes explain " + first.id();
    }

    private static String incomplete(List<UnknownSubject> open) {
        return open.size() + " unknown: " + reasons(open) + ". " + advice(open) + " --allow-unknown=" + groups(open);
    }

    private String passed(ScanReport report) {
        StringBuilder line = new StringBuilder();
        int issues = report.score().failed();
        if (issues == 0) {
            line.append("everything that was judged is as declared");
        } else {
            line.append(issues)
                    .append(issues == 1 ? " issue" : " issues, all")
                    .append(" below --fail-on ")
                    .append(failOn.id());
        }
        if (!report.unknowns().isEmpty()) {
            line.append("; ")
                    .append(report.unknowns().size())
                    .append(" unknown accepted by --allow-unknown: ")
                    .append(reasons(report.unknowns()));
        }
        return line.toString();
    }

    private static String advice(List<UnknownSubject> open) {
        for (UnknownSubject unknown : open) {
            String reason = unknown.reason();
            if (reason.contains("hidden from uid") && !reason.endsWith("uid 0")) {
                return "Run with sudo, or accept with";
            }
            if (reason.endsWith("is stale")) {
                return "Take new snapshots with panoptes observe (--max-age allows older ones), or accept with";
            }
        }
        return "Give the scan what it could not see, or accept with";
    }

    private static String groups(List<UnknownSubject> open) {
        SortedSet<CheckGroup> groups = new TreeSet<>();
        open.forEach(unknown -> groups.add(unknown.group()));
        return String.join(",", groups.stream().map(CheckGroup::id).toList());
    }

    private static String reasons(List<UnknownSubject> unknowns) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        unknowns.forEach(unknown -> counts.merge(unknown.reason(), 1, Integer::sum));
        List<String> reasons = new ArrayList<>(counts.keySet());
        reasons.sort((a, b) -> Integer.compare(counts.getOrDefault(b, 0), counts.getOrDefault(a, 0)));
        String shown = String.join("; ", reasons.subList(0, Math.min(REASONS_IN_LINE, reasons.size())));
        int more = reasons.size() - REASONS_IN_LINE;
        return more > 0 ? shown + "; and " + more + " more " + (more == 1 ? "reason" : "reasons") : shown;
    }
}
