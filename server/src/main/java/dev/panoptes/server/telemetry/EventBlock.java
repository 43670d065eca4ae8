package dev.panoptes.server.telemetry;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Some events that are searched together, or not at all.
 *
 * @param firstAt no event of it happened before
 * @param lastAt none happened after
 * @param receivedFrom none came before
 * @param receivedTo none came after
 * @param ranges which numbers of which streams; there need not be an event of each number
 * @param grams as {@link EventGrams} makes them
 */
record EventBlock(
        Instant firstAt,
        Instant lastAt,
        Instant receivedFrom,
        Instant receivedTo,
        int events,
        List<Range> ranges,
        byte[] grams) {
    /** About how many events one has. */
    static final int EVENTS = 1_024;

    /** Times are rounded when they are stored, in more than one place. */
    private static final Duration ROUNDED = Duration.ofNanos(1_000);

    /** Numbers of a stream, both ends included. */
    record Range(UUID stream, long from, long to) {}

    /** One that is being made. For one thread. */
    static final class Draft {
        private final EventGrams grams = new EventGrams();
        private final Map<UUID, Range> ranges = new LinkedHashMap<>();
        private @Nullable Instant firstAt;
        private @Nullable Instant lastAt;
        private @Nullable Instant receivedFrom;
        private @Nullable Instant receivedTo;
        private int events;

        EventGrams grams() {
            return grams;
        }

        int events() {
            return events;
        }

        /** Notes that an event belongs to it, whose text is added to its grams. Those of a stream come in their order. */
        void add(UUID stream, long number, Instant at, Instant receivedAt) {
            events++;
            firstAt = firstAt == null || at.isBefore(firstAt) ? at : firstAt;
            lastAt = lastAt == null || at.isAfter(lastAt) ? at : lastAt;
            receivedFrom = receivedFrom == null || receivedAt.isBefore(receivedFrom) ? receivedAt : receivedFrom;
            receivedTo = receivedTo == null || receivedAt.isAfter(receivedTo) ? receivedAt : receivedTo;
            Range range = ranges.get(stream);
            if (range == null) {
                ranges.put(stream, new Range(stream, number, number));
            } else if (number > range.to()) {
                ranges.put(stream, new Range(stream, range.from(), number));
            }
        }

        /** What was added since the last time, which is something, as one. */
        EventBlock take() {
            if (firstAt == null || lastAt == null || receivedFrom == null || receivedTo == null) {
                throw new IllegalStateException("a block has at least one event");
            }
            EventBlock block = new EventBlock(
                    firstAt.minus(ROUNDED),
                    lastAt.plus(ROUNDED),
                    receivedFrom.minus(ROUNDED),
                    receivedTo.plus(ROUNDED),
                    events,
                    new ArrayList<>(ranges.values()),
                    grams.take());
            ranges.clear();
            events = 0;
            firstAt = null;
            lastAt = null;
            receivedFrom = null;
            receivedTo = null;
            return block;
        }
    }
}
