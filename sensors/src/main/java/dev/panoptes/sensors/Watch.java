package dev.panoptes.sensors;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A sensor at work. {@code collect} is called by one thread; {@code close} is idempotent and ends the threads it started. */
public interface Watch extends AutoCloseable {
    /**
     * One cycle: looks at what has to be looked at, and sees to the sources that push. Heeds interruption at batch borders.
     *
     * @throws IOException where this cycle could not look; the next one tries again
     */
    void collect(Cycle cycle) throws IOException, InterruptedException;

    /** Why it sees less than its status promised; null where it does not. Asked after every cycle. */
    default @Nullable String degraded() {
        return null;
    }

    @Override
    void close();
}
