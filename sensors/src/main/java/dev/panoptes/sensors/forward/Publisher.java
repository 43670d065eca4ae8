package dev.panoptes.sensors.forward;

import dev.panoptes.sensors.spool.Batch;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Hands batches to where they are kept. Safe for several threads. */
@FunctionalInterface
public interface Publisher {
    /** @param appended the last number that the stream has */
    Answer publish(UUID stream, String sensor, Batch batch, long appended) throws InterruptedException;

    /** What became of a batch. */
    sealed interface Answer {
        /** Everything up to this number is kept there, and may be forgotten here. */
        record Kept(long acknowledged) implements Answer {}

        /** It does not take so much at once. */
        record TooLarge() implements Answer {}

        /** Not now. @param after not before; null where it does not say */
        record Later(String reason, @Nullable Duration after) implements Answer {}

        /** It will never take this. */
        record Refused(String reason) implements Answer {}
    }
}
