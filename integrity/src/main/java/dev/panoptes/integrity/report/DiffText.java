package dev.panoptes.integrity.report;

import dev.panoptes.core.issue.Issue;
import dev.panoptes.integrity.verdict.ReportDiff;
import java.util.List;

/** What changed between two reports, for people: new issues in full, the others by name. */
public final class DiffText {
    private final TextPaint paint;
    private final IssueText issueText;

    public DiffText(TextStyle style) {
        this.paint = new TextPaint(style);
        this.issueText = new IssueText(style);
    }

    public String write(ReportDiff diff) {
        StringBuilder text = new StringBuilder(1024);
        if (!diff.added().isEmpty()) {
            section(text, "+", "NEW", diff.added());
            for (Issue issue : diff.added()) {
                text.append('\n');
                issueText.lines(issue).forEach(line -> text.append(line).append('\n'));
            }
            text.append('\n');
        }
        if (!diff.resolved().isEmpty()) {
            section(text, "-", "RESOLVED", diff.resolved());
            names(text, diff.resolved());
            text.append('\n');
        }
        if (!diff.unchanged().isEmpty()) {
            section(text, "=", "UNCHANGED", diff.unchanged());
            names(text, diff.unchanged());
            text.append('\n');
        }
        if (!diff.notLookedAt().isEmpty()) {
            section(text, "?", "NOT LOOKED AT", diff.notLookedAt());
            names(text, diff.notLookedAt());
            text.append('\n');
        }
        return text.append(diff.added().size())
                .append(" new, ")
                .append(diff.resolved().size())
                .append(" resolved, ")
                .append(diff.unchanged().size())
                .append(" unchanged")
                .append(
                        diff.notLookedAt().isEmpty()
                                ? ""
                                : ", " + diff.notLookedAt().size() + " not looked at")
                .append('\n')
                .toString();
    }

    private void section(StringBuilder text, String sign, String name, List<Issue> issues) {
        String head = sign + " " + name + " " + issues.size();
        text.append(paint.bold(head))
                .append(' ')
                .append(paint.dim(paint.rule(paint.columns() - TextPaint.width(head) - 1)))
                .append('\n');
    }

    private void names(StringBuilder text, List<Issue> issues) {
        for (Issue issue : issues) {
            text.append("  ")
                    .append(paint.severity(
                            issue.severity(), TextPaint.padded(issue.severity().id(), 9)))
                    .append(paint.link(TextPaint.clean(issue.id())))
                    .append(issue.waived() ? paint.dim("  waived") : "")
                    .append('\n');
        }
    }
}
