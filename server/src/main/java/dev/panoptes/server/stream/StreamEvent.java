package dev.panoptes.server.stream;

import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is told on the stream. The names of the components, in snake case, are the fields that clients read. */
public sealed interface StreamEvent {
    /** A scan has been stored. @param changed false for a watch cycle that found everything as it was */
    record Scan(
            String reportId,
            String cause,
            Instant completedAt,
            int totalIssues,
            int critical,
            int high,
            int unknownChecks,
            double healthScore,
            boolean changed)
            implements StreamEvent {}

    /**
     * An issue is new, or its state has changed.
     *
     * @param from null for one that was never seen before
     * @param actor {@code scan}, or whoever did it
     * @param reportId null where no scan did it
     * @param note null where there is none
     */
    record Issue(
            String fingerprint,
            String id,
            String check,
            String severity,
            String title,
            String host,
            @Nullable String from,
            String to,
            String actor,
            @Nullable String reportId,
            @Nullable String note,
            Instant at)
            implements StreamEvent {}

    /**
     * It was decided whether people are told of an issue.
     *
     * @param reason new or regressed
     * @param state queued: they are told; silenced or held: not now
     */
    record Alert(
            String fingerprint,
            String id,
            String severity,
            String title,
            String host,
            String reason,
            String state,
            Instant at)
            implements StreamEvent {}

    /** An observer is heard for the first time or again (seen), or not any more (silent). */
    record Host(String name, String state, Instant lastSnapshotAt, Instant at) implements StreamEvent {}

    /** @param action made or revoked @param issue fingerprint or id of what it accepts */
    record Waiver(
            UUID id,
            String action,
            String issue,
            String owner,
            String reason,
            LocalDate expires,
            String actor,
            Instant at)
            implements StreamEvent {}

    /** @param action made or ended */
    record Silence(UUID id, String action, String reason, Instant startsAt, Instant expiresAt, String actor, Instant at)
            implements StreamEvent {}

    /** Its name on the stream. */
    default String type() {
        return switch (this) {
            case Scan _ -> "scan";
            case Issue _ -> "issue";
            case Alert _ -> "alert";
            case Host _ -> "host";
            case Waiver _ -> "waiver";
            case Silence _ -> "silence";
        };
    }
}
