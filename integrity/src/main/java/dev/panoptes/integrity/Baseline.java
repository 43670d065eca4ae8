package dev.panoptes.integrity;

import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.issue.IssueState;
import dev.panoptes.core.registry.Registry;
import dev.panoptes.integrity.observed.RunningCode;
import dev.panoptes.integrity.observed.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What an earlier report or snapshot knows that a later scan needs: when its issues were first seen, how far they were
 * handled, and which code ran then.
 */
public final class Baseline {
    /** No earlier report: every issue is new. */
    public static final Baseline NONE = new Baseline(List.of());

    private final Map<String, Issue> earlier = new HashMap<>();
    private final List<RunningCode> code;
    private final List<Snapshot> snapshots;

    /** @param issues of the earlier report */
    public Baseline(List<Issue> issues) {
        this(issues, List.of(), List.of());
    }

    /**
     * @param issues of an earlier report
     * @param code that an earlier report recorded
     * @param snapshots of an earlier time, from which the code that ran then can be told
     */
    public Baseline(List<Issue> issues, List<RunningCode> code, List<Snapshot> snapshots) {
        for (Issue issue : issues) {
            earlier.put(issue.fingerprint(), issue);
        }
        this.code = List.copyOf(code);
        this.snapshots = List.copyOf(snapshots);
    }

    /** What ran at that time, for the agents of this registry. */
    List<RunningCode> code(Registry registry) {
        List<RunningCode> all = new ArrayList<>(code);
        snapshots.forEach(snapshot -> all.addAll(RunningCode.of(registry, snapshot)));
        return all;
    }

    List<Issue> apply(List<Issue> issues) {
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
