package dev.panoptes.server.scans;

import java.util.List;

/**
 * A scan with what is served of it.
 *
 * @param topIssues the ten worst that are not waived
 * @param report JSON, gzip
 */
record StoredScan(ScanSummary summary, List<ReportedIssue> topIssues, byte[] report) {
    StoredScan {
        topIssues = List.copyOf(topIssues);
    }
}
