package dev.panoptes.sensors;

import java.util.function.LongSupplier;

/**
 * What all sensors of a process may take of memory together. Over it the heap is collected, so that what is only not given back
 * yet does not count; who is over it still has really too much. Thread-safe.
 */
final class MemoryBudget {
    private static final long LOOK_NANOS = 1_000_000_000L;
    private static final long COLLECT_NANOS = 30_000_000_000L;

    private final LongSupplier resident;
    private final LongSupplier nanos;
    private final Runnable collect;
    private long most;
    private boolean over;
    private long looked;
    private long collected;

    /** @param resident bytes, or -1 where they are not known @param collect gives back what nothing holds */
    MemoryBudget(long most, LongSupplier resident, LongSupplier nanos, Runnable collect) {
        this.most = most;
        this.resident = resident;
        this.nanos = nanos;
        this.collect = collect;
        this.looked = nanos.getAsLong() - LOOK_NANOS;
        this.collected = nanos.getAsLong() - COLLECT_NANOS;
    }

    synchronized void most(long bytes) {
        most = bytes;
        looked = nanos.getAsLong() - LOOK_NANOS;
    }

    synchronized long most() {
        return most;
    }

    synchronized boolean isOver() {
        long now = nanos.getAsLong();
        if (now - looked < LOOK_NANOS) {
            return over;
        }
        looked = now;
        over = most > 0 && resident.getAsLong() > most;
        if (over && now - collected >= COLLECT_NANOS) {
            collected = now;
            collect.run();
            over = resident.getAsLong() > most;
        }
        return over;
    }
}
