package dev.panoptes.sensors;

import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Captures to be read.
 *
 * @param files in order; a later one goes on where the one before ended
 * @param zone in which stamps without a zone are read
 * @param year of the first line of a log that has none; null: the file's own time tells
 * @param settings the sensor's part of the configuration
 */
public record Replay(
        List<Path> files, ZoneId zone, @Nullable Integer year, Settings settings) {
    public Replay {
        files = List.copyOf(files);
    }
}
