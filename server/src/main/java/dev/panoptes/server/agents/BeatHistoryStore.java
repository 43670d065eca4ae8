package dev.panoptes.server.agents;

import dev.panoptes.server.storage.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/** The tables {@code agent_beat_quarters} and {@code agent_beat_days}. */
final class BeatHistoryStore {
    private static final int MOST = 96;

    /**
     * Counts what came of every instance since it was counted last, where a quarter has ended since: each quarter gets the share of
     * all of that time. What the server was away in, as {@code agent_watch} tells, nobody can say.
     *
     * @param longestGap without a note in {@code agent_watch} for longer it is away
     */
    void count(Transaction transaction, Instant border, Instant now, Duration longestGap) {
        transaction.update(
                """
                WITH due AS (
                    SELECT q.agent_id, b.beats, greatest(0, b.beats - q.beats) AS received,
                        extract(epoch FROM ?::timestamptz - q.counted_at) / a.heartbeat_interval AS expected,
                        w.since <= q.counted_at AND ?::timestamptz > q.counted_at
                            AND ?::timestamptz - w.last_at <= make_interval(secs => ?) AS listened,
                        ((extract(epoch FROM ?::timestamptz - q.until)) / ?)::int AS ended
                    FROM agent_beat_quarters q
                    JOIN agent_beats b ON b.agent_id = q.agent_id
                    JOIN agents a ON a.id = q.agent_id, agent_watch w
                    WHERE q.until < ? AND a.decommissioned_at IS NULL
                ), days AS (
                    INSERT INTO agent_beat_days AS d (agent_id, day, received, expected)
                    SELECT agent_id, ((?::timestamptz - interval '1 second') AT TIME ZONE 'UTC')::date, received, round(expected)
                    FROM due WHERE listened
                    ORDER BY agent_id
                    ON CONFLICT (agent_id, day) DO UPDATE SET received = d.received + excluded.received,
                        expected = d.expected + excluded.expected
                )
                UPDATE agent_beat_quarters q SET until = ?, counted_at = ?, beats = due.beats,
                    quarters = (q.quarters || array_fill(
                        (CASE WHEN due.listened THEN least(100, round(100 * due.received / greatest(1, due.expected)))
                            ELSE -1 END)::smallint, ARRAY[least(due.ended, ?)]))
                        [greatest(1, cardinality(q.quarters) + least(due.ended, ?) - ? + 1):]
                FROM due WHERE due.agent_id = q.agent_id
                """,
                now,
                now,
                now,
                longestGap.toSeconds(),
                border,
                BeatHistory.QUARTER.toSeconds(),
                border,
                border,
                border,
                now,
                MOST,
                MOST,
                MOST);
    }

    /** Notes where instances begin that were not counted before and have beaten. Who only answers when asked is not expected to. */
    void begin(Transaction transaction, Instant border, Instant now) {
        transaction.update("""
            INSERT INTO agent_beat_quarters (agent_id, until, counted_at, beats, quarters)
            SELECT b.agent_id, ?, ?, b.beats, '{}'
            FROM agent_beats b JOIN agents a ON a.id = b.agent_id
            WHERE a.decommissioned_at IS NULL AND a.origin <> 'nats'
                AND NOT EXISTS (SELECT FROM agent_beat_quarters q WHERE q.agent_id = b.agent_id)
            ON CONFLICT (agent_id) DO NOTHING
            """, border, now);
    }

    /** @param quarters the oldest first; -1 where nobody listened */
    record Day(Instant until, List<Integer> quarters) {}

    Optional<Day> day(Transaction transaction, String id) {
        return transaction.first(
                "SELECT until, quarters::text[] AS quarters FROM agent_beat_quarters WHERE agent_id = ?",
                row -> new Day(
                        row.instant("until"),
                        row.texts("quarters").stream().map(Integer::valueOf).toList()),
                id);
    }

    record Sum(long received, long expected) {}

    Sum since(Transaction transaction, String id, LocalDate first) {
        return transaction.one(
                """
                SELECT coalesce(sum(received), 0)::bigint AS received, coalesce(sum(expected), 0)::bigint AS expected
                FROM agent_beat_days WHERE agent_id = ? AND day >= ?::date
                """, row -> new Sum(row.bigint("received"), row.bigint("expected")), id, first.toString());
    }

    int forget(Transaction transaction, LocalDate before, int limit) {
        return transaction.update("""
            DELETE FROM agent_beat_days WHERE (agent_id, day) IN (
                SELECT agent_id, day FROM agent_beat_days WHERE day < ?::date LIMIT ? FOR UPDATE SKIP LOCKED)
            """, before.toString(), limit);
    }
}
