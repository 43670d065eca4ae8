package dev.panoptes.integrity.report;

import dev.panoptes.core.issue.Issue;
import java.time.Instant;
import java.util.List;

/** What an earlier report says of its issues. */
public final class StoredReport {
    private final String reportId;
    private final Instant completed;
    private final List<Issue> issues;
    private final LookedAt lookedAt;

    StoredReport(String reportId, Instant completed, List<Issue> issues, LookedAt lookedAt) {
        this.reportId = reportId;
        this.completed = completed;
        this.issues = List.copyOf(issues);
        this.lookedAt = lookedAt;
    }

    public String reportId() {
        return reportId;
    }

    /** When that scan ended. */
    public Instant completed() {
        return completed;
    }

    /** The waived ones among them. */
    public List<Issue> issues() {
        return issues;
    }

    /** Whether that scan judged what this issue of another report is about. */
    public boolean judged(Issue issue) {
        return lookedAt.judged(issue);
    }
}
