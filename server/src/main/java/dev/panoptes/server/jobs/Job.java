package dev.panoptes.server.jobs;

import dev.panoptes.server.storage.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
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
        /**
         * @param done notes the end of the run; called in the transaction that keeps its result, so that a crash cannot
         *     leave the one without the other and have it run twice. Who has no such transaction does not call it: the
         *     end is noted afterwards in any case
         * @throws InterruptedException when the server is stopping
         */
        void run(Consumer<Transaction> done) throws InterruptedException;
    }

    /** At this interval. */
    public static Job every(Duration interval, String name, Duration lease, Work work) {
        return new Job(name, now -> now.plus(interval), lease, work);
    }
}
