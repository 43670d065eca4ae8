package dev.panoptes.detection.fusion;

import dev.panoptes.detection.sigma.Level;
import java.time.Instant;
import java.util.List;

/**
 * Hits that say the same of the same host, once.
 *
 * @param fingerprint equal for what is the same again
 * @param confidence in percent
 * @param techniques with the numbers that renumbered ones have now
 * @param events ids, the earliest ones where there are many
 * @param more what there is beyond the bounds of its lists
 */
public record Finding(
        String id,
        String fingerprint,
        String name,
        String rule,
        String title,
        Level severity,
        int confidence,
        List<String> techniques,
        Instant first,
        Instant last,
        long count,
        List<Entity> entities,
        List<String> events,
        More more) {
    public Finding {
        techniques = List.copyOf(techniques);
        entities = List.copyOf(entities);
        events = List.copyOf(events);
    }

    /**
     * How many there are beyond those that are kept; zero where all are kept.
     *
     * @param events ids of events
     */
    public record More(int entities, int events) {
        /** Everything is kept. */
        public static final More NONE = new More(0, 0);
    }
}
