package dev.panoptes.sensors.replay;

import dev.panoptes.core.event.Event;
import dev.panoptes.sensors.EventSink;
import dev.panoptes.sensors.Loss;
import dev.panoptes.sensors.ReplayResult;
import java.util.ArrayDeque;

/**
 * Hands on what a parser tells to a sink, in order. It holds what one record gave until the record has been read, because a
 * parser cannot wait for room. For one thread.
 */
public final class SinkOutput implements Receiver {
    private final EventSink sink;
    private final String provider;
    private final ArrayDeque<Object> told = new ArrayDeque<>();
    private long events;
    private long malformed;
    private long lost;

    /** @param provider the source that unreadable records are counted for */
    public SinkOutput(EventSink sink, String provider) {
        this.sink = sink;
        this.provider = provider;
    }

    @Override
    public void event(Event.Builder event) {
        told.add(event);
        events++;
    }

    @Override
    public void malformed() {
        malformed++;
        told.add(Malformed.RECORD);
    }

    @Override
    public void lost(String source, long count) {
        lost += count;
        events++;
        told.add(new Lost(source, count));
    }

    @Override
    public void endOfRecord() throws InterruptedException {
        if (!told.isEmpty()) {
            sink.together(this::give);
        }
    }

    /** True where something was told since a record ended. */
    public boolean hasMore() {
        return !told.isEmpty();
    }

    /** What the record gave, and how far its source has been read with it, become durable together. */
    public void endOfRecord(String source, String position) throws InterruptedException {
        sink.together(() -> {
            give();
            sink.position(source, position);
        });
    }

    private void give() throws InterruptedException {
        for (Object next = told.poll(); next != null; next = told.poll()) {
            switch (next) {
                case Event.Builder event -> sink.event(event);
                case Lost(String source, long count) -> sink.lost(Loss.SOURCE_GAP, source, count);
                default -> sink.malformed(provider, 1);
            }
        }
    }

    /** What has been told so far. */
    ReplayResult result(long records) {
        return new ReplayResult(records, events, malformed, lost);
    }

    private record Lost(String provider, long count) {}

    private enum Malformed {
        RECORD
    }
}
