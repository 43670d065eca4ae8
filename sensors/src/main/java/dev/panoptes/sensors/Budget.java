package dev.panoptes.sensors;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What one sensor may take of the processor, and its part in what all may take of memory. Processor time is a bucket: it fills at
 * the share that is allowed, holds as much as half a minute gives, and every thread of the sensor takes out of it what it has
 * used; while it is empty, threads rest. So a moment's work is done at once, and work that does not end is slowed. Thread-safe;
 * for platform threads.
 */
final class Budget {
    private static final double HUNDRED = 100;
    private static final long LOOK_NANOS = 20_000_000L;
    private static final long BURST_NANOS = 30_000_000_000L;
    /** So long it is said that a sensor is slowed after it was slowed last. */
    private static final long TOLD_NANOS = 60_000_000_000L;

    private static final long MEMORY_REST_NANOS = 1_000_000_000L;

    private final MemoryBudget memory;
    private final LongSupplier threadTime;
    private final LongSupplier nanos;
    private final ThreadLocal<Meter> meters = ThreadLocal.withInitial(Meter::new);
    private int percent;
    private double left;
    private long filled;
    private long slowed;
    private boolean everSlowed;

    /** What is known of one thread. */
    private static final class Meter {
        private boolean started;
        private long looked;
        private long used;
        private long rest;
    }

    /**
     * @param percent of one core; 0: no bound
     * @param threadTime what the calling thread has used so far, in nanoseconds; -1 where that is not known
     */
    Budget(int percent, MemoryBudget memory, LongSupplier threadTime, LongSupplier nanos) {
        this.memory = memory;
        this.threadTime = threadTime;
        this.nanos = nanos;
        this.filled = nanos.getAsLong();
        percent(percent);
    }

    /** Another share from now on; the bucket is full. */
    synchronized void percent(int share) {
        percent = share;
        left = BURST_NANOS * (share / HUNDRED);
        everSlowed = false;
    }

    /** How long the calling thread is to rest; zero where it may go on. Cheap: it looks at most every 20 ms. */
    Duration rest() {
        Meter meter = meters.get();
        long now = nanos.getAsLong();
        if (meter.started && now - meter.looked < LOOK_NANOS) {
            return meter.rest == 0 ? Duration.ZERO : Duration.ofNanos(meter.rest);
        }
        long used = threadTime.getAsLong();
        long since = meter.started && used >= 0 ? used - meter.used : 0;
        meter.started = true;
        meter.looked = now;
        meter.used = used;
        long rest = take(since, now);
        meter.rest = memory.isOver() ? Math.max(rest, MEMORY_REST_NANOS) : rest;
        return Duration.ofNanos(meter.rest);
    }

    private synchronized long take(long used, long now) {
        if (percent <= 0) {
            return 0;
        }
        double share = percent / HUNDRED;
        left = Math.min(BURST_NANOS * share, left + (now - filled) * share) - used;
        filled = now;
        if (left >= 0) {
            return 0;
        }
        slowed = now;
        everSlowed = true;
        return Math.max(LOOK_NANOS, (long) (-left / share));
    }

    /** What a heartbeat says of a sensor that is or was slowed within the last minute; null where it was not. */
    @Nullable
    String told() {
        boolean processor;
        int share;
        synchronized (this) {
            processor = everSlowed && nanos.getAsLong() - slowed < TOLD_NANOS;
            share = percent;
        }
        String words = processor ? share + " % of a core" : null;
        if (memory.isOver()) {
            String bytes = (memory.most() >> 20) + " MB of memory";
            words = words == null ? bytes : words + " and " + bytes;
        }
        return words == null
                ? null
                : "it is slowed: it takes more than " + words + "; what cannot wait is dropped and counted";
    }
}
