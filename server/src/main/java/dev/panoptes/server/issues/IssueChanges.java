package dev.panoptes.server.issues;

import dev.panoptes.core.issue.Issue;
import java.time.Instant;
import java.util.List;

/**
 * What a report, or the end of a waiver, changed about issues. The issues bear their new state and when they were first
 * seen; those that are resolved are as they were last seen, without evidence.
 *
 * @param reportId the report's id; empty where no report but the end of a waiver changed them
 * @param at when: the end of the scan
 * @param opened never seen before, or no longer waived
 * @param regressed seen again after they were resolved
 * @param resolved judged again and not found
 * @param stillOpen how many others were open before and are open now, the waived ones not counted
 */
public record IssueChanges(
        String reportId, Instant at, List<Issue> opened, List<Issue> regressed, List<Issue> resolved, int stillOpen) {
    public IssueChanges {
        opened = List.copyOf(opened);
        regressed = List.copyOf(regressed);
        resolved = List.copyOf(resolved);
    }

    /** True where every issue is as it was before. */
    public boolean isEmpty() {
        return opened.isEmpty() && regressed.isEmpty() && resolved.isEmpty();
    }
}
