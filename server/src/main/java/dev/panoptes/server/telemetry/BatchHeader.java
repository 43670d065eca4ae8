package dev.panoptes.server.telemetry;

import dev.panoptes.core.event.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The first line of a batch.
 *
 * @param first number of the first event, or of the next one where there is none
 * @param count how many events follow
 * @param lost numbers that will never come; all below {@code first}
 * @param appended the last number that the sensor has; null where it does not say
 */
record BatchHeader(
        UUID stream,
        String sensor,
        long first,
        int count,
        List<Lost> lost,
        @Nullable Long appended) {
    private static final Pattern SENSOR = Pattern.compile("[a-z][a-z0-9_]{0,31}");
    private static final Pattern REASON = Pattern.compile("[a-z][a-z0-9_]{0,31}");
    private static final int MOST_LOST = 10_000;

    BatchHeader {
        lost = List.copyOf(lost);
    }

    /** A range. @param reason one word */
    record Lost(long from, long to, String reason) {}

    long last() {
        return first + count - 1;
    }

    /** @throws IllegalArgumentException with one sentence where it is no header */
    static BatchHeader of(Event line) {
        String stream = line.text("stream");
        String sensor = line.text("sensor");
        Long first = line.number("first");
        Long count = line.number("count");
        if (stream == null || sensor == null || first == null || count == null) {
            throw new IllegalArgumentException("the first line must have stream, sensor, first and count");
        }
        if (!SENSOR.matcher(sensor).matches()) {
            throw new IllegalArgumentException("sensor is no name of a sensor");
        }
        if (first < 1 || count < 0 || count > Integer.MAX_VALUE || first > Long.MAX_VALUE - count) {
            throw new IllegalArgumentException("first is at least 1, count at least 0");
        }
        return new BatchHeader(
                UUID.fromString(stream), sensor, first, count.intValue(), lost(line, first), line.number("appended"));
    }

    private static List<Lost> lost(Event line, long first) {
        List<Lost> all = new ArrayList<>();
        for (Object each : line.values("lost")) {
            if (!(each instanceof Map<?, ?> map)
                    || !(map.get("from") instanceof Long from)
                    || !(map.get("to") instanceof Long to)
                    || !(map.get("reason") instanceof String reason)) {
                throw new IllegalArgumentException("lost holds objects with from, to and reason");
            }
            if (from < 1 || to < from || to >= first || !REASON.matcher(reason).matches()) {
                throw new IllegalArgumentException("a lost range ends before first, and its reason is one word");
            }
            all.add(new Lost(from, to, reason));
        }
        if (all.size() > MOST_LOST) {
            throw new IllegalArgumentException("more than " + MOST_LOST + " lost ranges");
        }
        return all;
    }
}
