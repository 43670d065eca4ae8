package dev.panoptes.server.http;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** The calls in flight, so that a stop can wait for them. Streams have no end of their own: a stop ends them at once. */
final class Calls {
    private static final long POLL_NANOS = 2_000_000;

    private final Set<Thread> running = ConcurrentHashMap.newKeySet();
    private final Set<Thread> streams = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean stopping = new AtomicBoolean();

    void begin() {
        running.add(Thread.currentThread());
    }

    /** From now on this call only waits for something to tell. */
    void streams() {
        streams.add(Thread.currentThread());
        if (stopping.get()) {
            Thread.currentThread().interrupt();
        }
    }

    void end() {
        streams.remove(Thread.currentThread());
        running.remove(Thread.currentThread());
    }

    boolean stopping() {
        return stopping.get();
    }

    /** Ends the streams. False where it was called before. */
    boolean stop() {
        if (!stopping.compareAndSet(false, true)) {
            return false;
        }
        streams.forEach(Thread::interrupt);
        return true;
    }

    /** Waits for the rest and interrupts what is left then. @return how many were interrupted */
    int await(Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        while (!running.isEmpty() && System.nanoTime() < end) {
            LockSupport.parkNanos(POLL_NANOS);
        }
        int left = running.size();
        running.forEach(Thread::interrupt);
        return left;
    }
}
