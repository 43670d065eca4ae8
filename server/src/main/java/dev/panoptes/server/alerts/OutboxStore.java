package dev.panoptes.server.alerts;

import dev.panoptes.server.alerts.channel.Message;
import dev.panoptes.server.http.Json;
import dev.panoptes.server.storage.Row;
import dev.panoptes.server.storage.SqlArray;
import dev.panoptes.server.storage.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The tables {@code outbox} and {@code alert_channels}: what is to be sent, and who sends it. */
final class OutboxStore {
    /** Makes the channels known. */
    void introduce(Transaction transaction, Collection<String> channels, Instant now) {
        transaction.update("""
            INSERT INTO alert_channels (name, next_attempt_at) SELECT name, ? FROM unnest(?) AS given (name)
            ON CONFLICT (name) DO NOTHING
            """, now, SqlArray.texts(channels));
    }

    void put(Transaction transaction, String channel, Message message, Instant now) {
        transaction.update(
                "INSERT INTO outbox (created_at, channel, kind, payload, next_attempt_at) VALUES (?, ?, ?, ?::jsonb,"
                        + " ?)",
                now,
                channel,
                message.kind().id(),
                Json.writeText(message),
                now);
    }

    /**
     * Takes or keeps the right to send on a channel that is due.
     *
     * @return false where another replica has it, or it is too early after a failure
     */
    boolean lease(Transaction transaction, String channel, String me, Instant now, Duration length) {
        return transaction.update("""
            UPDATE alert_channels SET leased_by = ?, leased_until = ?
            WHERE name = (SELECT name FROM alert_channels
                WHERE name = ? AND next_attempt_at <= ?
                    AND (leased_by = ? OR leased_until IS NULL OR leased_until <= ?)
                FOR UPDATE SKIP LOCKED)
            """, me, now.plus(length), channel, now, me, now) == 1;
    }

    /** A message in the outbox. @param attempts how often it was tried */
    record Pending(long id, Message message, int attempts, Instant createdAt) {}

    /** The first message of a channel that is not done and does not wait by itself. */
    Optional<Pending> next(Transaction transaction, String channel, Instant now) {
        return transaction.first(
                "SELECT * FROM outbox WHERE channel = ? AND done_at IS NULL AND next_attempt_at <= ? ORDER BY id LIMIT"
                        + " 1",
                OutboxStore::pending,
                channel,
                now);
    }

    /** True where everything open is to be told again, and the channel is not paused. */
    boolean repeatDue(Transaction transaction, String channel, Instant now, Duration interval) {
        return transaction.one("""
            SELECT EXISTS (SELECT FROM alert_channels
                WHERE name = ? AND next_attempt_at <= ? AND (repeated_at IS NULL OR repeated_at <= ?)) AS due
            """, row -> row.bool("due"), channel, now, now.minus(interval));
    }

    /** True where everything open is to be told again; then that is noted. */
    boolean repeats(Transaction transaction, String channel, Instant now, Duration interval) {
        return transaction.update("""
            UPDATE alert_channels SET repeated_at = ?
            WHERE name = ? AND (repeated_at IS NULL OR repeated_at <= ?)
            """, now, channel, now.minus(interval)) == 1;
    }

    /** A message has come to its end. @param error null where it was sent */
    void done(Transaction transaction, long id, String outcome, @Nullable String error, Instant now) {
        transaction.update("""
            UPDATE outbox SET done_at = ?, outcome = ?, attempts = attempts + 1, last_error = coalesce(?, last_error)
            WHERE id = ?
            """, now, outcome, error, id);
    }

    void attempted(Transaction transaction, long id, String error, Instant next) {
        transaction.update(
                "UPDATE outbox SET attempts = attempts + 1, last_error = ?, next_attempt_at = ? WHERE id = ?",
                error,
                next,
                id);
    }

    void worked(Transaction transaction, String channel, Instant now) {
        transaction.update(
                "UPDATE alert_channels SET failures = 0, last_error = NULL, last_sent_at = ? WHERE name = ?",
                now,
                channel);
    }

    /** How often it has failed since it last worked, this failure counted. */
    int failed(Transaction transaction, String channel, String error) {
        return transaction.one(
                "UPDATE alert_channels SET failures = failures + 1, last_error = ? WHERE name = ? RETURNING failures",
                row -> row.integer("failures"),
                error,
                channel);
    }

    /** How a channel is. @param sentAt when it last worked; null where it never did */
    record ChannelLine(int failures, @Nullable Instant sentAt) {}

    /** Empty where no channel of this name was ever configured. */
    Optional<ChannelLine> channel(Transaction transaction, String channel) {
        return transaction.first(
                "SELECT failures, last_sent_at FROM alert_channels WHERE name = ?",
                row -> new ChannelLine(row.integer("failures"), row.instantOrNull("last_sent_at")),
                channel);
    }

    void pause(Transaction transaction, String channel, Instant until) {
        transaction.update("UPDATE alert_channels SET next_attempt_at = ? WHERE name = ?", until, channel);
    }

    /** How these channels do. @param since messages that were given up before are not counted */
    List<AlertMetrics.ChannelLine> channels(Transaction transaction, Collection<String> channels, Instant since) {
        return transaction.list(
                """
                SELECT c.name, c.failures, extract(epoch FROM c.last_sent_at)::float8 AS sent,
                    coalesce(w.waiting, 0) AS waiting, extract(epoch FROM w.oldest)::float8 AS oldest,
                    (SELECT count(*) FROM outbox g
                        WHERE g.channel = c.name AND g.outcome = 'given_up' AND g.done_at >= ?) AS given_up
                FROM alert_channels c
                LEFT JOIN (SELECT channel, count(*) AS waiting, min(created_at) AS oldest FROM outbox
                    WHERE done_at IS NULL GROUP BY channel) w ON w.channel = c.name
                WHERE c.name = ANY (?) ORDER BY c.name
                """,
                row -> new AlertMetrics.ChannelLine(
                        row.text("name"),
                        row.bigint("waiting"),
                        row.realOrNull("oldest"),
                        row.bigint("given_up"),
                        row.integer("failures"),
                        row.realOrNull("sent")),
                since,
                SqlArray.texts(channels));
    }

    /** Takes every lease back: for a server that knows that it is the only one. */
    void releaseAll(Transaction transaction) {
        transaction.update(
                "UPDATE alert_channels SET leased_by = NULL, leased_until = NULL WHERE leased_by IS NOT NULL");
    }

    /** Lets other replicas send at once. */
    void release(Transaction transaction, String me) {
        transaction.update("UPDATE alert_channels SET leased_by = NULL, leased_until = NULL WHERE leased_by = ?", me);
    }

    private static Pending pending(Row row) {
        return new Pending(
                row.bigint("id"),
                Json.readOwn(row.text("payload"), Message.class),
                row.integer("attempts"),
                row.instant("created_at"));
    }

    /** Takes away messages that were done with before. @return how many, at most {@code limit} */
    int forget(Transaction transaction, Instant before, int limit) {
        return transaction.update(
                "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE done_at < ? ORDER BY id LIMIT ?)",
                before,
                limit);
    }
}
