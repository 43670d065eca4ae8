package dev.panoptes.server.telemetry;

import dev.panoptes.server.http.Page;
import dev.panoptes.server.http.QueryTime;
import dev.panoptes.server.http.Request;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which events somebody asks for; null fits everything.
 *
 * @param from the earliest time, itself included
 * @param to the time before which they must have happened
 * @param ip one of the addresses that an event names
 * @param process the end of its executable's path, or its name
 * @param text anywhere in the event as it was sent, without regard to case
 */
record EventFilter(
        @Nullable Instant from,
        @Nullable Instant to,
        @Nullable String host,
        @Nullable String sensor,
        @Nullable String action,
        @Nullable String user,
        @Nullable String ip,
        @Nullable String process,
        @Nullable String text) {
    static EventFilter of(Request request) {
        return new EventFilter(
                QueryTime.of(request, "from"),
                QueryTime.of(request, "to"),
                request.query("host").orElse(null),
                request.query("sensor").orElse(null),
                request.query("action").orElse(null),
                request.query("user").orElse(null),
                request.query("ip").orElse(null),
                request.query("process").orElse(null),
                request.query("text").filter(text -> !text.isEmpty()).orElse(null));
    }

    /** Where an event stands in the list. */
    record Key(Instant at, UUID stream, long number) {
        static final int PARTS = 3;

        /** Of a page that goes on with what happened at this time or before. */
        static List<String> from(Instant at) {
            return List.of(at.toString(), new UUID(-1, -1).toString(), Long.toString(Long.MAX_VALUE));
        }

        static List<String> of(TelemetryStore.Line line) {
            return List.of(line.at().toString(), line.stream().toString(), Long.toString(line.number()));
        }

        /** Null for the first page. */
        static @Nullable Key after(Page.Asked page) {
            return page.after().isEmpty() ? null : new Key(page.instant(0), page.id(1), page.number(2));
        }
    }

    /** Whether it asks for more than a time. */
    boolean selects() {
        return host != null
                || sensor != null
                || action != null
                || user != null
                || ip != null
                || process != null
                || text != null;
    }

    /** Bits that a block of events with one that fits has; see {@link EventGrams}. */
    Set<Integer> grams() {
        Set<Integer> grams = new LinkedHashSet<>();
        if (text != null) {
            grams.addAll(EventGrams.of(text));
        }
        if (ip != null) {
            grams.addAll(EventGrams.Column.IP.of(ip));
        }
        if (user != null) {
            grams.addAll(EventGrams.Column.USER.of(user));
        }
        if (process != null) {
            grams.addAll(EventGrams.Column.ending(process));
        }
        if (action != null) {
            grams.addAll(EventGrams.Column.ACTION.of(action));
        }
        return grams;
    }

    void addTimes(Conditions conditions) {
        add(conditions, "at >= ?", from);
        add(conditions, "at < ?", to);
    }

    /** What it asks beside the time. */
    void addTo(Conditions conditions) {
        add(conditions, "host = ?", host);
        add(conditions, "sensor = ?", sensor);
        add(conditions, "action = ?", action);
        add(conditions, "user_name = ?", user);
        add(conditions, "ips @> ARRAY[?]::text[]", ip);
        if (process != null) {
            conditions.add("(process = ? OR process LIKE ?)", process).and("%/" + pattern(process));
        }
        if (text != null) {
            // Letters beyond ASCII cost four times as much.
            boolean plain = text.chars().allMatch(letter -> letter < 0x80);
            conditions.add(plain ? "body COLLATE \"C\" ILIKE ?" : "body ILIKE ?", "%" + pattern(text) + "%");
        }
    }

    private static void add(Conditions conditions, String condition, @Nullable Object value) {
        if (value != null) {
            conditions.add(condition, value);
        }
    }

    private static String pattern(String text) {
        return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
    }
}
