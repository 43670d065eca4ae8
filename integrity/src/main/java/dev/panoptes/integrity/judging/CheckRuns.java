package dev.panoptes.integrity.judging;

import dev.panoptes.integrity.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Runs checks on a few daemon threads and gives each its own deadline, counted from its own start. A check that does not
 * heed its interruption is left behind with its thread, and another thread goes on with the rest.
 */
final class CheckRuns {
    /** How one check ended. */
    sealed interface Ending {
        record Done(List<CheckResult> results) implements Ending {}

        record Failed(Throwable cause) implements Ending {}

        record TimedOut(Duration after) implements Ending {}

        /** The scan's deadline passed before it could begin. */
        record NotRun() implements Ending {}
    }

    private final List<Check> checks;
    private final World world;
    private final long perCheckNanos;
    private final long end;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final @Nullable Ending[] endings;
    private final List<Run> running = new ArrayList<>();
    private int next;
    private boolean closed;

    CheckRuns(List<Check> checks, World world, Duration perCheck, Duration deadline) {
        this.checks = checks;
        this.world = world;
        this.perCheckNanos = perCheck.toNanos();
        this.end = System.nanoTime() + deadline.toNanos();
        this.endings = new Ending[checks.size()];
    }

    /** A check on its thread. */
    private record Run(int index, Thread thread, long started) {}

    /**
     * How each check ended, in their order.
     *
     * @throws InterruptedException when the caller was interrupted; the checks have been interrupted too
     */
    List<Ending> await(int parallelism) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            for (int i = 0; i < Math.min(parallelism, checks.size()); i++) {
                startWorker();
            }
            while (!allEnded()) {
                long wait = expire();
                if (wait > 0) {
                    changed.awaitNanos(wait);
                }
            }
            return endings();
        } finally {
            closed = true;
            running.forEach(run -> run.thread().interrupt());
            lock.unlock();
        }
    }

    private boolean allEnded() {
        return running.isEmpty() && next >= checks.size();
    }

    /** Gives up what is too late; returns the nanoseconds until the next deadline, 0 where something was given up. */
    private long expire() {
        long now = System.nanoTime();
        long wait = Math.max(end - now, 1);
        if (now - end >= 0) {
            next = checks.size();
        }
        for (Run run : List.copyOf(running)) {
            long deadline = Math.min(run.started() + perCheckNanos, Math.max(end, run.started()));
            if (now - deadline >= 0) {
                endings[run.index()] = new Ending.TimedOut(Duration.ofNanos(now - run.started()));
                running.remove(run);
                run.thread().interrupt();
                startWorker();
                return 0;
            }
            wait = Math.min(wait, deadline - now);
        }
        return wait;
    }

    private void startWorker() {
        Thread.ofPlatform().daemon().name("panoptes-check").start(this::work);
    }

    private void work() {
        Run run = begin(null);
        while (run != null) {
            Ending ending = ending(checks.get(run.index()));
            run = begin(new Ended(run, ending));
        }
    }

    private record Ended(Run run, Ending ending) {}

    private Ending ending(Check check) {
        try {
            return new Ending.Done(List.copyOf(check.run(world)));
        } catch (InterruptedException | RuntimeException | Error e) {
            return new Ending.Failed(e);
        }
    }

    /** Records how the last run ended and takes the next check; null where this thread is to end. */
    private @Nullable Run begin(@Nullable Ended last) {
        lock.lock();
        try {
            if (last != null) {
                if (!running.remove(last.run())) {
                    return null;
                }
                endings[last.run().index()] = last.ending();
                changed.signal();
            }
            if (closed || next >= checks.size()) {
                changed.signal();
                return null;
            }
            Run run = new Run(next++, Thread.currentThread(), System.nanoTime());
            running.add(run);
            changed.signal();
            return run;
        } finally {
            lock.unlock();
        }
    }

    private List<Ending> endings() {
        List<Ending> all = new ArrayList<>(endings.length);
        for (Ending ending : endings) {
            all.add(ending == null ? new Ending.NotRun() : ending);
        }
        return all;
    }
}
