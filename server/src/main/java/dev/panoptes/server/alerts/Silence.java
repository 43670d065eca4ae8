package dev.panoptes.server.alerts;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A time during which some issues are not told.
 *
 * @param endedAt when somebody ended it early; null where nobody did
 */
record Silence(
        UUID id,
        Matcher matcher,
        String reason,
        String createdBy,
        Instant createdAt,
        Instant startsAt,
        Instant expiresAt,
        @Nullable Instant endedAt) {}
