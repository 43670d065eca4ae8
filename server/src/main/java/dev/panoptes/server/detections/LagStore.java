package dev.panoptes.server.detections;

import dev.panoptes.server.storage.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Reads from {@code telemetry_streams} and {@code events} what has not come yet. */
final class LagStore {
    /** A stream that is silent for longer is lost rather than behind. */
    private static final Duration ALIVE = Duration.ofMinutes(15);

    /** A sensor that has more to tell. @param at the time of the last event that came @param waiting how many are to come */
    record Lag(String host, String sensor, Instant at, long waiting) {
        Duration behind(Instant now) {
            return at.isBefore(now) ? Duration.between(at, now) : Duration.ZERO;
        }
    }

    List<Lag> all(Transaction transaction, Instant now) {
        return transaction.list(
                """
                SELECT s.host, s.sensor, e.at, s.appended - s.acknowledged AS waiting FROM telemetry_streams s
                JOIN events e ON e.stream = s.id AND e.number = s.acknowledged
                WHERE s.appended > s.acknowledged AND s.last_at >= ? AND e.received_at >= ?
                """,
                row -> new Lag(row.text("host"), row.text("sensor"), row.instant("at"), row.bigint("waiting")),
                now.minus(ALIVE),
                now.minus(ALIVE));
    }

    /** A sensor on a host. @param lastAt when it sent something last */
    record Watching(String host, String sensor, Instant lastAt) {}

    /** Every sensor that ever sent something, by host. */
    List<Watching> watching(Transaction transaction) {
        return transaction.list(
                "SELECT host, sensor, max(last_at) AS last FROM telemetry_streams GROUP BY host, sensor ORDER BY host,"
                        + " sensor",
                row -> new Watching(row.text("host"), row.text("sensor"), row.instant("last")));
    }
}
