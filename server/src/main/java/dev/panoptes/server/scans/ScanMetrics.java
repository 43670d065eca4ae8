package dev.panoptes.server.scans;

import dev.panoptes.server.health.Exposition;
import dev.panoptes.server.health.MetricSource;
import java.time.Duration;
import java.util.Map;

/** The last scan of any replica in figures. Nothing before the first one. */
public final class ScanMetrics implements MetricSource {
    private static final String CHECKS = "panoptes_checks";
    private static final String ISSUES = "panoptes_issues";

    private final ScanService scans;

    public ScanMetrics(ScanService scans) {
        this.scans = scans;
    }

    @Override
    public void write(Exposition out) {
        scans.latest().map(StoredScan::summary).ifPresent(scan -> write(out, scan));
    }

    private static void write(Exposition out, ScanSummary scan) {
        out.gauge(
                "panoptes_scan_completed_time_seconds",
                "When the last scan ended, in seconds since 1970.",
                scan.completedAt().toEpochMilli() / 1e3);
        out.gauge(
                "panoptes_scan_duration_seconds",
                "How long the last scan took.",
                Duration.between(scan.startedAt(), scan.completedAt()).toMillis() / 1e3);
        out.metric(CHECKS, "gauge", "Subjects of the last scan, by what came of them.")
                .value(CHECKS, Map.of("result", "passed"), scan.passedChecks())
                .value(CHECKS, Map.of("result", "failed"), scan.failedChecks())
                .value(CHECKS, Map.of("result", "unknown"), scan.unknownChecks());
        out.metric(ISSUES, "gauge", "Issues of the last scan that are not waived, by severity.")
                .value(ISSUES, Map.of("severity", "critical"), scan.critical())
                .value(ISSUES, Map.of("severity", "high"), scan.high())
                .value(
                        ISSUES,
                        Map.of("severity", "lower"),
                        (double) scan.totalIssues() - scan.critical() - scan.high());
        Double score = scan.healthScore();
        if (score != null) {
            out.gauge("panoptes_health_score", "Passed among those judged, in percent.", score);
        }
        out.gauge("panoptes_coverage", "Judged among all subjects, in percent.", scan.coverage());
        out.gauge("panoptes_registered_agents", "Agents in the registry of the last scan.", scan.agents());
    }
}
