package dev.panoptes.server.scans;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A stored scan without its report.
 *
 * @param id grows with every scan
 * @param cause start, request, schedule or watch
 * @param totalIssues those that are not waived
 * @param healthScore passed among those judged, in percent; null where nothing was judged
 */
public record ScanSummary(
        long id,
        String reportId,
        String cause,
        Instant startedAt,
        Instant completedAt,
        int totalChecks,
        int passedChecks,
        int failedChecks,
        int unknownChecks,
        int critical,
        int high,
        int totalIssues,
        int agents,
        int chains,
        @Nullable Double healthScore,
        double coverage) {

    /** In the words of the original contract. Of what nobody could judge nothing good is said. */
    public String status() {
        if (critical > 0) {
            return "critical";
        }
        boolean blind = totalChecks > 0 && unknownChecks * 2 >= totalChecks;
        return high > 0 || blind ? "degraded" : "healthy";
    }
}
