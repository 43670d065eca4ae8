package dev.panoptes.server.hosts;

import dev.panoptes.core.registry.DeclaredHost;
import dev.panoptes.integrity.observed.Snapshot;
import dev.panoptes.server.changes.Actor;
import dev.panoptes.server.changes.Change;
import dev.panoptes.server.changes.Changes;
import dev.panoptes.server.jobs.Jobs;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Takes the snapshots of observers and hands the newest of every host to a scan. */
public final class Hosts {
    /** How far an observer's clock may be ahead of ours. */
    private static final Duration SKEW = Duration.ofMinutes(1);
    /** A host that was silent for longer is no longer judged as stale, but not at all. */
    private static final Duration FORGOTTEN = Duration.ofDays(7);
    /** Partitions reach back to yesterday. */
    private static final Duration OLDEST = Duration.ofHours(12);

    /** The job that judges the newest snapshots. */
    private static final String WATCH = "watch";

    private final Database database;
    private final SnapshotStore store = new SnapshotStore();
    private final Changes changes;
    private final InstantSource clock;

    public Hosts(Database database, Changes changes, InstantSource clock) {
        this.database = database;
        this.changes = changes;
        this.clock = clock;
    }

    /** What became of a snapshot that was sent. */
    sealed interface Taken {
        record Kept(UUID id) implements Taken {}

        /** @param reason one sentence */
        record Refused(String reason) implements Taken {}

        /** A newer one is here already. */
        record Outdated() implements Taken {}
    }

    /** @param token of the observer, which speaks for the snapshot's host */
    Taken take(Snapshot snapshot, UUID token) {
        Instant now = clock.instant();
        if (snapshot.host().name().equals(DeclaredHost.LOCAL)) {
            return new Taken.Refused("The snapshot's host is called local, which every host is to itself;"
                    + " observe with --host NAME");
        }
        if (snapshot.taken().isAfter(now.plus(SKEW))) {
            return new Taken.Refused("The snapshot was taken in the future: the observer's clock is ahead");
        }
        if (snapshot.taken().isBefore(now.minus(OLDEST))) {
            return new Taken.Refused("The snapshot is more than twelve hours old");
        }
        return database.transaction(transaction -> {
            store.lock(transaction, List.of(snapshot.host().name()));
            Optional<SnapshotStore.Newest> newest =
                    store.newest(transaction, snapshot.host().name());
            if (newest.isPresent() && newest.get().confirmed().isAfter(snapshot.taken())) {
                return new Taken.Outdated();
            }
            UUID id = store.put(transaction, snapshot);
            putHost(transaction, snapshot, token, now);
            if (newest.isPresent() && !newest.get().id().equals(id)) {
                // A port may have changed hands: it is judged now, not in a minute.
                Jobs.hurry(transaction, WATCH);
            }
            return new Taken.Kept(id);
        });
    }

    private void putHost(Transaction transaction, Snapshot snapshot, @Nullable UUID token, Instant now) {
        if (store.putHost(transaction, snapshot, token)) {
            changes.record(transaction, List.of(change(snapshot.host().name(), "seen", snapshot.taken())), now);
        }
    }

    /** @param state seen or silent @param last when its last snapshot was taken */
    static Change change(String host, String state, Instant last) {
        return new Change(
                "host",
                host,
                host,
                null,
                state,
                Actor.SYSTEM,
                null,
                Map.of("name", host, "state", state, "last_snapshot_at", last));
    }

    /** What observers saw last, one snapshot per host; stale ones too: that a host is silent is part of the judgement. */
    public List<Snapshot> seenByObservers() {
        Instant since = clock.instant().minus(FORGOTTEN);
        return database.transaction(transaction -> store.latest(transaction, since)).stream()
                .filter(snapshot -> !snapshot.host().name().equals(DeclaredHost.LOCAL))
                .toList();
    }

    /** Takes away snapshots that are older, but the newest of every host. @return how many, at most {@code limit} */
    public int forget(Transaction transaction, Instant before, int limit) {
        return store.forget(transaction, before, limit);
    }

    /** Keeps what a scan judged, in the transaction that stores its report. @return ids, in the same order */
    public List<UUID> keep(Transaction transaction, List<Snapshot> judged) {
        List<String> names =
                judged.stream().map(snapshot -> snapshot.host().name()).toList();
        store.lock(transaction, names);
        Map<String, UUID> newest = store.newestIds(transaction, names);
        return judged.stream()
                .map(snapshot -> keep(transaction, snapshot, newest))
                .toList();
    }

    private UUID keep(Transaction transaction, Snapshot snapshot, Map<String, UUID> newest) {
        String host = snapshot.host().name();
        UUID present = newest.get(host);
        if (!host.equals(DeclaredHost.LOCAL) && present != null) {
            // It came from here; a newer one may have arrived since, and the report names what is kept now.
            return present;
        }
        UUID id = store.put(transaction, snapshot);
        if (host.equals(DeclaredHost.LOCAL)) {
            putHost(transaction, snapshot, null, clock.instant());
        }
        return id;
    }

    /** When each host was last seen; one that was not for a week is forgotten. */
    List<SnapshotStore.Seen> seen() {
        Instant since = clock.instant().minus(FORGOTTEN);
        return database.transaction(transaction -> store.seen(transaction, since));
    }

    List<SnapshotStore.HostLine> list() {
        return database.transaction(store::hosts);
    }
}
