package dev.panoptes.core;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Fork, join and cancel. One small class, so that structured concurrency can replace it when it leaves preview; on platform
 * threads, for a process that lives a second pays more for virtual ones than they save (ADR 197).
 */
public final class Tasks {
    private Tasks() {}

    /** How one task ended. */
    public sealed interface Outcome<T> {
        record Done<T>(T value) implements Outcome<T> {}

        record Failed<T>(Throwable cause) implements Outcome<T> {}

        /** It did not end before the deadline and was interrupted. */
        record TimedOut<T>() implements Outcome<T> {}
    }

    /**
     * Runs every task, at most {@code limit} at once, and waits until all have ended or the deadline has passed. Outcomes are in
     * the order of the tasks. What has not ended by then is interrupted and not waited for.
     *
     * @throws InterruptedException when the caller was interrupted; every task has been interrupted too
     */
    public static <T> List<Outcome<T>> runAll(List<? extends Callable<T>> tasks, int limit, Duration deadline)
            throws InterruptedException {
        return new Crew<T>(tasks, limit).run(deadline);
    }
}
