package dev.panoptes.server.auth;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A token without its secret.
 *
 * @param role viewer, operator, admin or observer
 * @param host the only host an observer's token speaks for; null for the other roles
 * @param expiresAt null: until revoked
 */
record ApiToken(
        UUID id,
        String name,
        String role,
        @Nullable String host,
        String createdBy,
        Instant createdAt,
        @Nullable Instant expiresAt,
        @Nullable Instant revokedAt,
        @Nullable Instant lastUsedAt) {}
