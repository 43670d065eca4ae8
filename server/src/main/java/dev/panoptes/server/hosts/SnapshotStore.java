package dev.panoptes.server.hosts;

import dev.panoptes.integrity.observed.Snapshot;
import dev.panoptes.server.storage.Partitions;
import dev.panoptes.server.storage.Row;
import dev.panoptes.server.storage.SqlArray;
import dev.panoptes.server.storage.Transaction;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The tables {@code snapshots}, {@code hosts} and {@code observers}. */
final class SnapshotStore {
    /** What equals the newest of its host is not stored again but confirmed there, however old that is. */
    private static final String NEEDED = "s.confirmed_at >= ? OR NOT EXISTS ("
            + "SELECT FROM snapshots n WHERE n.host = s.host AND n.taken_at > s.taken_at)";

    /** The newest one of a host. */
    record Newest(UUID id, Instant taken, Instant confirmed, byte[] digest) {}

    Optional<Newest> newest(Transaction transaction, String host) {
        return transaction.first(
                """
                SELECT id, taken_at, confirmed_at, digest FROM snapshots
                WHERE host = ? ORDER BY taken_at DESC, id LIMIT 1
                """,
                row -> new Newest(
                        row.uuid("id"), row.instant("taken_at"), row.instant("confirmed_at"), row.bytes("digest")),
                host);
    }

    /** Keeps a snapshot; one that is equal to the newest only confirms that. @return id of the one that is kept */
    UUID put(Transaction transaction, Snapshot snapshot) {
        String host = snapshot.host().name();
        byte[] digest = StoredSnapshot.digest(snapshot);
        Optional<Newest> newest = newest(transaction, host);
        if (newest.isPresent() && Arrays.equals(newest.get().digest(), digest)) {
            transaction.update(
                    "UPDATE snapshots SET confirmed_at = greatest(confirmed_at, ?) WHERE taken_at = ? AND id = ?",
                    snapshot.taken(),
                    newest.get().taken(),
                    newest.get().id());
            if (snapshot.probes().stream().anyMatch(probe -> probe.proof() != null)) {
                // Signatures are judged: the last ones count, not those of the snapshot that is confirmed.
                transaction.update(
                        "UPDATE snapshots SET body = ? WHERE taken_at = ? AND id = ?",
                        StoredSnapshot.gzip(snapshot),
                        newest.get().taken(),
                        newest.get().id());
            }
            return newest.get().id();
        }
        return transaction.one(
                """
                INSERT INTO snapshots (host, taken_at, confirmed_at, digest, body) VALUES (?, ?, ?, ?, ?)
                RETURNING id
                """,
                row -> row.uuid("id"),
                host,
                snapshot.taken(),
                snapshot.taken(),
                digest,
                StoredSnapshot.gzip(snapshot));
    }

    /** The newest one of each of these hosts that has one. */
    Map<String, UUID> newestIds(Transaction transaction, Collection<String> hosts) {
        Map<String, UUID> newest = new HashMap<>();
        transaction
                .list("""
                        SELECT h.name, s.id FROM unnest(?) AS h (name)
                        CROSS JOIN LATERAL (
                            SELECT id FROM snapshots WHERE host = h.name ORDER BY taken_at DESC, id LIMIT 1) s
                        """, row -> Map.entry(row.text("name"), row.uuid("id")), SqlArray.texts(hosts))
                .forEach(each -> newest.put(each.getKey(), each.getValue()));
        return newest;
    }

    /** One transaction at a time decides about the snapshots of a host. Always in the same order. */
    void lock(Transaction transaction, Collection<String> hosts) {
        transaction.list("""
                SELECT pg_advisory_xact_lock(hashtextextended('snapshots of ' || name, 0)) AS locked
                FROM (SELECT name FROM unnest(?) AS h (name) ORDER BY name) AS ordered
                """, Object::toString, SqlArray.texts(hosts));
    }

    /** @return true where the host was not heard of before, or not any more */
    boolean putHost(Transaction transaction, Snapshot snapshot, @Nullable UUID token) {
        Snapshot.HostIdentity host = snapshot.host();
        boolean heard = transaction.one(
                "SELECT EXISTS (SELECT FROM hosts WHERE name = ? AND silent_since IS NULL) AS heard",
                row -> row.bool("heard"),
                host.name());
        UUID id = transaction.one(
                """
                INSERT INTO hosts AS h (name, host_id, machine_id, boot_id, first_seen, last_snapshot_at)
                VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (name) DO UPDATE SET host_id = excluded.host_id, machine_id = excluded.machine_id,
                    boot_id = excluded.boot_id, silent_since = NULL, last_snapshot_at = greatest(h.last_snapshot_at, excluded.last_snapshot_at)
                RETURNING id
                """,
                row -> row.uuid("id"),
                host.name(),
                host.id(),
                host.machineId(),
                host.bootId(),
                snapshot.taken(),
                snapshot.taken());
        transaction.update("""
                INSERT INTO observers AS o (host_id, name, token_id, last_snapshot_at) VALUES (?, ?, ?, ?)
                ON CONFLICT (host_id) DO UPDATE SET name = excluded.name, token_id = excluded.token_id,
                    last_snapshot_at = greatest(o.last_snapshot_at, excluded.last_snapshot_at)
                """, id, snapshot.observer(), token, snapshot.taken());
        return !heard;
    }

    /** A host whose observer is not heard. @param observer its name */
    record Silent(String name, Instant lastSnapshotAt, String observer) {}

    /** Notes which hosts have fallen silent. @return those that had not before */
    List<Silent> fallSilent(Transaction transaction, Instant now, Instant before) {
        return transaction.list("""
                UPDATE hosts AS h SET silent_since = ? FROM observers AS o
                WHERE o.host_id = h.id AND h.name <> 'local' AND h.silent_since IS NULL AND h.last_snapshot_at < ?
                RETURNING h.name, h.last_snapshot_at, o.name AS observer
                """, SnapshotStore::silent, now, before);
    }

    /** Every host that is silent. */
    List<Silent> silent(Transaction transaction) {
        return transaction.list("""
                SELECT h.name, h.last_snapshot_at, o.name AS observer
                FROM hosts h JOIN observers o ON o.host_id = h.id WHERE h.silent_since IS NOT NULL ORDER BY h.name
                """, SnapshotStore::silent);
    }

    private static Silent silent(Row row) {
        return new Silent(row.text("name"), row.instant("last_snapshot_at"), row.text("observer"));
    }

    /** The newest one of every host. @param since older ones are not asked for: they are long stale */
    List<Snapshot> latest(Transaction transaction, Instant since) {
        return transaction.list("""
                SELECT s.confirmed_at, s.body FROM hosts h
                CROSS JOIN LATERAL (
                    SELECT confirmed_at, body FROM snapshots
                    WHERE host = h.name AND taken_at <= h.last_snapshot_at ORDER BY taken_at DESC, id LIMIT 1) s
                WHERE h.last_snapshot_at >= ?
                ORDER BY h.name
                """, row -> StoredSnapshot.read(row.bytes("body"), row.instant("confirmed_at")), since);
    }

    /** When a host last sent a snapshot. */
    record Seen(String host, Instant at) {}

    /** @param since hosts that were last seen before are left out */
    List<Seen> seen(Transaction transaction, Instant since) {
        return transaction.list(
                "SELECT name, last_snapshot_at FROM hosts WHERE last_snapshot_at >= ? ORDER BY name LIMIT 10000",
                row -> new Seen(row.text("name"), row.instant("last_snapshot_at")),
                since);
    }

    /**
     * A host, as the API gives it.
     *
     * @param hostId stable id of the host as its observer knows it; null before the first snapshot
     * @param bootId null where it is not known
     * @param observer null before the first snapshot
     */
    record HostLine(
            UUID id,
            String name,
            @Nullable String hostId,
            @Nullable String bootId,
            Instant firstSeen,
            @Nullable Instant lastSnapshotAt,
            @Nullable String observer) {}

    List<HostLine> hosts(Transaction transaction) {
        return transaction.list(
                """
                SELECT h.id, h.name, h.host_id, h.boot_id, h.first_seen, h.last_snapshot_at, o.name AS observer
                FROM hosts h LEFT JOIN observers o ON o.host_id = h.id ORDER BY h.name LIMIT 10000
                """,
                row -> new HostLine(
                        row.uuid("id"),
                        row.text("name"),
                        row.textOrNull("host_id"),
                        row.textOrNull("boot_id"),
                        row.instant("first_seen"),
                        row.instantOrNull("last_snapshot_at"),
                        row.textOrNull("observer")));
    }

    /**
     * Takes away snapshots that were confirmed last before that, but the newest of every host: whole days where nothing of
     * them is needed, else the rows.
     *
     * @return how many rows, at most {@code limit}; a whole day counts as none
     */
    int forget(Transaction transaction, Instant before, int limit) {
        int rows = 0;
        for (String day : Partitions.endedBefore(transaction, "snapshots", before)) {
            boolean needed = transaction.one(
                    "SELECT EXISTS (SELECT FROM " + day + " s WHERE " + NEEDED + ") AS needed",
                    row -> row.bool("needed"),
                    before);
            if (!needed) {
                Partitions.drop(transaction, day);
            } else if (rows < limit) {
                rows += transaction.update(
                        "DELETE FROM " + day + " WHERE id IN (SELECT s.id FROM " + day + " s WHERE NOT (" + NEEDED
                                + ") LIMIT ?)",
                        before,
                        limit - rows);
            }
        }
        return rows;
    }
}
