package dev.panoptes.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Fork, join and cancel over virtual threads. One small class, so that structured concurrency can replace it when it leaves
 * preview.
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
     * Runs every task on its own virtual thread, at most {@code limit} at once, and waits until all have ended or the
     * deadline has passed. Outcomes are in the order of the tasks.
     *
     * @throws InterruptedException when the caller was interrupted; every task has been interrupted too
     */
    public static <T> List<Outcome<T>> runAll(List<? extends Callable<T>> tasks, int limit, Duration deadline)
            throws InterruptedException {
        long end = System.nanoTime() + deadline.toNanos();
        Semaphore permits = new Semaphore(limit);
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
        try {
            List<Future<T>> futures = new ArrayList<>(tasks.size());
            for (Callable<T> task : tasks) {
                futures.add(executor.submit(() -> {
                    permits.acquire();
                    try {
                        return task.call();
                    } finally {
                        permits.release();
                    }
                }));
            }
            List<Outcome<T>> outcomes = new ArrayList<>(tasks.size());
            for (Future<T> future : futures) {
                outcomes.add(await(future, end - System.nanoTime()));
            }
            return outcomes;
        } finally {
            executor.shutdownNow();
        }
    }

    private static <T> Outcome<T> await(Future<T> future, long nanos) throws InterruptedException {
        try {
            return new Outcome.Done<>(future.get(Math.max(nanos, 0), TimeUnit.NANOSECONDS));
        } catch (ExecutionException e) {
            return new Outcome.Failed<>(Objects.requireNonNullElse(e.getCause(), e));
        } catch (TimeoutException | CancellationException e) {
            future.cancel(true);
            return new Outcome.TimedOut<>();
        }
    }
}
