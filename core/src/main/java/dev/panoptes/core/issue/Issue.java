package dev.panoptes.core.issue;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A failed check.
 *
 * @param id readable and stable, for example {@code port-conflict-8020}; unique in its report
 * @param affected agents by key, directories by their path below the agents path, files by their path below the root,
 *     compose services as {@code file#service}
 * @param fingerprint {@link Fingerprint}: the same issue has the same one in every scan
 * @param host {@code local}, or the host's name
 * @param port null where the issue is about no port
 * @param firstSeen null where no earlier scan is known
 * @param cause the id of the issue of the same report that this one follows from; null where it follows from none
 */
public record Issue(
        String id,
        String check,
        String category,
        Severity severity,
        String title,
        String description,
        List<String> affected,
        String recommendation,
        List<Evidence> evidence,
        String fingerprint,
        String host,
        @Nullable Integer port,
        Instant detectedAt,
        @Nullable Instant firstSeen,
        IssueState state,
        @Nullable Waiver waiver,
        @Nullable String cause) {
    public Issue {
        affected = List.copyOf(affected);
        evidence = List.copyOf(evidence);
    }

    /** An issue that follows from no other. */
    public Issue(
            String id,
            String check,
            String category,
            Severity severity,
            String title,
            String description,
            List<String> affected,
            String recommendation,
            List<Evidence> evidence,
            String fingerprint,
            String host,
            @Nullable Integer port,
            Instant detectedAt,
            @Nullable Instant firstSeen,
            IssueState state,
            @Nullable Waiver waiver) {
        this(
                id,
                check,
                category,
                severity,
                title,
                description,
                affected,
                recommendation,
                evidence,
                fingerprint,
                host,
                port,
                detectedAt,
                firstSeen,
                state,
                waiver,
                null);
    }

    /** True where a waiver in force accepts this issue: it counts for neither score nor exit code. */
    public boolean waived() {
        return waiver != null;
    }

    /** This issue as accepted by a waiver in force. */
    public Issue waivedBy(Waiver accepted) {
        return with(firstSeen, IssueState.WAIVED, accepted, cause);
    }

    /** This issue as earlier scans know it. */
    public Issue knownSince(Instant first, IssueState known) {
        return with(first, known, waiver, cause);
    }

    /** This issue as a consequence of another one of its report. @param issue the id of that one */
    public Issue following(String issue) {
        return with(firstSeen, state, waiver, issue);
    }

    private Issue with(
            @Nullable Instant first, IssueState newState, @Nullable Waiver newWaiver, @Nullable String newCause) {
        return new Issue(
                id,
                check,
                category,
                severity,
                title,
                description,
                affected,
                recommendation,
                evidence,
                fingerprint,
                host,
                port,
                detectedAt,
                first,
                newState,
                newWaiver,
                newCause);
    }
}
