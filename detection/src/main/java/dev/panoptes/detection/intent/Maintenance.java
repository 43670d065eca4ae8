package dev.panoptes.detection.intent;

import dev.panoptes.detection.fusion.Hit;
import java.time.Instant;
import java.util.function.Predicate;

/**
 * A time for which somebody declared that work goes on.
 *
 * @param reason as it was given
 * @param covers which findings are about what is worked on
 */
public record Maintenance(String reason, Instant from, Instant to, Predicate<Hit> covers) {
    boolean holds(Hit hit) {
        return !hit.first().isBefore(from) && hit.first().isBefore(to) && covers.test(hit);
    }
}
