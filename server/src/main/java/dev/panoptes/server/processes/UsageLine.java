package dev.panoptes.server.processes;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a host used at one time. What is null was not told.
 *
 * @param cpuPercent of all cores, 0 to 100
 * @param load of the last minute
 */
record UsageLine(
        Instant at,
        @Nullable Double cpuPercent,
        @Nullable Long memoryBytes,
        @Nullable Long memoryAvailableBytes,
        @Nullable Double load) {}
