package dev.panoptes.server.findings;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A finding as it is kept. @param state as of {@link FindingState} @param count how often it was told */
public record StoredFinding(
        UUID id,
        String fingerprint,
        String name,
        String title,
        String severity,
        String description,
        String details,
        String source,
        @Nullable String agentId,
        @Nullable String agentName,
        @Nullable String host,
        @Nullable String externalId,
        boolean verified,
        String state,
        long count,
        Instant createdAt,
        Instant updatedAt,
        Instant lastSeen,
        @Nullable Instant closedAt) {}
