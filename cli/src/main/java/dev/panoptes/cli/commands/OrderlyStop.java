package dev.panoptes.cli.commands;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets a signal end work in order: the thread that made this is interrupted, closes what it opened, this last, and only then
 * does the JVM go, with the exit code of the signal. Work that does not heed the interruption in time is left where it is.
 */
final class OrderlyStop implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private final Thread worker = Thread.currentThread();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook = Thread.ofPlatform().unstarted(this::stop);

    OrderlyStop() {
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException e) {
            awaitTheEnd();
        }
    }

    private void stop() {
        worker.interrupt();
        try {
            if (!closed.await(LONGEST.toMillis(), TimeUnit.MILLISECONDS)) {
                worker.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Where a signal came, what the interrupted work has to say is of no interest any more: this does not return. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            closed.countDown();
            awaitTheEnd();
        }
    }

    private static void awaitTheEnd() {
        while (true) {
            LockSupport.park();
            // Clears the flag, which would keep park from waiting.
            Thread.interrupted();
        }
    }
}
