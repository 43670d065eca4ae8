package dev.panoptes.server.web.view;

import java.time.Instant;
import java.util.List;

/**
 * One incident.
 *
 * @param confidence in percent
 * @param mergedInto the incident that it became a part of; empty where it did not
 * @param chain the techniques in their order
 * @param lanes what was found, each in its own lane over the time of the incident
 * @param until the time of the last event, which may colour the incident without being one of its own
 * @param why what its score is made of
 * @param evidence the events in their order, the first {@link #MOST_EVENTS}
 */
public record IncidentView(
        String id,
        String title,
        String severity,
        String confidence,
        String state,
        String mergedInto,
        String host,
        Instant first,
        Instant last,
        List<Step> chain,
        List<Lane> lanes,
        List<Reason> why,
        Instant until,
        List<Entity> entities,
        List<Evidence> evidence,
        int events,
        int findings) {
    public static final int MOST_EVENTS = 100;

    public record Step(String tactic, String technique) {}

    /** @param x where it begins, of 1000 @param width of 1000 */
    public record Lane(String title, String severity, String x, String width, String label) {}

    /** @param share of the largest, of 100 */
    public record Reason(String reason, String points, int share) {}

    public record Entity(String kind, String name) {}

    public record Evidence(Instant at, String what, String text, String event) {}

    public boolean open() {
        return List.of("open", "acknowledged", "contained").contains(state);
    }
}
