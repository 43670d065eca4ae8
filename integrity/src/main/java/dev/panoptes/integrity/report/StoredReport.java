package dev.panoptes.integrity.report;

import dev.panoptes.core.issue.Issue;
import java.time.Instant;
import java.util.List;

/**
 * What an earlier report says of its issues.
 *
 * @param completed when that scan ended
 * @param issues the waived ones among them
 */
public record StoredReport(String reportId, Instant completed, List<Issue> issues) {
    public StoredReport {
        issues = List.copyOf(issues);
    }
}
