package dev.panoptes.server.scans;

import dev.panoptes.server.health.AgentHealth;
import java.util.List;

/**
 * A scan with what is served of it.
 *
 * @param topIssues the ten worst that are not waived
 * @param report JSON, gzip
 * @param agents what was seen of each declared agent; empty for a scan from before that was kept
 */
public record StoredScan(ScanSummary summary, List<ReportedIssue> topIssues, byte[] report, List<AgentHealth> agents) {
    public StoredScan {
        topIssues = List.copyOf(topIssues);
        agents = List.copyOf(agents);
    }

    /** The report as JSON. */
    public byte[] json() {
        return ReportJson.plain(report);
    }
}
