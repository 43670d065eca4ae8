package dev.panoptes.server.telemetry;

import dev.panoptes.server.http.Json;
import dev.panoptes.server.storage.Row;
import dev.panoptes.server.storage.SqlArray;
import dev.panoptes.server.storage.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** The tables {@code telemetry_streams}, {@code telemetry_gaps} and {@code telemetry_losses}. */
final class StreamLedgerStore {
    /** A stream, locked until the transaction ends. */
    record Stream(String host, String sensor, long acknowledged, long indexed) {}

    /** Makes it where it is not known, and locks it. @param first the first number heard of */
    Stream lock(Transaction transaction, UUID id, String host, String sensor, long first, Instant now) {
        transaction.update("""
            INSERT INTO telemetry_streams (id, host, sensor, first, appended, first_at, last_at)
            VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING
            """, id, host, sensor, first, first - 1, now, now);
        return transaction.one(
                "SELECT host, sensor, acknowledged, indexed FROM telemetry_streams WHERE id = ? FOR UPDATE",
                row -> new Stream(
                        row.text("host"), row.text("sensor"), row.bigint("acknowledged"), row.bigint("indexed")),
                id);
    }

    void advance(
            Transaction transaction,
            UUID id,
            long acknowledged,
            long appended,
            int stored,
            int duplicates,
            Instant now) {
        transaction.update("""
            UPDATE telemetry_streams SET acknowledged = ?, appended = greatest(appended, ?), events = events + ?,
                duplicates = duplicates + ?, last_at = ? WHERE id = ?
            """, acknowledged, appended, stored, duplicates, now, id);
    }

    /** Up to where a host's stream is stored; 0 where there is no such stream of this host. */
    long acknowledged(Transaction transaction, UUID id, String host) {
        return transaction
                .first(
                        "SELECT acknowledged FROM telemetry_streams WHERE id = ? AND host = ?",
                        row -> row.bigint("acknowledged"),
                        id,
                        host)
                .orElse(0L);
    }

    void gaps(Transaction transaction, UUID id, List<BatchHeader.Lost> missing, Instant now) {
        if (missing.isEmpty()) {
            return;
        }
        transaction.update(
                """
                INSERT INTO telemetry_gaps (stream, from_number, to_number, reason, at)
                SELECT ?, g.f, g.t, g.r, ? FROM unnest(?, ?, ?) AS g(f, t, r) ON CONFLICT DO NOTHING
                """,
                id,
                now,
                SqlArray.longs(missing.stream().map(BatchHeader.Lost::from).toList()),
                SqlArray.longs(missing.stream().map(BatchHeader.Lost::to).toList()),
                SqlArray.texts(missing.stream().map(BatchHeader.Lost::reason).toList()));
    }

    void lost(Transaction transaction, UUID id, String reason, long records) {
        transaction.update(
                """
                INSERT INTO telemetry_losses AS l (stream, reason, records) VALUES (?, ?, ?)
                ON CONFLICT (stream, reason) DO UPDATE SET records = l.records + excluded.records
                """, id, reason.length() > 64 ? reason.substring(0, 64) : reason.replace('\0', '?'), records);
    }

    /** Numbers that never came. */
    record Gap(long from, long to, long count, String reason, String at) {}

    /** What a source dropped before it had a number. @param count 0 where it is not known */
    record Loss(String reason, long count) {}

    /** One line of the ledger. @param lag how many events the sensor has and the server has not */
    record Entry(
            UUID stream,
            String host,
            String sensor,
            long first,
            long appended,
            long acknowledged,
            long events,
            long duplicates,
            long missing,
            long lag,
            List<Gap> gaps,
            List<Loss> losses,
            Instant firstAt,
            Instant lastAt) {
        Entry {
            gaps = List.copyOf(gaps);
            losses = List.copyOf(losses);
        }
    }

    /** The whole ledger; of each stream the newest hundred gaps, and how many numbers are missing altogether. */
    List<Entry> entries(Transaction transaction) {
        return transaction.list("""
            SELECT s.*, coalesce(m.missing, 0)::bigint AS missing,
                coalesce(g.gaps, '[]')::text AS gaps, coalesce(l.losses, '[]')::text AS losses
            FROM telemetry_streams s
            LEFT JOIN LATERAL (
                SELECT sum(to_number - from_number + 1) AS missing FROM telemetry_gaps WHERE stream = s.id) m ON true
            LEFT JOIN LATERAL (
                SELECT json_agg(json_build_object('from', from_number, 'to', to_number, 'count',
                    to_number - from_number + 1, 'reason', reason, 'at', at) ORDER BY from_number) AS gaps
                FROM (SELECT * FROM telemetry_gaps WHERE stream = s.id ORDER BY from_number DESC LIMIT 100) AS newest) g ON true
            LEFT JOIN LATERAL (
                SELECT json_agg(json_build_object('reason', reason, 'count', records) ORDER BY reason) AS losses
                FROM telemetry_losses WHERE stream = s.id) l ON true
            ORDER BY s.host, s.sensor, s.first_at, s.id
            """, StreamLedgerStore::entry);
    }

    private static Entry entry(Row row) {
        return new Entry(
                row.uuid("id"),
                row.text("host"),
                row.text("sensor"),
                row.bigint("first"),
                row.bigint("appended"),
                row.bigint("acknowledged"),
                row.bigint("events"),
                row.bigint("duplicates"),
                row.bigint("missing"),
                row.bigint("appended") - row.bigint("acknowledged"),
                Json.readList(row.text("gaps"), Gap.class),
                Json.readList(row.text("losses"), Loss.class),
                row.instant("first_at"),
                row.instant("last_at"));
    }

    /** Numbers that nobody explains, of one stream. */
    record Unexplained(UUID stream, String host, String sensor, long from, long to, long count, Instant last) {}

    /** @param since older ones have been told long enough */
    List<Unexplained> unexplained(Transaction transaction, Instant since) {
        return transaction.list(
                """
                SELECT s.id, s.host, s.sensor, min(g.from_number) AS f, max(g.to_number) AS t,
                    sum(g.to_number - g.from_number + 1)::bigint AS n, max(g.at) AS last
                FROM telemetry_gaps g JOIN telemetry_streams s ON s.id = g.stream
                WHERE g.reason = ? AND g.at >= ? GROUP BY s.id ORDER BY s.id
                """,
                row -> new Unexplained(
                        row.uuid("id"),
                        row.text("host"),
                        row.text("sensor"),
                        row.bigint("f"),
                        row.bigint("t"),
                        row.bigint("n"),
                        row.instant("last")),
                Telemetry.UNEXPLAINED,
                since);
    }
}
