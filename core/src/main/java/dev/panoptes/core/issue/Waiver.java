package dev.panoptes.core.issue;

import java.time.LocalDate;

/**
 * Somebody's decision to accept an issue for a while.
 *
 * @param issue issue id or fingerprint
 * @param expires the last day on which it holds, in UTC
 */
public record Waiver(String issue, String owner, String reason, LocalDate expires) {
    public boolean inForce(LocalDate today) {
        return !today.isAfter(expires);
    }

    public boolean matches(Issue candidate) {
        return issue.equals(candidate.id()) || issue.equals(candidate.fingerprint());
    }
}
