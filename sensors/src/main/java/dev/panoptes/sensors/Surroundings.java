package dev.panoptes.sensors;

import dev.panoptes.core.host.Host;
import dev.panoptes.core.host.Privileges;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * What a live sensor works in.
 *
 * @param host this machine, or the tree of another one ({@code --host-root})
 * @param privileges what this process may do
 * @param zone in which stamps without a zone are read
 * @param settings the sensor's part of the configuration
 * @param positions how far its sources were read before
 * @param directory where it may keep files of its own between runs; null where nothing is kept
 * @param once true where there is one cycle only: sources that push give what they have within it
 */
public record Surroundings(
        Host host,
        Privileges privileges,
        InstantSource clock,
        ZoneId zone,
        Settings settings,
        Positions positions,
        @Nullable Path directory,
        boolean once) {}
