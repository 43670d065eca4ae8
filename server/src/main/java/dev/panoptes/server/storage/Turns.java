package dev.panoptes.server.storage;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * One after another for each key, in the order in which they came. For writes that all wait for one row: in the database each of
 * them would wait with a connection in its hand, until none is left for anybody else.
 */
public final class Turns {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);

    private final ConcurrentHashMap<String, Turn> turns = new ConcurrentHashMap<>();

    /** @param callers that wait for it or have it; changed only within the map's own compute */
    private record Turn(Semaphore one, int callers) {
        Turn plus(int more) {
            return new Turn(one, callers + more);
        }
    }

    /** @throws DatabaseUnavailable where the turn does not come in time, and nothing was done */
    public <T> T take(String key, Supplier<T> work) {
        Semaphore one = turns.compute(
                        key, (_, turn) -> turn == null ? new Turn(new Semaphore(1, true), 1) : turn.plus(1))
                .one();
        try {
            await(one);
            try {
                return work.get();
            } finally {
                one.release();
            }
        } finally {
            turns.computeIfPresent(key, (_, turn) -> turn.callers() == 1 ? null : turn.plus(-1));
        }
    }

    private static void await(Semaphore one) {
        try {
            if (!one.tryAcquire(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new DatabaseUnavailable("too many write the same");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DatabaseUnavailable("interrupted while waiting for others that write the same", e);
        }
    }
}
