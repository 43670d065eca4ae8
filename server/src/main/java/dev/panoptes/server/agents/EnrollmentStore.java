package dev.panoptes.server.agents;

import dev.panoptes.server.storage.Row;
import dev.panoptes.server.storage.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The table {@code enrollment_tokens}. */
final class EnrollmentStore {
    private static final String COLUMNS =
            "id, name, uses, used, labels, created_by, created_at, expires_at, revoked_at";

    /** A token to enroll with, without its secret. @param labels JSON */
    record EnrollmentToken(
            UUID id,
            String name,
            int uses,
            int used,
            @com.fasterxml.jackson.annotation.JsonRawValue String labels,
            String createdBy,
            Instant createdAt,
            Instant expiresAt,
            @Nullable Instant revokedAt) {}

    EnrollmentToken insert(
            Transaction transaction,
            String name,
            byte[] hash,
            int uses,
            String labels,
            String by,
            Instant now,
            Instant expires) {
        return transaction.one("""
            INSERT INTO enrollment_tokens (name, hash, uses, labels, created_by, created_at, expires_at)
            VALUES (?, ?, ?, ?::jsonb, ?, ?, ?) RETURNING
            """ + COLUMNS, EnrollmentStore::token, name, hash, uses, labels, by, now, expires);
    }

    /** The token in force with this hash, used up or not. */
    Optional<EnrollmentToken> find(Transaction transaction, byte[] hash, Instant now) {
        return transaction.first(
                "SELECT " + COLUMNS
                        + " FROM enrollment_tokens WHERE hash = ? AND revoked_at IS NULL AND expires_at > ?",
                EnrollmentStore::token,
                hash,
                now);
    }

    /** Takes one use; empty where none is left, or it ended meanwhile. */
    Optional<EnrollmentToken> use(Transaction transaction, UUID id, Instant now) {
        return transaction.first(
                "UPDATE enrollment_tokens SET used = used + 1"
                        + " WHERE id = ? AND used < uses AND revoked_at IS NULL AND expires_at > ? RETURNING "
                        + COLUMNS,
                EnrollmentStore::token,
                id,
                now);
    }

    /** Newest first. */
    List<EnrollmentToken> list(Transaction transaction) {
        return transaction.list(
                "SELECT " + COLUMNS + " FROM enrollment_tokens ORDER BY created_at DESC, id LIMIT 1000",
                EnrollmentStore::token);
    }

    Optional<EnrollmentToken> revoke(Transaction transaction, UUID id, Instant now) {
        return transaction.first(
                "UPDATE enrollment_tokens SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL RETURNING " + COLUMNS,
                EnrollmentStore::token,
                now,
                id);
    }

    private static EnrollmentToken token(Row row) {
        return new EnrollmentToken(
                row.uuid("id"),
                row.text("name"),
                row.integer("uses"),
                row.integer("used"),
                row.text("labels"),
                row.text("created_by"),
                row.instant("created_at"),
                row.instant("expires_at"),
                row.instantOrNull("revoked_at"));
    }
}
