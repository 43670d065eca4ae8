package dev.panoptes.integrity.verdict;

import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.issue.IssueState;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What an earlier report knows about the issues of a later one: when they were first seen, and how far they were handled. */
public final class Baseline {
    /** No earlier report: every issue is new. */
    public static final Baseline NONE = new Baseline(List.of());

    private final Map<String, Issue> earlier = new HashMap<>();

    /** @param issues of the earlier report */
    public Baseline(List<Issue> issues) {
        for (Issue issue : issues) {
            earlier.put(issue.fingerprint(), issue);
        }
    }

    public List<Issue> apply(List<Issue> issues) {
        return issues.stream().map(this::known).toList();
    }

    private Issue known(Issue issue) {
        Issue before = earlier.get(issue.fingerprint());
        if (before == null) {
            return issue;
        }
        Instant firstSeen = before.firstSeen() == null ? before.detectedAt() : before.firstSeen();
        return issue.knownSince(firstSeen, state(before.state()));
    }

    /** A resolved issue that is back has regressed; a waiver holds only where the present scan says so. */
    private static IssueState state(IssueState before) {
        return switch (before) {
            case NEW, WAIVED -> IssueState.NEW;
            case ACKNOWLEDGED -> IssueState.ACKNOWLEDGED;
            case FIXING -> IssueState.FIXING;
            case RESOLVED, REGRESSED -> IssueState.REGRESSED;
        };
    }
}
