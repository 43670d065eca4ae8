package dev.panoptes.sensors;

import java.util.Optional;

/** How far sources had been read when the sensor last ran on this data directory. */
@FunctionalInterface
public interface Positions {
    /** Nothing was read before. */
    Positions NONE = source -> Optional.empty();

    /** What {@link EventSink#position} was last given for the source; empty where nothing. */
    Optional<String> position(String source);
}
