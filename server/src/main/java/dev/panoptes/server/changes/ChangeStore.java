package dev.panoptes.server.changes;

import dev.panoptes.server.http.Json;
import dev.panoptes.server.storage.SqlArray;
import dev.panoptes.server.storage.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The table of changes. */
final class ChangeStore {
    void insert(Transaction transaction, List<Change> changes, Instant at) {
        transaction.update(
                """
                INSERT INTO changes (at, kind, subject, host, from_state, to_state, actor, via, address, cause, data)
                SELECT ?, kind, subject, host, from_state, to_state, actor, via, address, cause, data::jsonb
                FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?) WITH ORDINALITY AS given (kind, subject, host, from_state,
                    to_state, actor, via, address, cause, data, nth)
                ORDER BY nth
                """,
                at,
                texts(changes, Change::kind),
                texts(changes, Change::subject),
                texts(changes, Change::host),
                texts(changes, Change::from),
                texts(changes, Change::to),
                texts(changes, change -> change.actor().name()),
                texts(changes, change -> change.actor().via().name().toLowerCase(Locale.ROOT)),
                texts(changes, change -> change.actor().address()),
                texts(changes, Change::cause),
                texts(changes, change -> Json.writeText(change.data())));
    }

    private static SqlArray texts(List<Change> changes, Function<Change, @Nullable String> column) {
        return SqlArray.texts(changes.stream().map(column).toList());
    }

    int forget(Transaction transaction, Instant before, int limit) {
        return transaction.update("""
            DELETE FROM changes WHERE id IN (
                SELECT c.id FROM changes c
                WHERE c.at < ? AND (
                    coalesce(c.to_state, 'gone') IN ('gone', 'resolved', 'completed', 'closed')
                    OR EXISTS (
                        SELECT FROM changes n WHERE n.kind = c.kind AND n.subject = c.subject AND n.id > c.id))
                ORDER BY c.at LIMIT ?)
            """, before, limit);
    }
}
