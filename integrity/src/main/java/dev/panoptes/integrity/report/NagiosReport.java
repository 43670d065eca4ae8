package dev.panoptes.integrity.report;

import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.verdict.ScanReport;
import dev.panoptes.integrity.verdict.Verdict;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;

/** One line for Nagios, Icinga and the like: the state, the worst issues, performance data. */
final class NagiosReport implements ReportWriter {
    private static final int ISSUES = 4;

    @Override
    public void write(ScanReport report, Verdict verdict, Writer out) throws IOException {
        NagiosStatus status = NagiosStatus.of(report, verdict);
        String said = switch (status) {
            case OK -> report.score().passed() + " checked, all as declared";
            case WARNING, CRITICAL -> report.registry().readable() ? issues(report) : verdict.reason();
            case UNKNOWN -> verdict.reason();
        };
        out.write("PANOPTES " + status + " - " + plain(said) + " | " + performance(report) + "\n");
    }

    private static String issues(ScanReport report) {
        List<String> ids = new ArrayList<>();
        for (Issue issue : report.issues()) {
            if (!issue.waived()) {
                ids.add(issue.id());
            }
        }
        int more = ids.size() - ISSUES;
        String shown = String.join(", ", ids.subList(0, Math.min(ISSUES, ids.size())));
        return Headline.counts(report) + ": " + shown + (more > 0 ? " and " + more + " more" : "");
    }

    private static String performance(ScanReport report) {
        StringBuilder data = new StringBuilder()
                .append("score=")
                .append(report.score().judged() ? report.score().health() + "%" : "U")
                .append(";;;0;100 coverage=")
                .append(report.score().coverage())
                .append("%;;;0;100");
        report.summary()
                .forEach((severity, count) -> data.append(' ')
                        .append(severity.id())
                        .append('=')
                        .append(count)
                        .append(severity == Severity.CRITICAL ? ";;0;0" : ";;;0"));
        return data.append(" unknown=")
                .append(report.score().unknown())
                .append(";;;0 waived=")
                .append(report.waivedIssues())
                .append(";;;0 time=")
                .append(report.duration().toMillis() / 1000.0)
                .append("s;;;0")
                .toString();
    }

    /** A bar would begin the performance data, a line end further output. */
    private static String plain(String text) {
        return TextPaint.clean(text).replace('|', '/');
    }
}
