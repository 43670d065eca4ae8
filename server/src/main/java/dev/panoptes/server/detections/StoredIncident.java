package dev.panoptes.server.detections;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An incident as it is kept.
 *
 * @param mergedInto the incident that it became a part of; null where it stands for itself
 * @param host null where it is on several hosts or on none
 * @param body JSON
 */
record StoredIncident(
        String id,
        String title,
        String severity,
        int confidence,
        String state,
        @Nullable String mergedInto,
        Instant first,
        Instant last,
        @Nullable String host,
        String body,
        Instant createdAt,
        Instant updatedAt) {}
