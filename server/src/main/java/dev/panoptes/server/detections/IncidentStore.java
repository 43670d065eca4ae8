package dev.panoptes.server.detections;

import dev.panoptes.server.storage.Row;
import dev.panoptes.server.storage.SqlArray;
import dev.panoptes.server.storage.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The table {@code incidents}. */
final class IncidentStore {
    private static final String COLUMNS =
            "id, title, severity, confidence, state, merged_into, first_at, last_at, host, body, created_at,"
                    + " updated_at";

    /** Held to the end of the transaction: incidents follow from all hits, so one at a time makes them. */
    void lock(Transaction transaction) {
        transaction.list("SELECT pg_advisory_xact_lock(7470040) AS held", _ -> Boolean.TRUE);
    }

    /** Those that have something to do with a span of time. */
    List<StoredIncident> within(Transaction transaction, Instant from, Instant to) {
        return transaction.list(
                "SELECT " + COLUMNS + " FROM incidents WHERE last_at >= ? AND first_at <= ? AND state <> 'merged'",
                IncidentStore::read,
                from,
                to);
    }

    /** Those that had an event since and name one of these issues, whatever became of them but merged ones. */
    List<StoredIncident> naming(Transaction transaction, List<String> issues, Instant since) {
        return transaction.list(
                "SELECT " + COLUMNS + """
                     FROM incidents
                    WHERE last_at >= ? AND state <> 'merged' AND EXISTS
                        (SELECT 1 FROM unnest(?) AS name WHERE position(name IN body) > 0)
                    ORDER BY id
                    """,
                IncidentStore::read,
                since,
                SqlArray.texts(issues.stream()
                        .flatMap(issue -> Stream.of("\"", IssueFindings.AGAIN)
                                .map(end -> "\"" + IssueFindings.EVENT + issue + end))
                        .toList()));
    }

    void put(Transaction transaction, StoredIncident incident) {
        transaction.update(
                """
                INSERT INTO incidents (id, title, severity, confidence, state, merged_into, first_at, last_at, host, body,
                    created_at, updated_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET title = excluded.title, severity = excluded.severity,
                    confidence = excluded.confidence, state = excluded.state, merged_into = excluded.merged_into,
                    first_at = excluded.first_at, last_at = excluded.last_at, host = excluded.host, body = excluded.body,
                    updated_at = excluded.updated_at
                """,
                incident.id(),
                incident.title(),
                incident.severity(),
                incident.confidence(),
                incident.state(),
                incident.mergedInto(),
                incident.first(),
                incident.last(),
                incident.host(),
                incident.body(),
                incident.createdAt(),
                incident.updatedAt());
    }

    Optional<StoredIncident> find(Transaction transaction, String id) {
        return transaction.first("SELECT " + COLUMNS + " FROM incidents WHERE id = ?", IncidentStore::read, id);
    }

    Optional<StoredIncident> lock(Transaction transaction, String id) {
        return transaction.first(
                "SELECT " + COLUMNS + " FROM incidents WHERE id = ? FOR UPDATE", IncidentStore::read, id);
    }

    /** @param state null for every one @param host null for every one @param from the earliest last event; null for any @param before null for the first page */
    List<StoredIncident> page(
            Transaction transaction,
            @Nullable String state,
            @Nullable String host,
            @Nullable Instant from,
            @Nullable Instant before,
            String beforeId,
            int limit) {
        return transaction.list(
                "SELECT " + COLUMNS + """
                     FROM incidents
                    WHERE (?::text IS NULL AND state <> 'merged' OR state = ?::text)
                      AND (?::text IS NULL OR host = ?::text)
                      AND (?::timestamptz IS NULL OR last_at >= ?::timestamptz)
                      AND (?::timestamptz IS NULL OR (last_at, id) < (?::timestamptz, ?::text))
                    ORDER BY last_at DESC, id DESC LIMIT ?
                    """,
                IncidentStore::read,
                state,
                state,
                host,
                host,
                from,
                from,
                before,
                before,
                beforeId,
                limit);
    }

    /** Those that are not over and had an event since. */
    List<StoredIncident> open(Transaction transaction, Instant since) {
        return transaction.list(
                "SELECT " + COLUMNS
                        + " FROM incidents WHERE state IN ('open', 'acknowledged', 'contained') AND last_at >= ?",
                IncidentStore::read,
                since);
    }

    /** True where one of these hosts has an incident that is not over. */
    boolean anyOpen(Transaction transaction, List<String> hosts, Instant since) {
        return transaction.one("""
            SELECT EXISTS (SELECT 1 FROM incidents WHERE state IN ('open', 'acknowledged', 'contained')
                AND last_at >= ? AND (host IS NULL OR host = ANY (?))) AS any
            """, row -> row.bool("any"), since, SqlArray.texts(hosts));
    }

    /** Whether a sensor has sent anything since. */
    boolean seen(Transaction transaction, Instant since) {
        return transaction.one(
                "SELECT EXISTS (SELECT 1 FROM telemetry_streams WHERE last_at >= ?) AS any",
                row -> row.bool("any"),
                since);
    }

    int forget(Transaction transaction, Instant before, int limit) {
        return transaction.update("""
            DELETE FROM incidents WHERE id IN (SELECT id FROM incidents
                WHERE state IN ('resolved', 'false_positive', 'merged') AND updated_at < ? LIMIT ?)
            """, before, limit);
    }

    private static StoredIncident read(Row row) {
        return new StoredIncident(
                row.text("id"),
                row.text("title"),
                row.text("severity"),
                row.integer("confidence"),
                row.text("state"),
                row.textOrNull("merged_into"),
                row.instant("first_at"),
                row.instant("last_at"),
                row.textOrNull("host"),
                row.text("body"),
                row.instant("created_at"),
                row.instant("updated_at"));
    }
}
