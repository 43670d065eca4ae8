package dev.panoptes.server.auth;

import dev.panoptes.server.storage.Row;
import dev.panoptes.server.storage.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The table {@code api_tokens}. */
final class TokenStore {
    private static final String COLUMNS =
            "id, name, role, host, created_by, created_at, expires_at, revoked_at, last_used_at";

    /** The token in force with this hash. */
    Optional<ApiToken> find(Transaction transaction, byte[] hash, Instant now) {
        return transaction.first(
                "SELECT " + COLUMNS + " FROM api_tokens"
                        + " WHERE hash = ? AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?)",
                TokenStore::token,
                hash,
                now);
    }

    /** The same; notes once a minute that it was used. */
    Optional<ApiToken> use(Transaction transaction, byte[] hash, Instant now) {
        Optional<ApiToken> token = find(transaction, hash, now);
        Instant minuteAgo = now.minusSeconds(60);
        if (token.isPresent()
                && (token.get().lastUsedAt() == null
                        || minuteAgo.isAfter(token.get().lastUsedAt()))) {
            transaction.update(
                    "UPDATE api_tokens SET last_used_at = ? WHERE id = ? AND (last_used_at IS NULL OR last_used_at <"
                            + " ?)",
                    now,
                    token.get().id(),
                    minuteAgo);
        }
        return token;
    }

    /** The observer's token in force that a message names by the SHA-256 of its hash. */
    Optional<ObserverKey> observer(Transaction transaction, byte[] keyId, Instant now) {
        return transaction.first("""
                SELECT host, hash FROM api_tokens WHERE role = 'observer' AND sha256(hash) = ? AND revoked_at IS NULL
                    AND (expires_at IS NULL OR expires_at > ?)
                """, row -> new ObserverKey(row.text("host"), row.bytes("hash")), keyId, now);
    }

    /** Whether an observer's token of this host is in force; nobody else makes one until the transaction ends. */
    boolean observed(Transaction transaction, String host, Instant now) {
        transaction.first(
                "SELECT pg_advisory_xact_lock(hashtextextended('observer of ' || ?, 0)) AS locked",
                Object::toString,
                host);
        return transaction.one("""
            SELECT EXISTS (SELECT FROM api_tokens WHERE host = ? AND role = 'observer' AND revoked_at IS NULL
                AND (expires_at IS NULL OR expires_at > ?)) AS there
            """, row -> row.bool("there"), host, now);
    }

    ApiToken insert(
            Transaction transaction,
            Tokens.Wanted wanted,
            byte[] hash,
            String createdBy,
            Instant now,
            @Nullable Instant expires) {
        return transaction.one(
                "INSERT INTO api_tokens (name, role, host, hash, created_by, created_at, expires_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING " + COLUMNS,
                TokenStore::token,
                wanted.name(),
                wanted.role(),
                wanted.host(),
                hash,
                createdBy,
                now,
                expires);
    }

    /** Newest first, the revoked ones too. */
    List<ApiToken> list(Transaction transaction) {
        return transaction.list(
                "SELECT " + COLUMNS + " FROM api_tokens ORDER BY created_at DESC, id LIMIT 1000", TokenStore::token);
    }

    Optional<ApiToken> revoke(Transaction transaction, UUID id, Instant now) {
        return transaction.first(
                "UPDATE api_tokens SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL RETURNING " + COLUMNS,
                TokenStore::token,
                now,
                id);
    }

    private static ApiToken token(Row row) {
        return new ApiToken(
                row.uuid("id"),
                row.text("name"),
                row.text("role"),
                row.textOrNull("host"),
                row.text("created_by"),
                row.instant("created_at"),
                row.instantOrNull("expires_at"),
                row.instantOrNull("revoked_at"),
                row.instantOrNull("last_used_at"));
    }
}
