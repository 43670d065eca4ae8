package dev.panoptes.sensors;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * One of the host's watchers. It only says what it is and opens what it watches by: constructing one reads nothing. Sources
 * do the reading, parsers are pure, and what stands in between is the sensor's own package.
 */
public interface Sensor {
    /** As on the command line and in {@code event.dataset}: {@code file_integrity}. */
    String name();

    /** The time between two cycles unless options or configuration say otherwise. */
    Duration interval();

    /** What it reads, the best source first, in one line. */
    String reads();

    /** The privileges and programs that it needs for all of that, in one line. */
    String needs();

    /** ATT&CK techniques that its events speak of: {@code T1543}. */
    List<String> techniques();

    /** Reads every setting of its own, so that what is wrong with them is known before anything is opened. */
    default void check(Settings settings) {}

    /** What it could see in these surroundings; looks, but changes nothing. */
    SensorStatus status(Surroundings surroundings);

    /**
     * Reads captures through the same parsers. Knows their formats by content. Stored positions are neither used nor written.
     *
     * @throws UnreadableCapture where a file holds nothing that this sensor reads, so that silence would look like "all quiet"
     * @throws IOException where a file cannot be read
     */
    ReplayResult replay(Replay replay, EventSink sink) throws IOException, InterruptedException;

    /**
     * Opens the live sources. Sources that push (sockets, notifications) may give events to the sink at any time from threads
     * of their own; those that are looked at are looked at in {@link Watch#collect}.
     */
    Watch open(Surroundings surroundings, EventSink sink) throws IOException, InterruptedException;
}
