package dev.panoptes.detection.fusion;

import dev.panoptes.detection.sigma.Level;
import java.time.Instant;
import java.util.List;

/**
 * Findings that belong together.
 *
 * @param title one sentence
 * @param score of severity, 0 to 100
 * @param confidence in percent
 * @param contributions what the score and the confidence are made of
 * @param more what there is beyond the bounds of its lists
 */
public record Incident(
        String id,
        String title,
        Level severity,
        int score,
        int confidence,
        List<Contribution> contributions,
        Instant first,
        Instant last,
        List<Entity> entities,
        List<Step> chain,
        List<Moment> timeline,
        List<String> events,
        List<String> findings,
        More more) {
    public Incident {
        contributions = List.copyOf(contributions);
        entities = List.copyOf(entities);
        chain = List.copyOf(chain);
        timeline = List.copyOf(timeline);
        events = List.copyOf(events);
        findings = List.copyOf(findings);
    }

    /** A technique, when it was first seen. */
    public record Step(String tactic, String technique, Instant at) {}

    /** A line of the timeline. */
    public record Moment(Instant at, String event, String text) {}

    /**
     * How many there are beyond those that are kept, of what its findings hold; zero where all are kept.
     *
     * @param timeline lines, after the last one in time
     * @param events ids of events
     */
    public record More(int entities, int timeline, int events, int findings) {
        /** Everything is kept. */
        public static final More NONE = new More(0, 0, 0, 0);
    }

    /** A part of the score, with the reason. */
    public record Contribution(int points, String reason) {}
}
