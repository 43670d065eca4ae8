package dev.panoptes.detection;

import java.time.Instant;

/**
 * What is kept of an event so that something can be concluded of it together with others later.
 *
 * @param concluder the analytic or correlation that it is kept for
 * @param group what it must be seen together with
 * @param event the event's id
 * @param body what the concluder needs of the event, JSON
 */
public record Observation(String concluder, String group, Instant at, String event, String body) {}
