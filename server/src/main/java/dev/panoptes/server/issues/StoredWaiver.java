package dev.panoptes.server.issues;

import dev.panoptes.core.issue.Waiver;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A waiver as the API gives it.
 *
 * @param issue fingerprint or id of the issue that it accepts
 * @param expires the last day on which it holds, in UTC
 * @param revokedAt null where nobody ended it early
 */
record StoredWaiver(
        UUID id,
        String issue,
        String owner,
        String reason,
        LocalDate expires,
        String createdBy,
        Instant createdAt,
        @Nullable Instant revokedAt) {
    Waiver waiver() {
        return new Waiver(issue, owner, reason, expires);
    }

    boolean accepts(String fingerprint, String issueId) {
        return issue.equals(fingerprint) || issue.equals(issueId);
    }
}
