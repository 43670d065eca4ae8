package dev.panoptes.server.telemetry;

import dev.panoptes.core.event.Event;
import dev.panoptes.server.storage.Transaction;
import java.util.List;

/** Told of events when they are stored, each once. */
@FunctionalInterface
public interface TelemetryListener {
    /**
     * In the transaction that stores them, before the sensor hears that they are stored: what is written here is written with
     * them, and what is thrown here has all of it sent again.
     *
     * @param events of one stream, in its order; {@code event.id} finds them again, {@code host.name} is what the sensor's host
     *     calls itself
     */
    void stored(Transaction transaction, List<Event> events);
}
