package dev.panoptes.cli.sensor;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Gives memory back while little happens. The serial collector returns pages to the machine at full collections only, and a daemon
 * that idles has none for hours: what its first looks took would be its size for ever. A collection of what it holds takes some
 * hundredths of a second.
 */
final class GivenBack implements Runnable {
    private static final Duration EVERY = Duration.ofMinutes(5);

    private final CountDownLatch never = new CountDownLatch(1);

    /** Runs until it is interrupted. */
    @Override
    public void run() {
        try {
            while (!never.await(EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                System.gc();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
