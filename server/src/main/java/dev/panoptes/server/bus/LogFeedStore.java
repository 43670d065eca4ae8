package dev.panoptes.server.bus;

import dev.panoptes.server.storage.SqlArray;
import dev.panoptes.server.storage.Transaction;
import java.util.List;
import java.util.UUID;

/** The table {@code bus_logs}: how much of what sensors read in logs was told over NATS. Reads the ledger of their streams. */
final class LogFeedStore {
    /** The sensors that read logs; the others watch the host itself. */
    private static final List<String> SENSORS = List.of("auth", "kernel_audit");

    /** What came since it was last told. @param events how many the stream has now @param more how many of them are new */
    record Ingested(UUID stream, String host, String sensor, long events, long more) {}

    List<Ingested> untold(Transaction transaction) {
        return transaction.list(
                """
                SELECT s.id, s.host, s.sensor, s.events, s.events - coalesce(b.events, 0) AS more
                FROM telemetry_streams s LEFT JOIN bus_logs b ON b.stream = s.id
                WHERE s.sensor = ANY(?) AND s.events > coalesce(b.events, 0) ORDER BY s.host, s.sensor, s.id
                """,
                row -> new Ingested(
                        row.uuid("id"), row.text("host"), row.text("sensor"), row.bigint("events"), row.bigint("more")),
                SqlArray.texts(SENSORS));
    }

    void told(Transaction transaction, Ingested ingested) {
        transaction.update("""
            INSERT INTO bus_logs (stream, events) VALUES (?, ?) ON CONFLICT (stream) DO UPDATE SET events = excluded.events
            """, ingested.stream(), ingested.events());
    }
}
