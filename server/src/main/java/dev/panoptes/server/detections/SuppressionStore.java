package dev.panoptes.server.detections;

import dev.panoptes.server.storage.Row;
import dev.panoptes.server.storage.SqlArray;
import dev.panoptes.server.storage.Transaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** The table {@code detection_suppressions}. */
final class SuppressionStore {
    private static final String COLUMNS =
            "id, rule, host, user_name, entity, reason, owner, created_at, expires_at, ended_at, suppressed, last_at";

    void insert(Transaction transaction, Suppression made) {
        transaction.update(
                """
                INSERT INTO detection_suppressions (id, rule, host, user_name, entity, reason, owner, created_at, expires_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                made.id(),
                made.rule(),
                made.host(),
                made.user(),
                made.entity(),
                made.reason(),
                made.owner(),
                made.createdAt(),
                made.expiresAt());
    }

    /** Those that count at a time. */
    List<Suppression> inForce(Transaction transaction, Instant now) {
        return transaction.list(
                "SELECT " + COLUMNS
                        + " FROM detection_suppressions WHERE ended_at IS NULL AND expires_at > ? ORDER BY created_at, id",
                SuppressionStore::read,
                now);
    }

    List<Suppression> page(Transaction transaction, Instant before, UUID beforeId, int limit) {
        return transaction.list("SELECT " + COLUMNS + """
                     FROM detection_suppressions WHERE (created_at, id) < (?, ?)
                    ORDER BY created_at DESC, id DESC LIMIT ?
                    """, SuppressionStore::read, before, beforeId, limit);
    }

    /** Empty where none is in force under this id. */
    Optional<Suppression> end(Transaction transaction, UUID id, Instant now) {
        return transaction.first(
                "UPDATE detection_suppressions SET ended_at = ? WHERE id = ? AND ended_at IS NULL AND expires_at > ?"
                        + " RETURNING " + COLUMNS,
                SuppressionStore::read,
                now,
                id,
                now);
    }

    /** Counts what was kept from being told, in one order, so that two batches never wait for each other. */
    void count(Transaction transaction, Map<UUID, Long> events, Instant now) {
        Map<String, Long> sorted = new TreeMap<>();
        events.forEach((id, count) -> sorted.put(id.toString(), count));
        transaction.update(
                """
                UPDATE detection_suppressions s SET suppressed = s.suppressed + given.events, last_at = ?
                FROM (SELECT id::uuid AS id, events FROM unnest(?, ?) AS given (id, events)) AS given
                WHERE s.id = given.id
                """,
                now,
                SqlArray.texts(List.copyOf(sorted.keySet())),
                SqlArray.longs(new ArrayList<>(sorted.values())));
    }

    private static Suppression read(Row row) {
        return new Suppression(
                row.uuid("id"),
                row.textOrNull("rule"),
                row.textOrNull("host"),
                row.textOrNull("user_name"),
                row.textOrNull("entity"),
                row.text("reason"),
                row.text("owner"),
                row.instant("created_at"),
                row.instant("expires_at"),
                row.instantOrNull("ended_at"),
                row.bigint("suppressed"),
                row.instantOrNull("last_at"));
    }
}
