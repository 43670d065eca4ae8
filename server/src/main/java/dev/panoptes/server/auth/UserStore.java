package dev.panoptes.server.auth;

import dev.panoptes.server.storage.Row;
import dev.panoptes.server.storage.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The table {@code users}. */
final class UserStore {
    private static final String COLUMNS =
            "id, name, role, one_time, created_at, disabled_at, CASE WHEN password_hash IS NULL THEN 'oidc' ELSE 'password' END AS login";

    /** Who wants to log in, and the hash that their password must fit. @param hash null where others vouch for them */
    record Known(User user, @Nullable String hash) {}

    Optional<Known> byName(Transaction transaction, String name) {
        return transaction.first(
                "SELECT " + COLUMNS + ", password_hash FROM users WHERE lower(name) = lower(?)",
                row -> new Known(user(row), row.textOrNull("password_hash")),
                name);
    }

    Optional<Known> byId(Transaction transaction, UUID id) {
        return transaction.first(
                "SELECT " + COLUMNS + ", password_hash FROM users WHERE id = ? FOR UPDATE",
                row -> new Known(user(row), row.textOrNull("password_hash")),
                id);
    }

    /** Whom a provider vouches for. @param subject what it calls them for good */
    Optional<User> byIdentity(Transaction transaction, String issuer, String subject) {
        return transaction.first(
                "SELECT " + COLUMNS + " FROM users WHERE issuer = ? AND subject = ? FOR UPDATE",
                UserStore::user,
                issuer,
                subject);
    }

    /** Empty where the name or the identity is there already. */
    Optional<User> insertVouched(
            Transaction transaction, String name, String role, String issuer, String subject, Instant now) {
        return transaction.first("""
                INSERT INTO users (name, role, issuer, subject, created_at) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT DO NOTHING
                RETURNING\s""" + COLUMNS, UserStore::user, name, role, issuer, subject, now);
    }

    /** Somebody of this name who was handed over to the provider and has not come by it yet. */
    Optional<User> claim(Transaction transaction, String name, String issuer, String subject) {
        return transaction.first("""
                UPDATE users SET issuer = ?, subject = ?
                WHERE lower(name) = lower(?) AND password_hash IS NULL AND subject IS NULL
                RETURNING\s""" + COLUMNS, UserStore::user, issuer, subject, name);
    }

    /** No password fits any more; who comes by the provider under this name is this person. */
    void handOver(Transaction transaction, UUID id) {
        transaction.update(
                "UPDATE users SET password_hash = NULL, one_time = false, issuer = NULL, subject = NULL WHERE id = ?",
                id);
    }

    List<User> list(Transaction transaction) {
        return transaction.list("SELECT " + COLUMNS + " FROM users ORDER BY lower(name)", UserStore::user);
    }

    boolean any(Transaction transaction) {
        return transaction.one("SELECT EXISTS (SELECT FROM users) AS any", row -> row.bool("any"));
    }

    /** Empty where the name is taken. */
    Optional<User> insert(Transaction transaction, String name, String role, String hash, Instant now) {
        return transaction.first("""
                INSERT INTO users (name, role, password_hash, one_time, created_at) VALUES (?, ?, ?, true, ?)
                ON CONFLICT (lower(name)) DO NOTHING
                RETURNING\s""" + COLUMNS, UserStore::user, name, role, hash, now);
    }

    User update(Transaction transaction, UUID id, String role, @Nullable Instant disabledAt) {
        return transaction.one(
                "UPDATE users SET role = ?, disabled_at = ? WHERE id = ? RETURNING " + COLUMNS,
                UserStore::user,
                role,
                disabledAt,
                id);
    }

    void setPassword(Transaction transaction, UUID id, String hash, boolean oneTime) {
        transaction.update(
                "UPDATE users SET password_hash = ?, one_time = ?, issuer = NULL, subject = NULL WHERE id = ?",
                hash,
                oneTime,
                id);
    }

    /** Admins who may log in by password; the rows stay locked, so that two cannot demote each other at once. */
    List<UUID> lockAdmins(Transaction transaction) {
        return transaction.list("""
                SELECT id FROM users
                WHERE role = 'admin' AND disabled_at IS NULL AND password_hash IS NOT NULL
                ORDER BY id FOR UPDATE
                """, row -> row.uuid("id"));
    }

    private static User user(Row row) {
        return new User(
                row.uuid("id"),
                row.text("name"),
                row.text("role"),
                row.bool("one_time"),
                row.instant("created_at"),
                row.instantOrNull("disabled_at"),
                row.text("login"));
    }
}
