package dev.panoptes.server.tickets;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Work that somebody tracks.
 *
 * @param severity info, low, medium, high or critical
 * @param status open, in_progress, resolved or closed
 * @param issue fingerprint; null where it is about none
 * @param agent id or name; null where it is about none
 */
record Ticket(
        long id,
        String title,
        String description,
        String severity,
        String status,
        @Nullable String assignee,
        @Nullable String issue,
        @Nullable UUID finding,
        @Nullable String agent,
        String createdBy,
        Instant createdAt,
        Instant updatedAt,
        @Nullable Instant resolvedAt) {
    boolean done() {
        return done(status);
    }

    static boolean done(String status) {
        return status.equals("resolved") || status.equals("closed");
    }
}
