package dev.panoptes.server.telemetry;

import dev.panoptes.server.http.Json;
import dev.panoptes.server.storage.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * How many events came from each sensor in every hour of the last week, as the table {@code event_hours} keeps it: an hour is
 * counted once, when it is over, by one replica for all. Events that are dropped later stay counted.
 */
public final class EventHours {
    private static final Duration WEEK = Duration.ofDays(7);
    /** What is stored is of the time when its transaction began, which may have ended later. */
    private static final Duration LATE = Duration.ofMinutes(5);

    private final Database database;
    private final InstantSource clock;

    EventHours(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** @param hours since 1970 -> sensor -> events; those that are counted, also where nothing came */
    public record Week(NavigableMap<Long, Map<String, Long>> hours) {}

    /** What is counted of the last seven days. */
    public Week week() {
        NavigableMap<Long, Map<String, Long>> hours = new TreeMap<>();
        for (Hour hour : database.transaction(transaction -> transaction.list(
                "SELECT hour, sensors::text AS sensors FROM event_hours WHERE hour > ?",
                row -> new Hour(row.instant("hour"), row.text("sensors")),
                clock.instant().minus(WEEK).minus(1, ChronoUnit.HOURS)))) {
            Map<String, Long> sensors = new HashMap<>();
            Json.readOwn(hour.sensors(), JsonNode.class)
                    .properties()
                    .forEach(each -> sensors.put(each.getKey(), each.getValue().asLong()));
            hours.put(number(hour.at()), sensors);
        }
        return new Week(hours);
    }

    private record Hour(Instant at, String sensors) {}

    private static long number(Instant hour) {
        return Math.floorDiv(hour.getEpochSecond(), 3_600L);
    }

    /** Counts the hours that are over and not counted yet, the newest first, and forgets those before the week. */
    void review() {
        Instant now = clock.instant();
        Instant first = now.minus(WEEK).truncatedTo(ChronoUnit.HOURS);
        Instant end = now.minus(LATE).truncatedTo(ChronoUnit.HOURS);
        Set<Instant> there = database.transaction(transaction -> {
            transaction.update("DELETE FROM event_hours WHERE hour < ?", first);
            return new HashSet<>(transaction.list("SELECT hour FROM event_hours", row -> row.instant("hour")));
        });
        for (Instant hour = end.minus(1, ChronoUnit.HOURS);
                !hour.isBefore(first);
                hour = hour.minus(1, ChronoUnit.HOURS)) {
            if (!there.contains(hour)) {
                count(hour);
            }
        }
    }

    private void count(Instant hour) {
        database.transaction(transaction -> transaction.update("""
                INSERT INTO event_hours (hour, sensors)
                SELECT ?, coalesce(jsonb_object_agg(sensor, events), '{}') FROM (
                    SELECT sensor, count(*) AS events FROM events WHERE received_at >= ? AND received_at < ? GROUP BY sensor) AS came
                ON CONFLICT (hour) DO NOTHING
                """, hour, hour, hour.plus(1, ChronoUnit.HOURS)));
    }
}
