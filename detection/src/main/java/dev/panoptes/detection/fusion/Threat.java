package dev.panoptes.detection.fusion;

import dev.panoptes.detection.sigma.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
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

    /** The score of open incidents at a time. */
    public static double score(Collection<Open> open, Instant now) {
        double score = 0;
        for (Open incident : open) {
            double age = Math.max(0, Duration.between(incident.last(), now).toSeconds());
            double weight = WEIGHTS.getOrDefault(incident.severity(), 0) * incident.confidence() / 100.0;
            score += weight * Math.pow(0.5, age / HALF_LIFE.toSeconds()) * (incident.handled() ? 0.5 : 1);
        }
        return score;
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
