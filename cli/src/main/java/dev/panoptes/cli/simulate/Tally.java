package dev.panoptes.cli.simulate;

import dev.panoptes.cli.client.Reply;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.LongAdder;

/** How calls of one kind went. Times are counted in tenths of a millisecond; those above a minute as a minute. */
final class Tally {
    private static final int LONGEST = 600_000;

    private final AtomicIntegerArray times = new AtomicIntegerArray(LONGEST + 1);
    private final LongAdder done = new LongAdder();
    private final Map<String, LongAdder> errors = new ConcurrentHashMap<>();

    /** @param nanos from when the call was due to its last byte */
    void count(Reply reply, long nanos) {
        switch (reply) {
            case Reply.Done _ -> {
                done.increment();
                times.incrementAndGet((int) Math.min(LONGEST, nanos / 100_000));
            }
            case Reply.Refused(int status, String reason, var _) -> error(status + " " + reason);
            case Reply.Unreached(String reason, String _) -> error(reason);
        }
    }

    private void error(String text) {
        // No more kinds than fit a screen, whatever a server says.
        String key = errors.size() < 20 || errors.containsKey(text) ? text : "others";
        errors.computeIfAbsent(key, _ -> new LongAdder()).increment();
    }

    long done() {
        return done.sum();
    }

    long failed() {
        return errors.values().stream().mapToLong(LongAdder::sum).sum();
    }

    /** By reason. */
    Map<String, Long> errors() {
        Map<String, Long> all = new TreeMap<>();
        errors.forEach((reason, count) -> all.put(reason, count.sum()));
        return all;
    }

    /** In milliseconds; 0 where nothing was counted. */
    private double percentile(double share) {
        long wanted = (long) Math.ceil(done.sum() * share);
        long seen = 0;
        for (int i = 0; i <= LONGEST; i++) {
            seen += times.get(i);
            if (seen >= wanted && seen > 0) {
                return i / 10.0;
            }
        }
        return 0;
    }

    String line(String name, Duration took) {
        return String.format(
                Locale.ROOT,
                "%-14s %8d done  %9.1f/s  p50 %7.1f ms  p99 %7.1f ms  %d failed%n",
                name,
                done(),
                done() * 1e9 / Math.max(1, took.toNanos()),
                percentile(0.5),
                percentile(0.99),
                failed());
    }
}
