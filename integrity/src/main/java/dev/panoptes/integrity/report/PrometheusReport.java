package dev.panoptes.integrity.report;

import dev.panoptes.core.issue.Issue;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.verdict.ScanReport;
import dev.panoptes.integrity.verdict.ScanReport.CheckTally;
import dev.panoptes.integrity.verdict.ScanReport.UnknownSubject;
import dev.panoptes.integrity.verdict.Verdict;
import java.io.IOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The counts in the Prometheus text format 0.0.4, for a textfile collector. Base units; labels are checks, groups, hosts and
 * severities only, so that their number stays small: which agents they are is the report's business.
 */
final class PrometheusReport implements ReportWriter {
    @Override
    public void write(ScanReport report, Verdict verdict, Writer out) throws IOException {
        Metrics metrics = new Metrics(out);
        metrics.gauge("panoptes_scan_completed_timestamp_seconds", "When the last scan ended.");
        metrics.value("", report.completed().toEpochMilli() / 1000.0);
        metrics.gauge("panoptes_scan_duration_seconds", "How long the last scan took.");
        metrics.value("", report.duration().toMillis() / 1000.0);
        metrics.gauge("panoptes_scan_exit_code", "0 as declared, 1 issues at or above the limit, 2 incomplete.");
        metrics.value("", verdict.outcome().exitCode());
        metrics.gauge("panoptes_registry_readable", "1 where the registry could be read.");
        metrics.value("", report.registry().readable() ? 1 : 0);
        metrics.gauge("panoptes_registry_agents", "Agents that the registry declares.");
        metrics.value("", report.registry().agents());
        metrics.gauge("panoptes_integrity_score_ratio", "Passed among passed and failed subjects.");
        if (report.score().judged()) {
            metrics.value("", report.score().health() / 100.0);
        }
        metrics.gauge("panoptes_integrity_coverage_ratio", "Judged among all subjects.");
        metrics.value("", report.score().coverage() / 100.0);
        checks(report, metrics);
        issues(report, metrics);
        unknowns(report, metrics);
        metrics.gauge("panoptes_issues_waived", "Issues that a waiver accepts.");
        metrics.value("", report.waivedIssues());
    }

    private static void checks(ScanReport report, Metrics metrics) throws IOException {
        metrics.gauge("panoptes_check_subjects", "Subjects of a check by result; failed ones without the waived.");
        for (CheckTally tally : report.checks()) {
            String labels = label("check", tally.check().id()) + ","
                    + label("group", tally.check().group().id()) + ",";
            metrics.value(labels + label("result", "passed"), tally.passed());
            metrics.value(labels + label("result", "failed"), tally.failed());
            metrics.value(labels + label("result", "unknown"), tally.unknown());
        }
    }

    private static void issues(ScanReport report, Metrics metrics) throws IOException {
        metrics.gauge("panoptes_issues", "Issues that are not waived, by severity.");
        for (var entry : report.summary().entrySet()) {
            metrics.value(label("severity", entry.getKey().id()), entry.getValue());
        }
        metrics.gauge("panoptes_check_issues", "Issues that are not waived, by check and host; absent where none.");
        Map<String, Integer> counts = new TreeMap<>();
        for (Issue issue : report.issues()) {
            if (!issue.waived()) {
                String labels = label("check", issue.check()) + "," + label("host", issue.host()) + ","
                        + label("severity", issue.severity().id());
                counts.merge(labels, 1, Integer::sum);
            }
        }
        for (var entry : counts.entrySet()) {
            metrics.value(entry.getKey(), entry.getValue());
        }
    }

    private static void unknowns(ScanReport report, Metrics metrics) throws IOException {
        metrics.gauge("panoptes_unknown", "Subjects that could not be judged, by group.");
        Map<CheckGroup, Integer> counts = new EnumMap<>(CheckGroup.class);
        for (UnknownSubject unknown : report.unknowns()) {
            counts.merge(unknown.group(), 1, Integer::sum);
        }
        for (CheckGroup group : CheckGroup.values()) {
            metrics.value(label("group", group.id()), counts.getOrDefault(group, 0));
        }
    }

    private static String label(String name, String value) {
        return name + "=\"" + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }

    /** Writes one family after another. */
    private static final class Metrics {
        private final Writer out;
        private String name = "";

        Metrics(Writer out) {
            this.out = out;
        }

        void gauge(String family, String help) throws IOException {
            name = family;
            out.write("# HELP " + family + " " + help + "\n# TYPE " + family + " gauge\n");
        }

        void value(String labels, double value) throws IOException {
            String shown = BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
            out.write(name + (labels.isEmpty() ? "" : "{" + labels + "}") + " " + shown + "\n");
        }
    }
}
