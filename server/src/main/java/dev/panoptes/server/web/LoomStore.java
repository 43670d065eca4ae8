package dev.panoptes.server.web;

import dev.panoptes.server.storage.Database;
import dev.panoptes.server.telemetry.EventCounts;
import dev.panoptes.server.telemetry.Telemetry;
import dev.panoptes.server.web.view.CommandView.Lane;
import dev.panoptes.server.web.view.CommandView.Mark;
import dev.panoptes.server.web.view.Show;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.LongStream;

/** Reads how many events came from each sensor lately, and what was concluded of them. */
final class LoomStore {
    private static final int SHADES = 5;
    /** How wide all parts are together. */
    private static final int WIDTH = 768;

    private static final int MOST_HITS = 300;
    private static final List<String> LEVELS = List.of("critical", "high", "medium");

    private final Database database;
    private final Telemetry telemetry;
    private final InstantSource clock;

    LoomStore(Database database, Telemetry telemetry, InstantSource clock) {
        this.database = database;
        this.telemetry = telemetry;
        this.clock = clock;
    }

    /** @param uncounted hours that are still to be counted */
    record Loom(List<Lane> lanes, int uncounted) {}

    /** One lane for every sensor that was heard; empty where none was. */
    Loom loom(Span span) {
        Map<String, long[]> bySensor = new TreeMap<>();
        for (String sensor : sensors()) {
            bySensor.put(sensor, new long[span.cells()]);
        }
        if (bySensor.isEmpty()) {
            return new Loom(List.of(), 0);
        }
        int uncounted = count(bySensor, span);
        Map<String, List<Mark>> marks = marks(clock.instant(), span);
        List<Lane> lanes = new ArrayList<>();
        bySensor.forEach(
                (sensor, counts) -> lanes.add(lane(sensor, counts, span, marks.getOrDefault(sensor, List.of()))));
        return new Loom(lanes, uncounted);
    }

    private int count(Map<String, long[]> bySensor, Span span) {
        EventCounts.Day day = telemetry.counts().day();
        long last = Math.floorDiv(day.at().getEpochSecond(), 60L);
        NavigableMap<Long, Map<String, Long>> hours =
                span == Span.WEEK ? telemetry.hours().week().hours() : new TreeMap<>();
        hours.forEach((hour, came) -> add(bySensor, span, last - hour * 60, came));
        // What is of no counted hour yet is known by the minute.
        day.minutes().forEach((minute, came) -> {
            if (!hours.containsKey(Math.floorDiv(minute, 60L))) {
                add(bySensor, span, last - minute, came);
            }
        });
        long hour = Math.floorDiv(last, 60L);
        return span != Span.WEEK
                ? 0
                : (int) LongStream.rangeClosed(
                                hour - span.length().toHours() + 1,
                                hour - Duration.ofDays(1).toHours())
                        .filter(each -> !hours.containsKey(each))
                        .count();
    }

    private static void add(Map<String, long[]> bySensor, Span span, long minutesAgo, Map<String, Long> came) {
        if (minutesAgo < span.length().toMinutes()) {
            int cell = cell(span, minutesAgo);
            came.forEach(
                    (sensor, number) -> bySensor.computeIfAbsent(sensor, _ -> new long[span.cells()])[cell] += number);
        }
    }

    private static int cell(Span span, long minutesAgo) {
        return Math.clamp(span.cells() - 1 - minutesAgo / span.cellMinutes(), 0, span.cells() - 1);
    }

    private static int x(Span span, long cell) {
        return (int) (cell * WIDTH / span.cells());
    }

    private record Hit(String sensor, Instant at, String level, String title) {}

    /** What rules concluded, from medium on, of an event of a sensor; of each part the worst. */
    private Map<String, List<Mark>> marks(Instant now, Span span) {
        Map<String, TreeMap<Integer, Hit>> worst = new TreeMap<>();
        for (Hit hit : hits(now, span)) {
            worst.computeIfAbsent(hit.sensor(), _ -> new TreeMap<>())
                    .merge(
                            cell(span, Duration.between(hit.at(), now).toMinutes()),
                            hit,
                            (one, other) -> rank(other) < rank(one) ? other : one);
        }
        Map<String, List<Mark>> marks = new TreeMap<>();
        worst.forEach((sensor, cells) -> cells.forEach((cell, hit) -> marks.computeIfAbsent(
                        sensor, _ -> new ArrayList<>())
                .add(new Mark(
                        Integer.toString(x(span, cell)), hit.level(), Show.full(hit.at()) + ": " + hit.title()))));
        return marks;
    }

    private static int rank(Hit hit) {
        return LEVELS.indexOf(hit.level());
    }

    /** The id of an event begins with that of its sensor's stream. */
    private List<Hit> hits(Instant now, Span span) {
        return database.transaction(transaction -> transaction.list(
                """
                SELECT s.sensor, h.last_at, h.level, h.title FROM (
                    SELECT last_at, body::jsonb ->> 'level' AS level, body::jsonb ->> 'title' AS title,
                        left(body::jsonb ->> 'event', 36) AS stream
                    FROM detection_hits WHERE last_at BETWEEN ? AND ? AND raising ORDER BY last_at DESC LIMIT ?) AS h
                JOIN telemetry_streams s ON s.id::text = h.stream
                """,
                row -> new Hit(row.text("sensor"), row.instant("last_at"), row.text("level"), row.text("title")),
                now.minus(span.length()),
                now,
                MOST_HITS));
    }

    private List<String> sensors() {
        return database.transaction(transaction -> transaction.list(
                "SELECT DISTINCT sensor FROM telemetry_streams ORDER BY sensor LIMIT 40", row -> row.text("sensor")));
    }

    /** The darkest shade stands for the least of this sensor, so that a quiet one can be read beside a loud one. */
    private static Lane lane(String sensor, long[] counts, Span span, List<Mark> marks) {
        long most = 0;
        long total = 0;
        for (long count : counts) {
            most = Math.max(most, count);
            total += count;
        }
        List<StringBuilder> shades = new ArrayList<>();
        for (int i = 0; i < SHADES; i++) {
            shades.add(new StringBuilder());
        }
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0) {
                int shade = (int) Math.min(SHADES - 1, Math.sqrt((double) counts[i] / most) * SHADES);
                int x = x(span, i);
                int wide = x(span, i + 1L) - x - 1;
                shades.get(shade)
                        .append('M')
                        .append(x)
                        .append(" 0h")
                        .append(wide)
                        .append("v14h-")
                        .append(wide)
                        .append('z');
            }
        }
        return new Lane(
                sensor,
                Show.number(total),
                sensor + ": " + Show.count(total, "event", "events") + " in the " + span.words(),
                shades.stream().map(StringBuilder::toString).toList(),
                marks);
    }
}
