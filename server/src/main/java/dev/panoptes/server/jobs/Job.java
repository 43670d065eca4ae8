package dev.panoptes.server.jobs;

import dev.panoptes.server.storage.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;

/**
 * Something that is done again and again, by one replica at a time.
 *
 * @param name unique; stable, for the database remembers it
 * @param next when it is due after this moment
 */
public record Job(String name, UnaryOperator<Instant> next, Work work) {
    /** What is done. */
    @FunctionalInterface
    public interface Work {
        /** @throws InterruptedException when the server is stopping */
        void run(Run run) throws InterruptedException;
    }

    /** One time that it is done. */
    @FunctionalInterface
    public interface Run {
        /**
         * Marks it as done, in the transaction that writes what came of it: either both are there or neither. Work that does not
         * call this is marked when it returns, which may be twice for one date.
         *
         * @throws LeaseLost where another replica has taken over; then the transaction must not commit
         */
        void completeIn(Transaction transaction);
    }

    /** At this interval. */
    public static Job every(Duration interval, String name, Work work) {
        return new Job(name, now -> now.plus(interval), work);
    }
}
