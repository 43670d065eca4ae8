package dev.panoptes.server.telemetry;

import dev.panoptes.core.event.Event;
import dev.panoptes.server.storage.Transaction;

/** Told of events when they are stored, each once. */
@FunctionalInterface
public interface TelemetryListener {
    /**
     * Begins to listen to one batch, of one stream.
     *
     * @param host whose sensor it is, by the token that it came with
     */
    Hearing begin(String host);

    /** Listens to a batch. For one thread. */
    interface Hearing {
        /**
         * Thinks about the next event before the transaction that stores it begins, for a transaction that is silent while
         * somebody thinks holds its locks, and is ended by the database after a while. Writes nothing: it may never be stored.
         * What is kept of it should be little: a batch has thousands.
         *
         * @param event {@code event.id} finds it again, {@code host.name} is what the sensor's host calls itself
         */
        void hear(Event event);

        /**
         * In the transaction that stores all that was heard, before the sensor hears that they are stored: what is written here
         * is written with them, and what is thrown here has all of it sent again. May be called again where the transaction
         * is tried again.
         */
        void stored(Transaction transaction);
    }
}
