package dev.panoptes.server.health;

import dev.panoptes.server.storage.Database;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the health of the whole reads of agents' and sensors' tables. */
final class SensorStore {
    private final Database database;

    SensorStore(Database database) {
        this.database = database;
    }

    /**
     * A sensor, wherever it runs.
     *
     * @param instances installations that sent within the time that was asked for
     * @param lastAt when any of them sent last
     */
    record Sensor(String sensor, int instances, Instant lastAt) {}

    /** Those that ever sent, the names of their events in order. */
    List<Sensor> sensors(Instant since) {
        return database.transaction(transaction -> transaction.list(
                """
                SELECT sensor, count(*) FILTER (WHERE last_at >= ?)::int AS instances, max(last_at) AS last_at
                FROM telemetry_streams GROUP BY sensor ORDER BY sensor
                """, row -> new Sensor(row.text("sensor"), row.integer("instances"), row.instant("last_at")), since));
    }

    /** @param enrolled agents that are not decommissioned @param beating those that ever beat */
    record Counts(long events, int enrolled, int beating) {}

    Counts counts(Instant now) {
        return database.transaction(transaction -> transaction.one(
                """
                SELECT (SELECT count(*) FROM events WHERE received_at >= ?) AS events,
                    (SELECT count(*)::int FROM agents WHERE decommissioned_at IS NULL) AS enrolled,
                    (SELECT count(*)::int FROM agent_beats) AS beating
                """,
                row -> new Counts(row.bigint("events"), row.integer("enrolled"), row.integer("beating")),
                now.minus(Duration.ofDays(1))));
    }

    /** The key under which the original contract knows a sensor. */
    static String key(String sensor) {
        return sensor.equals("file_integrity") ? "fim_agent" : sensor + "_agent";
    }

    static @Nullable String why(Sensor sensor) {
        return sensor.instances() > 0 ? null : "it sent last at " + sensor.lastAt();
    }
}
