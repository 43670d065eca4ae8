package dev.panoptes.server.findings;

import org.jspecify.annotations.Nullable;

/**
 * Something that somebody found.
 *
 * @param fingerprint equal means the same thing again; it is counted, not written again, while the finding is open
 * @param name what kind of thing
 * @param details a JSON object
 * @param source who found it: agent, rule, limits, nats
 * @param agentId the instance; null where none is known
 * @param agentName null where no agent is concerned
 * @param host null where it is nowhere
 * @param externalId the reporter's own id: the same id is the same finding, whatever became of it; null where it gave none
 * @param verified false where it came by a way that proves nobody
 */
public record Finding(
        String fingerprint,
        String name,
        String title,
        FindingSeverity severity,
        String description,
        String details,
        String source,
        @Nullable String agentId,
        @Nullable String agentName,
        @Nullable String host,
        @Nullable String externalId,
        boolean verified) {
    public Finding {
        if (fingerprint.isBlank() || name.isBlank()) {
            throw new IllegalArgumentException("a finding needs a fingerprint and a name");
        }
    }
}
