package dev.panoptes.server.auth;

import dev.panoptes.server.http.Role;
import dev.panoptes.server.storage.Row;
import dev.panoptes.server.storage.Transaction;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The table {@code sessions}. */
final class SessionStore {
    /** A session in force and the person it belongs to. */
    record Found(UUID userId, String name, Role role, boolean hasPassword, boolean oneTime, Instant lastUsedAt) {}

    /** @param provider what ends it at the provider too; null where there is none */
    void insert(
            Transaction transaction,
            byte[] hash,
            UUID user,
            String address,
            Instant now,
            Instant expires,
            @Nullable String provider) {
        transaction.update("""
                INSERT INTO sessions (hash, user_id, created_at, last_used_at, expires_at, address, provider)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """, hash, user, now, now, expires, address, provider);
    }

    Optional<String> provider(Transaction transaction, byte[] hash) {
        return transaction.first(
                "SELECT provider FROM sessions WHERE hash = ? AND provider IS NOT NULL",
                row -> row.text("provider"),
                hash);
    }

    /** @param usedSince an idle session has ended */
    Optional<Found> find(Transaction transaction, byte[] hash, Instant now, Instant usedSince) {
        return transaction.first("""
                SELECT u.id, u.name, u.role, u.password_hash IS NOT NULL AS has_password, u.one_time, s.last_used_at
                FROM sessions s JOIN users u ON u.id = s.user_id
                WHERE s.hash = ? AND s.expires_at > ? AND s.last_used_at > ? AND u.disabled_at IS NULL
                """, SessionStore::found, hash, now, usedSince);
    }

    void touch(Transaction transaction, byte[] hash, Instant now) {
        transaction.update("UPDATE sessions SET last_used_at = ? WHERE hash = ?", now, hash);
    }

    void delete(Transaction transaction, byte[] hash) {
        transaction.update("DELETE FROM sessions WHERE hash = ?", hash);
    }

    void deleteOf(Transaction transaction, UUID user) {
        transaction.update("DELETE FROM sessions WHERE user_id = ?", user);
    }

    void deleteEnded(Transaction transaction, Instant now, Instant usedSince) {
        transaction.update("DELETE FROM sessions WHERE expires_at <= ? OR last_used_at <= ?", now, usedSince);
    }

    private static Found found(Row row) {
        return new Found(
                row.uuid("id"),
                row.text("name"),
                Role.of(row.text("role")).orElseThrow(),
                row.bool("has_password"),
                row.bool("one_time"),
                row.instant("last_used_at"));
    }
}
