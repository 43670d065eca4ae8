package dev.panoptes.server.health;

import dev.panoptes.server.storage.Database;
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
     * @param instances installations that sent within the time that was asked for, without those that are switched off
     * @param lastAt when any of them was heard of last
     * @param note where daemons say that it is switched off, fails or sees less than it is made for, and why; null where none does
     */
    record Sensor(
            String sensor,
            int instances,
            Instant lastAt,
            @Nullable String note) {}

    /** Those that ever sent, or that a daemon tells of, the names of their events in order. */
    List<Sensor> sensors(Instant since) {
        return database.transaction(transaction -> transaction.list(
                """
                WITH said AS (
                    SELECT d.host, d.seen_at, x.name, x.state, x.reason
                    FROM host_daemons d, jsonb_to_recordset(d.sensors) AS x (name text, state text, reason text)
                    WHERE d.seen_at >= ?
                ), sent AS (
                    SELECT s.sensor, count(*) FILTER (WHERE s.last_at >= ? AND t.state IS DISTINCT FROM 'stopped')::int
                        AS instances, max(s.last_at) AS last_at
                    FROM telemetry_streams s LEFT JOIN said t ON t.host = s.host AND t.name = s.sensor
                    GROUP BY s.sensor
                ), told AS (
                    SELECT name, max(seen_at) AS seen_at,
                        count(*) FILTER (WHERE state <> 'stopped')::int AS running,
                        string_agg(host || ': ' || coalesce(reason, state), '; ' ORDER BY host)
                            FILTER (WHERE state <> 'running') AS note
                    FROM said GROUP BY name
                )
                SELECT coalesce(sent.sensor, told.name) AS sensor,
                    greatest(coalesce(sent.instances, 0), coalesce(told.running, 0)) AS instances,
                    greatest(sent.last_at, told.seen_at) AS last_at, left(told.note, 1000) AS note
                FROM sent FULL JOIN told ON told.name = sent.sensor ORDER BY 1
                """,
                row -> new Sensor(
                        row.text("sensor"), row.integer("instances"), row.instant("last_at"), row.textOrNull("note")),
                since,
                since));
    }

    /** @param events of the last 24 hours @param enrolled agents that are not decommissioned @param beating those that ever beat */
    record Counts(long events, int enrolled, int beating) {}

    Counts counts(long events) {
        return database.transaction(transaction ->
                transaction.one("""
                SELECT (SELECT count(*)::int FROM agents WHERE decommissioned_at IS NULL) AS enrolled,
                    (SELECT count(*)::int FROM agent_beats) AS beating
                """, row -> new Counts(events, row.integer("enrolled"), row.integer("beating"))));
    }

    /** The key under which the original contract knows a sensor. */
    static String key(String sensor) {
        return sensor.equals("file_integrity") ? "fim_agent" : sensor + "_agent";
    }

    static @Nullable String why(Sensor sensor) {
        return sensor.instances() > 0 || sensor.note() != null ? sensor.note() : "it sent last at " + sensor.lastAt();
    }
}
