package dev.panoptes.server.alerts;

import dev.panoptes.server.http.Json;
import dev.panoptes.server.storage.Row;
import dev.panoptes.server.storage.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The table {@code silences}. */
final class SilenceStore {
    Silence insert(
            Transaction transaction,
            Matcher matcher,
            String reason,
            String createdBy,
            Instant now,
            Instant from,
            Instant to) {
        return transaction.one("""
                INSERT INTO silences (matchers, reason, created_by, created_at, starts_at, expires_at)
                VALUES (?::jsonb, ?, ?, ?, ?, ?) RETURNING *
                """, SilenceStore::silence, Json.writeText(matcher), reason, createdBy, now, from, to);
    }

    List<Silence> active(Transaction transaction, Instant now) {
        return transaction.list(
                "SELECT * FROM silences WHERE starts_at <= ? AND expires_at > ? AND ended_at IS NULL ORDER BY id",
                SilenceStore::silence,
                now,
                now);
    }

    /** Those that were not over at a time and have begun or will. */
    List<Silence> since(Transaction transaction, Instant time) {
        return transaction.list(
                "SELECT * FROM silences WHERE expires_at > ? AND coalesce(ended_at, expires_at) > ? ORDER BY id",
                SilenceStore::silence,
                time,
                time);
    }

    /** The newest first, those that are over too. */
    List<Silence> page(Transaction transaction, Instant before, UUID beforeId, int limit) {
        return transaction.list(
                "SELECT * FROM silences WHERE (created_at, id) < (?, ?) ORDER BY created_at DESC, id DESC LIMIT ?",
                SilenceStore::silence,
                before,
                beforeId,
                limit);
    }

    Optional<Silence> end(Transaction transaction, UUID id, Instant now) {
        return transaction.first(
                "UPDATE silences SET ended_at = ? WHERE id = ? AND ended_at IS NULL AND expires_at > ? RETURNING *",
                SilenceStore::silence,
                now,
                id,
                now);
    }

    private static Silence silence(Row row) {
        return new Silence(
                row.uuid("id"),
                Json.readOwn(row.text("matchers"), Matcher.class),
                row.text("reason"),
                row.text("created_by"),
                row.instant("created_at"),
                row.instant("starts_at"),
                row.instant("expires_at"),
                row.instantOrNull("ended_at"));
    }

    /** Takes away silences that ended before and silenced nothing that is still told. @return how many, at most {@code limit} */
    int forget(Transaction transaction, Instant before, int limit) {
        return transaction.update("""
                DELETE FROM silences WHERE id IN (
                    SELECT s.id FROM silences s
                    WHERE coalesce(s.ended_at, s.expires_at) < ?
                        AND NOT EXISTS (SELECT FROM alerts a WHERE a.silence_id = s.id)
                    LIMIT ?)
                """, before, limit);
    }
}
