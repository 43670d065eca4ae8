package dev.panoptes.server.replicas;

import dev.panoptes.server.storage.Row;
import dev.panoptes.server.storage.Transaction;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The table {@code replicas}. Every time in it is the database's. */
final class ReplicaStore {
    void beat(
            Transaction transaction,
            String id,
            String name,
            String version,
            @Nullable String registryDigest,
            String keyId) {
        transaction.update("""
                INSERT INTO replicas (id, name, version, registry_digest, key_id, started_at, seen_at, since)
                VALUES (?, ?, ?, ?, ?, clock_timestamp(), clock_timestamp(), clock_timestamp())
                ON CONFLICT (id) DO UPDATE SET
                    seen_at = excluded.seen_at,
                    since = CASE WHEN replicas.registry_digest IS DISTINCT FROM excluded.registry_digest
                        THEN excluded.since ELSE replicas.since END,
                    registry_digest = excluded.registry_digest
                """, id, name, version, registryDigest, keyId);
    }

    /** Those that were heard of within this time, the one that is there longest first. */
    List<Replica> living(Transaction transaction, Duration within) {
        return transaction.list("""
                SELECT id, name, version, registry_digest, key_id, started_at, seen_at, since FROM replicas
                WHERE seen_at > clock_timestamp() - make_interval(secs => ?) ORDER BY started_at, id
                """, ReplicaStore::read, within.toMillis() / 1e3);
    }

    private static Replica read(Row row) {
        return new Replica(
                row.text("id"),
                row.text("name"),
                row.text("version"),
                row.textOrNull("registry_digest"),
                row.text("key_id"),
                row.instant("started_at"),
                row.instant("seen_at"),
                row.instant("since"));
    }

    void leave(Transaction transaction, String id) {
        transaction.update("DELETE FROM replicas WHERE id = ?", id);
    }

    /** Forgets those that were not heard of for so long. */
    void forget(Transaction transaction, Duration silent) {
        transaction.update(
                "DELETE FROM replicas WHERE seen_at < clock_timestamp() - make_interval(secs => ?)",
                silent.toMillis() / 1e3);
    }
}
