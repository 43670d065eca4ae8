package dev.panoptes.server.metrics;

import dev.panoptes.server.http.Json;
import dev.panoptes.server.storage.Partitions;
import dev.panoptes.server.storage.SqlArray;
import dev.panoptes.server.storage.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The table {@code metrics}. */
final class MetricStore {
    /** One report. @param readings by name */
    record Report(String agent, Instant at, Map<String, Double> readings) {
        Report {
            readings = Map.copyOf(readings);
        }
    }

    /** One statement for all; what is there already is left as it is. */
    void insert(Transaction transaction, List<Report> reports) {
        transaction.update(
                """
                INSERT INTO metrics (agent_id, at, readings) SELECT agent, at, readings::jsonb
                FROM unnest(?, ?, ?) AS given(agent, at, readings) ORDER BY agent, at ON CONFLICT DO NOTHING
                """,
                SqlArray.texts(reports.stream().map(Report::agent).toList()),
                SqlArray.instants(reports.stream().map(Report::at).toList()),
                SqlArray.texts(reports.stream()
                        .map(report -> Json.writeText(report.readings()))
                        .toList()));
    }

    /** One value at one time. */
    record Point(Instant at, double value) {}

    /** The latest value of each name since then, the newest report's first. */
    Map<String, Point> latest(Transaction transaction, String agent, Instant since) {
        Map<String, Point> latest = new LinkedHashMap<>();
        transaction
                .list(
                        """
                        SELECT DISTINCT ON (name) name, at, value::float8 AS value
                        FROM metrics, jsonb_each_text(readings) AS each(name, value)
                        WHERE agent_id = ? AND at >= ? ORDER BY name, at DESC
                        """,
                        row -> Map.entry(row.text("name"), new Point(row.instant("at"), row.real("value"))),
                        agent,
                        since)
                .forEach(entry -> latest.put(entry.getKey(), entry.getValue()));
        return latest;
    }

    /** Means over steps of this length, by name, oldest first. */
    Map<String, List<Point>> series(Transaction transaction, String agent, Instant since, Duration step) {
        Map<String, List<Point>> series = new LinkedHashMap<>();
        record Named(String name, Point point) {}
        transaction
                .list(
                        """
                        SELECT name, date_bin(make_interval(secs => ?), at, 'epoch') AS step, avg(value::float8) AS value
                        FROM metrics, jsonb_each_text(readings) AS each(name, value)
                        WHERE agent_id = ? AND at >= ? GROUP BY 1, 2 ORDER BY 1, 2
                        """,
                        row -> new Named(row.text("name"), new Point(row.instant("step"), row.real("value"))),
                        (double) step.toSeconds(),
                        agent,
                        since)
                .forEach(named -> series.computeIfAbsent(named.name(), _ -> new java.util.ArrayList<>())
                        .add(named.point()));
        return series;
    }

    /** Drops whole days. @return how many */
    int forget(Transaction transaction, Instant before, int limit) {
        List<String> days = Partitions.endedBefore(transaction, "metrics", before).stream()
                .limit(limit)
                .toList();
        days.forEach(day -> Partitions.drop(transaction, day));
        return days.size();
    }
}
