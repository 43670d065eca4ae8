package dev.panoptes.integrity;

import dev.panoptes.core.issue.Issue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What changed between two reports. An issue is the same where its fingerprint is.
 *
 * @param added in the later report only
 * @param resolved in the earlier report only
 * @param unchanged in both, as the later tells them
 */
public record ReportDiff(List<Issue> added, List<Issue> resolved, List<Issue> unchanged) {
    public ReportDiff {
        added = List.copyOf(added);
        resolved = List.copyOf(resolved);
        unchanged = List.copyOf(unchanged);
    }

    public static ReportDiff between(List<Issue> earlier, List<Issue> later) {
        Map<String, Issue> gone = new HashMap<>();
        for (Issue issue : earlier) {
            gone.put(issue.fingerprint(), issue);
        }
        List<Issue> added = new ArrayList<>();
        List<Issue> unchanged = new ArrayList<>();
        for (Issue issue : later) {
            (gone.remove(issue.fingerprint()) == null ? added : unchanged).add(issue);
        }
        List<Issue> resolved = new ArrayList<>();
        for (Issue issue : earlier) {
            if (gone.containsKey(issue.fingerprint())) {
                resolved.add(issue);
            }
        }
        return new ReportDiff(added, resolved, unchanged);
    }
}
