package dev.panoptes.server.jobs;

import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;

/**
 * Something that is done again and again, by one replica at a time.
 *
 * @param name unique; stable, for the database remembers it
 * @param next when it is due after this moment
 * @param lease after so long a run that did not report its end is taken for lost, and another replica runs it again
 */
public record Job(String name, UnaryOperator<Instant> next, Duration lease, Work work) {
    /** What is done. */
    @FunctionalInterface
    public interface Work {
        /** @throws InterruptedException when the server is stopping */
        void run() throws InterruptedException;
    }

    /** At this interval. */
    public static Job every(Duration interval, String name, Duration lease, Work work) {
        return new Job(name, now -> now.plus(interval), lease, work);
    }
}
