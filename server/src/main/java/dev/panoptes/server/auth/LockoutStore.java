package dev.panoptes.server.auth;

import dev.panoptes.server.storage.Row;
import dev.panoptes.server.storage.Transaction;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The table {@code login_failures}. */
final class LockoutStore {
    /** Until when this key may not try; empty where it may. */
    Optional<Instant> lockedUntil(Transaction transaction, String key, Instant now) {
        return transaction.first(
                "SELECT locked_until FROM login_failures WHERE key = ? AND locked_until > ?",
                row -> row.instant("locked_until"),
                key,
                now);
    }

    /** Waits for other transactions that have this key. */
    void inTurn(Transaction transaction, String key) {
        transaction.one("SELECT pg_advisory_xact_lock(hashtextextended(?, 7)) AS locked", Row::toString, key);
    }

    /** How many keys are locked. */
    int locked(Transaction transaction, Instant now) {
        return transaction.one(
                "SELECT count(*)::int AS locked FROM login_failures WHERE locked_until > ?",
                row -> row.integer("locked"),
                now);
    }

    /** One more failure. @return how many there are; failures before {@code since} are forgotten */
    int fail(Transaction transaction, String key, Instant now, Instant since) {
        return transaction.one("""
            INSERT INTO login_failures AS f (key, failures, last_at) VALUES (?, 1, ?)
            ON CONFLICT (key) DO UPDATE SET
                failures = CASE WHEN f.last_at < ? THEN 1 ELSE f.failures + 1 END,
                last_at = excluded.last_at
            RETURNING failures
            """, row -> row.integer("failures"), key, now, since);
    }

    void lock(Transaction transaction, String key, @Nullable Instant until) {
        transaction.update("UPDATE login_failures SET locked_until = ? WHERE key = ?", until, key);
    }

    void forget(Transaction transaction, String key) {
        transaction.update("DELETE FROM login_failures WHERE key = ?", key);
    }

    void forgetBefore(Transaction transaction, Instant time) {
        transaction.update(
                "DELETE FROM login_failures WHERE last_at < ? AND (locked_until IS NULL OR locked_until < ?)",
                time,
                time);
    }
}
