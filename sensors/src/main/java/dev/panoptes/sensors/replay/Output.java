package dev.panoptes.sensors.replay;

import dev.panoptes.core.event.Event;

/** Where a parser tells what it made of its input. For one thread. */
public interface Output {
    /** Something that happened. The receiver adds what every event has: id, host, observer. */
    void event(Event.Builder event);

    /** One record that could not be read, or not to its end. */
    void malformed();

    /**
     * @param provider the source, as {@code event.provider} tells it
     * @param count records that the source's own numbers say are missing
     */
    void lost(String provider, long count);
}
