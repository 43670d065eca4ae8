package dev.panoptes.server.configs;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One version of an agent's configuration. @param version from 1, without gaps @param cause null where nobody said why */
public record ConfigVersion(
        String agentId,
        int version,
        ConfigDocument document,
        String hash,
        Instant createdAt,
        String createdBy,
        @Nullable String cause,
        boolean managed) {}
