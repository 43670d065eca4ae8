package dev.panoptes.sensors.flow;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a datagram's header says that its records need.
 *
 * @param version 9 or 10
 * @param exported when it was sent, by the exporter's clock
 * @param bootMillis when the exporter was started, in milliseconds since 1970; {@code Long.MIN_VALUE} where not told
 * @param upMillis how long it had run then, in milliseconds modulo 2^32
 */
record FlowContext(int version, @Nullable Instant exported, long bootMillis, long upMillis) {
    static final long NO_BOOT = Long.MIN_VALUE;

    /** The time of a stamp in milliseconds since the start, which may have rolled over since; null where nothing tells the start. */
    @Nullable
    Instant at(long sinceBoot) {
        if (bootMillis == NO_BOOT) {
            return null;
        }
        // A stamp ahead of the clock by more than half of its range was taken before the clock rolled over.
        long millis = sinceBoot - upMillis > 1L << 31 ? sinceBoot - (1L << 32) : sinceBoot;
        return Instant.ofEpochMilli(bootMillis + millis);
    }
}
