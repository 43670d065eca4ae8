package dev.panoptes.detection;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of an event so that something can be concluded of it together with others later.
 *
 * @param concluder the analytic or correlation that it is kept for
 * @param group what it must be seen together with
 * @param event the event's id
 * @param body what the concluder needs of the event, JSON
 * @param once of those of a group that have the same of this only the first in time is kept, for long; null where each is kept
 */
public record Observation(
        String concluder,
        String group,
        Instant at,
        String event,
        String body,
        @Nullable String once) {
    /** One of which each is kept. */
    public Observation(String concluder, String group, Instant at, String event, String body) {
        this(concluder, group, at, event, body, null);
    }
}
