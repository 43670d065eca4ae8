package dev.panoptes.integrity.observed;

import java.io.Closeable;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Closes connections whose time is over, for no read, write or handshake on them keeps a deadline by itself. At most {@link #TICK}
 * late: one thread looks at all of them together, which is less than an alarm for each. Safe for many threads at once.
 */
final class Watchdog implements AutoCloseable {
    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(10);

    private final Map<Closeable, Long> ends = new ConcurrentHashMap<>();
    private final Thread thread =
            Thread.ofPlatform().daemon().name("probe-watchdog").unstarted(this::watch);
    private volatile boolean closed;

    private Watchdog() {}

    static Watchdog started() {
        Watchdog watchdog = new Watchdog();
        watchdog.thread.start();
        return watchdog;
    }

    /** @param end of {@link System#nanoTime} */
    void watch(Closeable open, long end) {
        ends.put(open, end);
    }

    void forget(Closeable open) {
        ends.remove(open);
    }

    private void watch() {
        while (!closed) {
            LockSupport.parkNanos(TICK);
            long now = System.nanoTime();
            ends.forEach((open, end) -> {
                if (now - end >= 0) {
                    ends.remove(open);
                    close(open);
                }
            });
        }
    }

    private static void close(Closeable open) {
        try {
            open.close();
        } catch (IOException e) {
            return; // closed all the same; whoever uses it is told
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
