package dev.panoptes.integrity.verdict;

import dev.panoptes.core.issue.Issue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What changed between two reports. An issue is the same where its fingerprint is.
 *
 * @param added in the later report only
 * @param resolved in the earlier report only, and the later one judged what they are about
 * @param unchanged in both, as the later tells them
 * @param notLookedAt in the earlier report only, and the later one did not judge what they are about
 */
public record ReportDiff(List<Issue> added, List<Issue> resolved, List<Issue> unchanged, List<Issue> notLookedAt) {
    public ReportDiff {
        added = List.copyOf(added);
        resolved = List.copyOf(resolved);
        unchanged = List.copyOf(unchanged);
        notLookedAt = List.copyOf(notLookedAt);
    }

    /** @param judged whether the later report judged what an issue of the earlier one is about */
    public static ReportDiff between(List<Issue> earlier, List<Issue> later, Predicate<Issue> judged) {
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
        List<Issue> notLookedAt = new ArrayList<>();
        for (Issue issue : earlier) {
            if (gone.remove(issue.fingerprint()) != null) {
                (judged.test(issue) ? resolved : notLookedAt).add(issue);
            }
        }
        return new ReportDiff(added, resolved, unchanged, notLookedAt);
    }
}
