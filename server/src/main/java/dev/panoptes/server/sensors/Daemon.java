package dev.panoptes.server.sensors;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the daemon of a host said last.
 *
 * @param version of the program
 * @param seenAt when, by the server's clock
 * @param configVersion the newest that it tried; 0: none
 * @param configError null where it was applied
 * @param appliedVersion the last that it could apply, and runs
 */
record Daemon(
        String version,
        Instant seenAt,
        int configVersion,
        String configHash,
        ConfigState configState,
        @Nullable String configError,
        int appliedVersion,
        List<SensorState> sensors) {
    Daemon {
        sensors = List.copyOf(sensors);
    }

    /** What became of a configuration. */
    enum ConfigState {
        APPLIED,
        /** It went on with the last good one. */
        FAILED
    }

    /**
     * How one sensor is.
     *
     * @param state running, degraded, error or stopped
     * @param reason why it does not see all that it is made for; null where it does
     * @param intervalSeconds between two cycles; null where it does not run
     * @param lastError null where nothing failed
     */
    record SensorState(
            String name,
            String state,
            @Nullable String reason,
            @Nullable Double intervalSeconds,
            long cycles,
            long events,
            long errors,
            @Nullable String lastError) {}
}
