package dev.panoptes.server.issues;

import dev.panoptes.core.issue.IssueState;
import dev.panoptes.core.issue.Severity;
import org.jspecify.annotations.Nullable;

/** What becomes of an issue's state. Only a scan resolves, and only a scan brings back. */
final class IssueLife {
    private IssueLife() {}

    /**
     * The state of an issue that a scan found.
     *
     * @param before null where it was never seen
     * @param waived whether a waiver in force accepts it
     */
    static IssueState seen(@Nullable IssueState before, boolean waived) {
        if (waived) {
            return IssueState.WAIVED;
        }
        return switch (before) {
            case null -> IssueState.NEW;
            // A waiver that ended leaves an issue that nobody has looked at since.
            case NEW, WAIVED -> IssueState.NEW;
            case ACKNOWLEDGED -> IssueState.ACKNOWLEDGED;
            case FIXING -> IssueState.FIXING;
            case RESOLVED, REGRESSED -> IssueState.REGRESSED;
        };
    }

    /** Whether a person may take up an issue that is in this state, by acknowledging it or saying that it is being fixed. */
    static boolean acceptsManualChange(IssueState before) {
        return switch (before) {
            case NEW, ACKNOWLEDGED, FIXING, REGRESSED -> true;
            case RESOLVED, WAIVED -> false;
        };
    }

    static IssueState of(String id) {
        for (IssueState state : IssueState.values()) {
            if (state.id().equals(id)) {
                return state;
            }
        }
        throw new IllegalStateException("unknown state of an issue: " + id);
    }

    static Severity severity(String id) {
        return Severity.of(id).orElseThrow(() -> new IllegalStateException("unknown severity of an issue: " + id));
    }
}
