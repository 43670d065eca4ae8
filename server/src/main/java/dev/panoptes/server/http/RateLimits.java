package dev.panoptes.server.http;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many calls each caller may make, per replica. Callers are known by a text; full buckets of callers who went away are
 * forgotten.
 */
final class RateLimits {
    private static final int MOST_BUCKETS = 20_000;

    private final int perSecond;
    private final Map<String, Bucket> buckets = new ConcurrentHashMap<>();

    /** @param perSecond also how many may come at once; 0 switches the limit off */
    RateLimits(int perSecond) {
        this.perSecond = perSecond;
    }

    /** Empty where the call may go on, else how long to wait. */
    Optional<Duration> take(String caller) {
        if (perSecond == 0) {
            return Optional.empty();
        }
        if (buckets.size() > MOST_BUCKETS) {
            buckets.values().removeIf(bucket -> bucket.getAvailableTokens() >= perSecond);
        }
        ConsumptionProbe probe = buckets.computeIfAbsent(caller, _ -> bucket()).tryConsumeAndReturnRemaining(1);
        return probe.isConsumed()
                ? Optional.empty()
                : Optional.of(Duration.ofNanos(Math.max(probe.getNanosToWaitForRefill(), 1)));
    }

    private Bucket bucket() {
        return Bucket.builder()
                .addLimit(Bandwidth.builder()
                        .capacity(perSecond)
                        .refillGreedy(perSecond, Duration.ofSeconds(1))
                        .build())
                .build();
    }
}
