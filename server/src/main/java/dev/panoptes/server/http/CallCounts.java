package dev.panoptes.server.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** How many calls were answered, how, and how long they took, since the start. */
public final class CallCounts {
    /** Upper bounds of the buckets, in seconds. */
    private static final double[] BOUNDS = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

    private final Map<Kind, LongAdder> answered = new ConcurrentHashMap<>();
    private final LongAdder[] buckets = new LongAdder[BOUNDS.length + 1];
    private final LongAdder nanos = new LongAdder();

    /** @param status the first digit of the status and {@code xx} */
    public record Kind(Method method, String status) {}

    public CallCounts() {
        for (int i = 0; i < buckets.length; i++) {
            buckets[i] = new LongAdder();
        }
    }

    void answered(Method method, int status, long tookNanos) {
        answered.computeIfAbsent(new Kind(method, status / 100 + "xx"), _ -> new LongAdder())
                .increment();
        nanos.add(tookNanos);
        int bucket = 0;
        while (bucket < BOUNDS.length && tookNanos > BOUNDS[bucket] * 1e9) {
            bucket++;
        }
        buckets[bucket].increment();
    }

    public Map<Kind, LongAdder> answered() {
        return Map.copyOf(answered);
    }

    /**
     * Calls that took no longer than a bound.
     *
     * @param bound in seconds; infinite for the last
     */
    public record Bucket(double bound, long count) {}

    /** The shortest first; each holds those before it. */
    public List<Bucket> buckets() {
        List<Bucket> all = new ArrayList<>();
        long sum = 0;
        for (int i = 0; i < buckets.length; i++) {
            sum += buckets[i].sum();
            all.add(new Bucket(i < BOUNDS.length ? BOUNDS[i] : Double.POSITIVE_INFINITY, sum));
        }
        return all;
    }

    /** All of them together. */
    public double seconds() {
        return nanos.sum() / 1e9;
    }
}
