package dev.panoptes.server.detections;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

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
        Instant updatedAt) {
    private static final JsonMapper JSON = new JsonMapper();

    /** The same after something became of it. */
    StoredIncident as(String newState, @Nullable String into, String newBody, Instant now) {
        return new StoredIncident(
                id, title, severity, confidence, newState, into, first, last, host, newBody, createdAt, now);
    }

    /** Whether a sensor saw anything of it; else it follows from integrity issues alone. */
    boolean seenBySensors() {
        return events().stream().anyMatch(event -> !event.startsWith(IssueFindings.EVENT));
    }

    /** The ids of its events. */
    List<String> events() {
        List<String> events = new ArrayList<>();
        JSON.readTree(body).path("events").forEach(event -> events.add(event.asString()));
        return events;
    }
}
