package dev.panoptes.sensors.replay;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One TCP segment as it was captured.
 *
 * @param time when it was captured; null where nothing tells
 * @param sequence its sequence number, 0 to 2^32-1, of the first byte (of SYN where that is set)
 * @param data holds the payload; shared, not to be changed
 */
public record Segment(
        @Nullable Instant time,
        byte[] source,
        int sourcePort,
        byte[] destination,
        int destinationPort,
        long sequence,
        boolean syn,
        boolean fin,
        boolean reset,
        byte[] data,
        int offset,
        int length) {}
