package dev.panoptes.server.http;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** The calls in flight, so that a stop can wait for them. Streams have no end of their own: a stop ends them at once. */
final class Calls {
    private static final long POLL_NANOS = 2_000_000;
    private static final Duration LAST_WORDS = Duration.ofMillis(500);

    private final Set<Thread> running = ConcurrentHashMap.newKeySet();
    private final Set<Thread> streams = ConcurrentHashMap.newKeySet();
    private final AtomicInteger unanswered = new AtomicInteger();
    private final AtomicBoolean stopping = new AtomicBoolean();

    /** {@link #end} comes with the end of the handler, {@link #answered} when the last byte of the answer is written. */
    void begin() {
        running.add(Thread.currentThread());
        unanswered.incrementAndGet();
    }

    void answered() {
        unanswered.decrementAndGet();
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

    /** Waits until the rest has its answers; interrupts what is left then, which gets a last moment to say so. @return how many */
    int await(Duration patience) {
        awaitAnswers(patience);
        int left = running.size();
        running.forEach(Thread::interrupt);
        awaitAnswers(LAST_WORDS);
        return left;
    }

    private void awaitAnswers(Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        while (unanswered.get() > 0 && System.nanoTime() < end) {
            LockSupport.parkNanos(POLL_NANOS);
        }
    }
}
