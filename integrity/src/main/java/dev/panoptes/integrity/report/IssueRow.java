package dev.panoptes.integrity.report;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.issue.Waiver;
import dev.panoptes.core.registry.DeclaredHost;
import dev.panoptes.integrity.verdict.Causes.Cause;
import dev.panoptes.integrity.verdict.ScanReport;
import java.util.ArrayList;
import java.util.List;

/**
 * An issue on the page.
 *
 * @param open true where it is shown whole without a click
 * @param consequences what follows from it; empty where it is no cause
 */
public record IssueRow(Issue issue, boolean open, List<Issue> consequences) {
    /** More open rows than this are a wall of text. */
    private static final int OPEN = 12;

    public IssueRow {
        consequences = List.copyOf(consequences);
    }

    /** A name, and what there is of it. */
    public record Fact(String name, String value) {}

    /** Causes with what follows from them behind each, worst first, then what is waived; at most so many. */
    static List<IssueRow> of(ScanReport report, List<Cause> tree, int most) {
        List<IssueRow> rows = new ArrayList<>();
        for (Cause cause : tree) {
            boolean open = rows.size() < OPEN && cause.issue().severity().atLeast(Severity.HIGH);
            rows.add(new IssueRow(cause.issue(), open, cause.consequences()));
            cause.consequences().forEach(issue -> rows.add(new IssueRow(issue, false, List.of())));
            if (rows.size() >= most) {
                return rows.subList(0, most);
            }
        }
        report.issues().stream()
                .filter(Issue::waived)
                .limit(most - rows.size())
                .forEach(issue -> rows.add(new IssueRow(issue, false, List.of())));
        return rows;
    }

    /** What the filters know it by. */
    public String filter() {
        return issue.waived() ? "waived" : issue.severity().id();
    }

    /** Where a piece of evidence was seen. */
    public static String place(Evidence evidence) {
        String file = evidence.file();
        if (file == null) {
            return evidence.source();
        }
        return (evidence.line() == 0 ? file : file + ":" + evidence.line()) + " \u00b7 " + evidence.source();
    }

    public List<Fact> facts() {
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("check", issue.check()));
        String cause = issue.cause();
        if (cause != null) {
            facts.add(new Fact("follows from", cause));
        }
        if (!issue.host().equals(DeclaredHost.LOCAL)) {
            facts.add(new Fact("host", issue.host()));
        }
        Integer port = issue.port();
        if (port != null) {
            facts.add(new Fact("port", port.toString()));
        }
        if (issue.firstSeen() != null) {
            facts.add(new Fact("first seen", issue.firstSeen().toString()));
        }
        facts.add(new Fact("state", issue.state().id()));
        Waiver waiver = issue.waiver();
        if (waiver != null) {
            facts.add(new Fact("waived by", waiver.owner() + " until " + waiver.expires()));
            facts.add(new Fact("because", waiver.reason()));
        }
        return facts;
    }
}
