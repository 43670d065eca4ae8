package dev.panoptes.server.web;

import dev.panoptes.server.storage.Database;
import dev.panoptes.server.telemetry.EventCounts;
import dev.panoptes.server.web.view.CommandView.Lane;
import dev.panoptes.server.web.view.CommandView.Mark;
import dev.panoptes.server.web.view.Show;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads how many events came from each sensor in the last 24 hours, and what was concluded of them. */
final class LoomStore {
    private static final int CELLS = 96;
    private static final int SHADES = 5;
    private static final long CELL_MINUTES = Duration.ofDays(1).toMinutes() / CELLS;

    private final Database database;
    private static final int MOST_HITS = 300;
    private static final List<String> LEVELS = List.of("critical", "high", "medium");

    private final EventCounts events;
    private final InstantSource clock;

    LoomStore(Database database, EventCounts events, InstantSource clock) {
        this.database = database;
        this.events = events;
        this.clock = clock;
    }

    /** One lane for every sensor that was heard; empty where none was. */
    List<Lane> lanes() {
        Map<String, long[]> bySensor = new TreeMap<>();
        for (String sensor : sensors()) {
            bySensor.put(sensor, new long[CELLS]);
        }
        if (!bySensor.isEmpty()) {
            count(bySensor);
        }
        Instant now = clock.instant();
        Map<String, List<Mark>> marks = bySensor.isEmpty() ? Map.of() : marks(now);
        List<Lane> lanes = new ArrayList<>();
        bySensor.forEach((sensor, counts) -> lanes.add(lane(sensor, counts, marks.getOrDefault(sensor, List.of()))));
        return lanes;
    }

    private void count(Map<String, long[]> bySensor) {
        EventCounts.Day day = events.day();
        long last = Math.floorDiv(day.at().getEpochSecond(), 60L);
        day.minutes().forEach((minute, each) -> {
            int cell = CELLS - 1 - Math.clamp((last - minute) / CELL_MINUTES, 0, CELLS - 1);
            each.forEach((sensor, number) -> bySensor.computeIfAbsent(sensor, _ -> new long[CELLS])[cell] += number);
        });
    }

    private record Hit(String sensor, Instant at, String level, String title) {}

    /** What rules concluded, from medium on, of an event of a sensor; of each quarter of an hour the worst. */
    private Map<String, List<Mark>> marks(Instant now) {
        Map<String, TreeMap<Long, Hit>> worst = new TreeMap<>();
        for (Hit hit : hits(now)) {
            long cell =
                    Math.clamp(CELLS - 1 - Duration.between(hit.at(), now).toMinutes() / CELL_MINUTES, 0, CELLS - 1);
            worst.computeIfAbsent(hit.sensor(), _ -> new TreeMap<>())
                    .merge(cell, hit, (one, other) -> rank(other) < rank(one) ? other : one);
        }
        Map<String, List<Mark>> marks = new TreeMap<>();
        worst.forEach((sensor, cells) -> cells.forEach((cell, hit) -> marks.computeIfAbsent(
                        sensor, _ -> new ArrayList<>())
                .add(new Mark(Long.toString(cell * 8), hit.level(), Show.full(hit.at()) + ": " + hit.title()))));
        return marks;
    }

    private static int rank(Hit hit) {
        return LEVELS.indexOf(hit.level());
    }

    /** The id of an event begins with that of its sensor's stream. */
    private List<Hit> hits(Instant now) {
        return database.transaction(transaction -> transaction.list(
                """
                SELECT s.sensor, h.last_at, h.level, h.title FROM (
                    SELECT last_at, body::jsonb ->> 'level' AS level, body::jsonb ->> 'title' AS title,
                        left(body::jsonb ->> 'event', 36) AS stream
                    FROM detection_hits WHERE last_at BETWEEN ? AND ? AND raising ORDER BY last_at DESC LIMIT ?) AS h
                JOIN telemetry_streams s ON s.id::text = h.stream
                """,
                row -> new Hit(row.text("sensor"), row.instant("last_at"), row.text("level"), row.text("title")),
                now.minus(Duration.ofDays(1)),
                now,
                MOST_HITS));
    }

    private List<String> sensors() {
        return database.transaction(transaction -> transaction.list(
                "SELECT DISTINCT sensor FROM telemetry_streams ORDER BY sensor LIMIT 40", row -> row.text("sensor")));
    }

    /** The darkest shade stands for the least of this sensor, so that a quiet one can be read beside a loud one. */
    private static Lane lane(String sensor, long[] counts, List<Mark> marks) {
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
        for (int i = 0; i < CELLS; i++) {
            if (counts[i] > 0) {
                int shade = (int) Math.min(SHADES - 1, Math.sqrt((double) counts[i] / most) * SHADES);
                shades.get(shade).append('M').append(i * 8).append(" 0h7v14h-7z");
            }
        }
        return new Lane(
                sensor,
                Show.number(total),
                sensor + ": " + Show.count(total, "event", "events") + " in 24 hours",
                shades.stream().map(StringBuilder::toString).toList(),
                marks);
    }
}
