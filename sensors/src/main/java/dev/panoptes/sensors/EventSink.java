package dev.panoptes.sensors;

import dev.panoptes.core.event.Event;
import java.time.Duration;

/**
 * Where a sensor's events go, in order. Safe for several threads of one sensor; a call waits while the queue is full, so
 * sources stay bounded. What was given is durable only later, and always together with every position given before it.
 */
public interface EventSink {
    /**
     * Takes one event. The sensor sets {@code @timestamp}, {@code event.category, type, action, outcome, provider} and its
     * own fields, {@code user} and {@code process.user} both where they are the same; the sink adds {@code event.id, kind,
     * dataset, sequence}, {@code host}, {@code observer} and {@code related}, where they are not set.
     */
    void event(Event.Builder event) throws InterruptedException;

    /**
     * What a source dropped or skipped. It becomes an event of its own (action {@code lost}) and is counted.
     *
     * @param provider the source, as in {@code event.provider}
     * @param count how many records; 0 where only the fact is known
     */
    void lost(Loss reason, String provider, long count) throws InterruptedException;

    /** Records that could not be read; counted, not told one by one. */
    void malformed(String provider, long count) throws InterruptedException;

    /**
     * How far a source has been read: kept in one transaction with the events that this thread gave before.
     *
     * @param source names the source within this sensor, for example a path
     * @param position anything the source understands later; an empty text forgets it
     */
    void position(String source, String position) throws InterruptedException;

    /**
     * How long the calling thread is to rest because its sensor takes more of the machine than it may; zero where it may go on.
     * Sources that can wait do; the others drop what comes meanwhile unread and tell how much, as {@link Loss#RATE}.
     */
    default Duration rest() {
        return Duration.ZERO;
    }

    /** Rests as long as {@link #rest} asks for, a second at most: for work that goes on where it was. */
    default void pace() throws InterruptedException {
        long millis = Math.min(1000, rest().toMillis());
        if (millis > 0) {
            Thread.sleep(millis);
        }
    }

    /**
     * What is given within becomes durable in one transaction: events, and how far their source had been read with them. It is
     * short: one record of a source and what that record gave.
     */
    default void together(Giving giving) throws InterruptedException {
        giving.give();
    }

    /** Gives events and positions to this sink. */
    @FunctionalInterface
    interface Giving {
        void give() throws InterruptedException;
    }

    /** Waits until everything given before by this thread is durable. */
    void flush() throws InterruptedException;
}
