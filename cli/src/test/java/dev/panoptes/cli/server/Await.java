package dev.panoptes.cli.server;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for a condition with a deadline, which is the only way in which a test waits. */
public final class Await {
    private static final Duration LOOK = Duration.ofMillis(5);

    private Await() {}

    /** Until it holds; thirty seconds at the longest. @param what is said when it never does */
    public static void until(String what, Callable<Boolean> condition) throws InterruptedException {
        until(what, Duration.ofSeconds(30), condition);
    }

    /** A condition that throws does not hold yet; its last failure is told with the deadline's. */
    public static void until(String what, Duration patience, Callable<Boolean> condition) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        Exception last = null;
        while (true) {
            try {
                if (condition.call()) {
                    return;
                }
                last = null;
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                last = e;
            }
            if (System.nanoTime() > end) {
                throw new AssertionError("within " + patience + " never came true: " + what, last);
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }
}
