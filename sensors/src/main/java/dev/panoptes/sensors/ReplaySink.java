package dev.panoptes.sensors;

import dev.panoptes.core.event.Event;
import dev.panoptes.core.event.EventLine;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Writes events as lines, and keeps nothing else: what a replay gives its events to. */
public final class ReplaySink implements EventSink {
    private final Stamp stamp;
    private final @Nullable OutputStream out;
    private final InstantSource clock;
    private final EventLine line = new EventLine();
    private @Nullable Object lastTime;
    private long events;
    private long malformed;
    private long lost;

    /** @param out null where events are only counted */
    public ReplaySink(Stamp stamp, @Nullable OutputStream out, InstantSource clock) {
        this.stamp = stamp;
        this.out = out;
        this.clock = clock;
    }

    @Override
    public synchronized void event(Event.Builder builder) {
        stamp.fill(builder, ++events, null);
        lastTime = builder.value("@timestamp");
        if (out != null) {
            line.clear();
            builder.json(line);
            line.append('\n');
            try {
                line.writeTo(out);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The loss is told at the time of the event before it: a capture's own time, not the clock's. */
    @Override
    public synchronized void lost(Loss reason, String provider, long count) {
        lost += count;
        Instant time = lastTime == null ? null : Instant.parse(lastTime.toString());
        event(LossEvent.of(time == null ? clock.instant() : time, reason, provider, count));
    }

    @Override
    public synchronized void malformed(String provider, long count) {
        malformed += count;
    }

    @Override
    public void position(String source, String position) {
        // A replay neither uses nor writes positions.
    }

    @Override
    public void flush() {
        // The caller flushes the stream once, at the end.
    }

    /** What this sink has seen, for a sensor that counts only its records. */
    public synchronized ReplayResult result(long records) {
        return new ReplayResult(records, events, malformed, lost);
    }
}
