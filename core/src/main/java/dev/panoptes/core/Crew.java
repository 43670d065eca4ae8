package dev.panoptes.core;

import dev.panoptes.core.Tasks.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The threads that work on the tasks of one {@link Tasks#runAll}: a few where tasks are short, for more would only stand in each
 * other's way, and soon as many as are allowed where they wait for somebody. For one run.
 */
final class Crew<T> {
    private static final int FIRST = 8;
    /** How often it is looked at how many have ended. */
    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(10);
    /** Where fewer end in a tick for each thread, they wait rather than work: twice as many threads get twice as far. */
    private static final int SHORT = 8;

    private final List<Callable<T>> tasks;
    private final int limit;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicReferenceArray<Outcome<T>> outcomes;
    private final CountDownLatch left;
    private final List<Thread> workers = new ArrayList<>();

    /** @param limit how many tasks may run at once, at least 1 */
    Crew(List<? extends Callable<T>> tasks, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("at least one task must be allowed to run");
        }
        this.tasks = List.copyOf(tasks);
        this.limit = limit;
        this.outcomes = new AtomicReferenceArray<>(this.tasks.size());
        this.left = new CountDownLatch(this.tasks.size());
    }

    List<Outcome<T>> run(Duration deadline) throws InterruptedException {
        long end = System.nanoTime() + deadline.toNanos();
        try {
            hire(FIRST);
            long before = left.getCount();
            boolean ended = false;
            for (long nanos = deadline.toNanos(); !ended && nanos > 0; nanos = end - System.nanoTime()) {
                ended = left.await(Math.min(nanos, TICK), TimeUnit.NANOSECONDS);
                long now = left.getCount();
                if (before - now < (long) SHORT * workers.size()) {
                    hire(workers.size());
                }
                before = now;
            }
            return told();
        } finally {
            next.set(tasks.size());
            workers.forEach(Thread::interrupt);
        }
    }

    private List<Outcome<T>> told() {
        List<Outcome<T>> all = new ArrayList<>(tasks.size());
        for (int i = 0; i < tasks.size(); i++) {
            Outcome<T> outcome = outcomes.get(i);
            all.add(outcome == null ? new Outcome.TimedOut<>() : outcome);
        }
        return all;
    }

    private void hire(int wanted) {
        int count = Math.min(wanted, Math.min(limit - workers.size(), tasks.size() - next.get()));
        for (int i = 0; i < count; i++) {
            workers.add(
                    Thread.ofPlatform().daemon().name("task-" + workers.size()).start(this::work));
        }
    }

    /** Takes the next task as long as there is one. What is told after the deadline nobody asks for any more. */
    private void work() {
        for (int i = next.getAndIncrement(); i < tasks.size(); i = next.getAndIncrement()) {
            outcomes.set(i, outcome(tasks.get(i)));
            left.countDown();
        }
    }

    private Outcome<T> outcome(Callable<T> task) {
        try {
            return new Outcome.Done<>(Objects.requireNonNull(task.call(), "a task gives a value"));
        } catch (Throwable cause) {
            return new Outcome.Failed<>(cause);
        }
    }
}
