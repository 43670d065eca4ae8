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
        List<String> events) {
    public Finding {
        techniques = List.copyOf(techniques);
        entities = List.copyOf(entities);
        events = List.copyOf(events);
    }
}
