package dev.panoptes.detection.fusion;

import dev.panoptes.detection.sigma.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** How threatened the fleet is, from its open incidents. */
public enum Threat {
    UNKNOWN,
    BENIGN,
    LOW,
    MEDIUM,
    HIGH,
    CRITICAL,
    UNDER_ATTACK;

    /** The formula, as it is shown beside the level. */
    public static final String FORMULA =
            "score = sum over open incidents of weight(severity) * confidence * 0.5^(age / 24 h); weights: low 5,"
                    + " medium 20, high 45, critical 80; an acknowledged or contained incident counts half; LOW from 1,"
                    + " MEDIUM from 10, HIGH from 30, CRITICAL from 60; UNDER_ATTACK from 60 where a critical incident had"
                    + " an event within the last hour; UNKNOWN where no sensor reports";

    private static final Duration HALF_LIFE = Duration.ofHours(24);
    private static final Map<Level, Integer> WEIGHTS = new EnumMap<>(
            Map.of(Level.INFORMATIONAL, 0, Level.LOW, 5, Level.MEDIUM, 20, Level.HIGH, 45, Level.CRITICAL, 80));

    /** An incident that is not over. @param handled somebody takes care of it */
    public record Open(Level severity, int confidence, Instant last, boolean handled) {}

    /**
     * What one incident adds to the score.
     *
     * @param weight of its severity
     * @param decay what its age leaves of it, 0 to 1
     * @param points weight * confidence * decay, halved where it is handled
     */
    public record Reason(int weight, Duration age, double decay, double points) {}

    /** The score from which on each level holds, the highest first; what lies below all is BENIGN. */
    public static SequencedMap<Threat, Integer> thresholds() {
        SequencedMap<Threat, Integer> from = new LinkedHashMap<>();
        from.put(UNDER_ATTACK, 60);
        from.put(CRITICAL, 60);
        from.put(HIGH, 30);
        from.put(MEDIUM, 10);
        from.put(LOW, 1);
        return from;
    }

    /** What an open incident adds at a time. */
    public static Reason reason(Open incident, Instant now) {
        Duration since = Duration.between(incident.last(), now);
        Duration age = since.isNegative() ? Duration.ZERO : since;
        int weight = WEIGHTS.getOrDefault(incident.severity(), 0);
        double decay = Math.pow(0.5, (double) age.toSeconds() / HALF_LIFE.toSeconds());
        double points = weight * incident.confidence() / 100.0 * decay * (incident.handled() ? 0.5 : 1);
        return new Reason(weight, age, decay, points);
    }

    /** The score of open incidents at a time. */
    public static double score(Collection<Open> open, Instant now) {
        return open.stream()
                .mapToDouble(incident -> reason(incident, now).points())
                .sum();
    }

    /** @param now null where no sensor reports */
    public static Threat of(Collection<Open> open, @Nullable Instant now) {
        if (now == null) {
            return UNKNOWN;
        }
        double score = score(open, now);
        if (score >= 60) {
            boolean fresh = open.stream()
                    .anyMatch(incident -> incident.severity() == Level.CRITICAL
                            && !incident.handled()
                            && incident.last().isAfter(now.minus(Duration.ofHours(1))));
            return fresh ? UNDER_ATTACK : CRITICAL;
        }
        return score >= 30 ? HIGH : score >= 10 ? MEDIUM : score >= 1 ? LOW : BENIGN;
    }
}
