package dev.panoptes.core.heartbeat;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a heartbeat file says.
 *
 * @param name of the agent, as in the file
 * @param pid null where it does not say
 * @param at when it was written, by its own clock
 * @param status as written; null where it does not say
 * @param cycle null where it does not say
 * @param durationMs of the last cycle; null where it does not say
 * @param lastError null where nothing failed
 * @param interval to the next beat; null where the file does not say, as the original's do not
 * @param degraded why it sees less than it is made for; null where it sees all, or does not say
 * @param host as it calls itself; null where it does not say
 */
public record Beat(
        String name,
        @Nullable Long pid,
        Instant at,
        @Nullable String status,
        @Nullable Long cycle,
        @Nullable Long durationMs,
        @Nullable String lastError,
        @Nullable Duration interval,
        @Nullable String degraded,
        @Nullable String host) {}
