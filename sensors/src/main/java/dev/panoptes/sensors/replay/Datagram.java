package dev.panoptes.sensors.replay;

import dev.panoptes.core.AddressText;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One UDP datagram.
 *
 * @param time when it was captured or received; null where nothing tells
 * @param source the sender's address, 4 or 16 bytes; null for a datagram that was stored without its envelope
 * @param sourcePort 0 where {@code source} is null
 * @param destination the receiver's address; null as {@code source}
 * @param data holds the payload; shared, not to be changed
 * @param offset where the payload begins in {@code data}
 * @param length bytes of payload that are there
 * @param truncated true where the capture holds less than was sent
 */
public record Datagram(
        @Nullable Instant time,
        byte @Nullable [] source,
        int sourcePort,
        byte @Nullable [] destination,
        int destinationPort,
        byte[] data,
        int offset,
        int length,
        boolean truncated) {

    /** The sender's address as text; null where it is not known. */
    public @Nullable String sourceText() {
        return source == null ? null : AddressText.of(source);
    }

    /** The receiver's address as text; null where it is not known. */
    public @Nullable String destinationText() {
        return destination == null ? null : AddressText.of(destination);
    }
}
