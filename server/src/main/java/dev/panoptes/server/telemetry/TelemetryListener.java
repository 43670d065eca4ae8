package dev.panoptes.server.telemetry;

import dev.panoptes.core.event.Event;
import dev.panoptes.server.storage.Transaction;
import java.util.List;

/** Told of events when they are stored, each once. */
@FunctionalInterface
public interface TelemetryListener {
    /**
     * Thinks about events before the transaction that stores them begins, for a transaction that is silent while somebody
     * thinks holds its locks, and is ended by the database after a while. Writes nothing: they may never be stored.
     *
     * @param host whose sensor it is, by the token that it came with
     * @param events of one stream, in its order; {@code event.id} finds them again, {@code host.name} is what the sensor's host
     *     calls itself
     */
    Heard heard(String host, List<Event> events);

    /** What a listener thinks of events. */
    @FunctionalInterface
    interface Heard {
        /**
         * In the transaction that stores them, before the sensor hears that they are stored: what is written here is written
         * with them, and what is thrown here has all of it sent again.
         *
         * @param known how many of the events, from the first on, were stored before; they must not count again
         */
        void stored(Transaction transaction, int known);
    }
}
