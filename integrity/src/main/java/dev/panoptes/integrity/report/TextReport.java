package dev.panoptes.integrity.report;

import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.issue.Waiver;
import dev.panoptes.core.yaml.Problem;
import dev.panoptes.integrity.verdict.Causes;
import dev.panoptes.integrity.verdict.Causes.Cause;
import dev.panoptes.integrity.verdict.ScanReport;
import dev.panoptes.integrity.verdict.ScanReport.IdleWaiver;
import dev.panoptes.integrity.verdict.ScanReport.UnknownSubject;
import dev.panoptes.integrity.verdict.Verdict;
import java.io.IOException;
import java.io.Writer;
import java.util.List;

/** The report for people: the verdict first, then the issues worst first, last why the exit code is what it is. */
final class TextReport implements ReportWriter {
    private static final int GROUP_WIDTH = 11;
    private static final int PROBLEM_LINES = 20;
    private static final String INDENT = "  ";

    private final TextPaint paint;
    private final IssueText issueText;
    private final String whose;

    /** @param whose what the last line says before the exit code; empty where it is the program's own */
    TextReport(TextStyle style, String whose) {
        this.paint = new TextPaint(style);
        this.whose = whose;
        this.issueText = new IssueText(style);
    }

    @Override
    public void write(ScanReport report, Verdict verdict, Writer out) throws IOException {
        Lines lines = new Lines(out);
        head(report, verdict, lines);
        for (Severity severity : Severity.values()) {
            issues(report, severity, lines);
        }
        waived(report, lines);
        unknowns(report, lines);
        problems(report, lines);
        lines.blank();
        exit(verdict, lines);
    }

    private void head(ScanReport report, Verdict verdict, Lines lines) throws IOException {
        Headline headline = Headline.of(report, verdict);
        lines.blank();
        for (String shown : TextPaint.wrapped(TextPaint.clean(headline.text()), paint.columns() - 2)) {
            lines.add(INDENT
                    + switch (headline.mood()) {
                        case GOOD -> paint.good(shown);
                        case CAUTION -> paint.caution(shown);
                        case BAD -> paint.severity(Severity.CRITICAL, shown);
                    });
        }
        lines.blank();
        Severity worst = report.worstSeverity();
        lines.add(INDENT + "score "
                + paint.bold(report.score().judged() ? number(report.score().health()) : "none")
                + "   coverage " + paint.bold(number(report.score().coverage()) + " %")
                + "   worst "
                + (worst == null ? paint.bold("none") : paint.severity(worst, worst.id())));
        causes(report, lines);
        for (String text : List.of(counts(report), source(report))) {
            for (String line : TextPaint.wrapped(TextPaint.clean(text), paint.columns() - 2)) {
                lines.add(INDENT + paint.dim(line));
            }
        }
        for (String note : report.notes()) {
            for (String line : TextPaint.wrapped(TextPaint.clean(note), paint.columns() - 2)) {
                lines.add(INDENT + paint.dim(line));
            }
        }
    }

    /** Said only where an issue follows from another. */
    private void causes(ScanReport report, Lines lines) throws IOException {
        List<Issue> open =
                report.issues().stream().filter(issue -> !issue.waived()).toList();
        int causes = Causes.tree(open).size();
        if (causes < open.size()) {
            lines.add(INDENT + paint.bold(causes + (causes == 1 ? " cause, " : " causes, ") + open.size() + " issues"));
        }
    }

    private static String counts(ScanReport report) {
        StringBuilder counts = new StringBuilder()
                .append(report.score().total())
                .append(" checked: ")
                .append(report.score().passed())
                .append(" passed, ")
                .append(report.score().failed())
                .append(" failed, ")
                .append(report.score().unknown())
                .append(" unknown");
        if (report.waivedIssues() > 0) {
            counts.append("; ").append(report.waivedIssues()).append(" waived");
        }
        return counts.append(" in ")
                .append(report.duration().toMillis())
                .append(" ms")
                .toString();
    }

    private static String source(ScanReport report) {
        StringBuilder source = new StringBuilder(report.registry().path())
                .append(", ")
                .append(report.registry().agents())
                .append(report.registry().agents() == 1 ? " agent" : " agents");
        if (report.registry().profile() != null) {
            source.append(", profile ").append(report.registry().profile());
        }
        if (!report.snapshots().isEmpty()) {
            source.append(", seen: ")
                    .append(String.join(
                            ", ",
                            report.snapshots().stream()
                                    .map(ScanReport.SnapshotReference::host)
                                    .toList()));
        }
        return source.append(", report ").append(report.reportId()).toString();
    }

    private void issues(ScanReport report, Severity severity, Lines lines) throws IOException {
        List<Issue> open =
                report.issues().stream().filter(issue -> !issue.waived()).toList();
        long count = open.stream().filter(issue -> issue.severity() == severity).count();
        if (count == 0) {
            return;
        }
        String name = paint.shape(severity) + " " + severity.name() + " " + count;
        section(paint.severity(severity, name), TextPaint.width(name), lines);
        long shown = 0;
        for (Cause cause : Causes.tree(open)) {
            if (cause.issue().severity() == severity) {
                shown++;
                lines.blank();
                for (String line : issueText.lines(cause.issue())) {
                    lines.add(line);
                }
                consequences(cause.consequences(), lines);
            }
        }
        if (shown < count) {
            lines.blank();
            lines.add(INDENT
                    + paint.dim((count - shown) + (shown == 0 ? "" : " more") + ", below "
                            + (count - shown == 1 ? "its cause" : "their causes")));
        }
    }

    /** What follows from an issue, folded below it. */
    private void consequences(List<Issue> consequences, Lines lines) throws IOException {
        if (consequences.isEmpty()) {
            return;
        }
        lines.add("    " + paint.dim("From this " + (consequences.size() == 1 ? "follows" : "follow") + ":"));
        for (Issue issue : consequences) {
            String text =
                    issue.severity().id() + "  " + TextPaint.clean(issue.id()) + "  " + TextPaint.clean(issue.title());
            String margin = "      ";
            for (String line : TextPaint.wrapped(text, paint.columns() - 8)) {
                lines.add(margin + line);
                margin = "        ";
            }
        }
    }

    private void section(String painted, int width, Lines lines) throws IOException {
        lines.blank();
        lines.add(painted + " " + paint.dim(paint.rule(paint.columns() - width - 1)));
    }

    private void paragraph(String text, Lines lines) throws IOException {
        for (String line : TextPaint.wrapped(TextPaint.clean(text), paint.columns() - 4)) {
            lines.add("    " + line);
        }
    }

    private void waived(ScanReport report, Lines lines) throws IOException {
        if (report.waivedIssues() == 0 && report.waivers().isEmpty()) {
            return;
        }
        String name = paint.symbol("\u25cc", "~") + " WAIVED " + report.waivedIssues();
        section(name, TextPaint.width(name), lines);
        lines.blank();
        for (Issue issue : report.issues()) {
            Waiver waiver = issue.waiver();
            if (waiver != null) {
                lines.add(INDENT + paint.link(TextPaint.clean(issue.id())) + "  "
                        + paint.severity(issue.severity(), issue.severity().id()));
                paragraph("until " + waiver.expires() + " by " + waiver.owner() + ": " + waiver.reason(), lines);
            }
        }
        for (IdleWaiver idle : report.waivers()) {
            paragraph(idle.sentence(), lines);
        }
    }

    private void unknowns(ScanReport report, Lines lines) throws IOException {
        if (report.unknowns().isEmpty()) {
            return;
        }
        String name = "? UNKNOWN " + report.unknowns().size();
        section(paint.caution(name), TextPaint.width(name), lines);
        lines.blank();
        int room = paint.columns() - 2 - GROUP_WIDTH;
        for (FoldedUnknowns folded : FoldedUnknowns.of(report.unknowns())) {
            UnknownSubject first = folded.unknowns().getFirst();
            int count = folded.unknowns().size();
            String reason = TextPaint.clean(first.reason()) + (count == 1 ? "" : " (" + count + ")");
            String margin = INDENT + TextPaint.padded(first.group().id(), GROUP_WIDTH);
            for (String line : TextPaint.wrapped(reason, room)) {
                lines.add(margin + line);
                margin = INDENT + " ".repeat(GROUP_WIDTH);
            }
            for (String line : TextPaint.wrapped(TextPaint.clean(folded.subjects()), room)) {
                lines.add(margin + paint.dim(line));
            }
        }
    }

    private void problems(ScanReport report, Lines lines) throws IOException {
        if (report.problems().isEmpty()) {
            return;
        }
        String name =
                paint.symbol("\u00d7", "x") + " PROBLEMS " + report.problems().size();
        section(name, TextPaint.width(name), lines);
        lines.blank();
        int shown = Math.min(PROBLEM_LINES, report.problems().size());
        for (Problem problem : report.problems().subList(0, shown)) {
            List<String> wrapped = TextPaint.wrapped(TextPaint.clean(problem.text()), paint.columns() - 4);
            lines.add(INDENT + wrapped.getFirst());
            for (String line : wrapped.subList(1, wrapped.size())) {
                lines.add("    " + line);
            }
        }
        if (shown < report.problems().size()) {
            lines.add(
                    INDENT + paint.dim("and " + (report.problems().size() - shown) + " more (--format json has all)"));
        }
    }

    private void exit(Verdict verdict, Lines lines) throws IOException {
        String code = whose + "exit " + verdict.outcome().exitCode();
        String painted = switch (verdict.outcome()) {
            case PASSED -> paint.good(code);
            case FAILED -> paint.severity(Severity.CRITICAL, code);
            case INCOMPLETE -> paint.caution(code);
            case NOTHING -> paint.caution(code);
        };
        String whole = code + ": " + TextPaint.clean(verdict.reason());
        // Scripts read the last line, so it is one but where the reader's terminal is narrow.
        List<String> wrapped = TextPaint.wrapped(whole, narrow() ? paint.columns() : Integer.MAX_VALUE);
        lines.add(painted
                + wrapped.getFirst()
                        .substring(Math.min(code.length(), wrapped.getFirst().length())));
        for (String line : wrapped.subList(1, wrapped.size())) {
            lines.add(line);
        }
    }

    private boolean narrow() {
        return paint.columns() < TextStyle.PLAIN.columns();
    }

    private static String number(double value) {
        return value == 100.0 ? "100" : Double.toString(value);
    }

    /** Lines ending in {@code \n}. */
    private record Lines(Writer out) {
        void add(String line) throws IOException {
            out.write(line);
            out.write('\n');
        }

        void blank() throws IOException {
            out.write('\n');
        }
    }
}
