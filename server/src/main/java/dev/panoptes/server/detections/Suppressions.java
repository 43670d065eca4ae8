package dev.panoptes.server.detections;

import dev.panoptes.detection.fusion.Hit;
import dev.panoptes.server.changes.Actor;
import dev.panoptes.server.changes.Change;
import dev.panoptes.server.changes.Changes;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.Transaction;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is known to be harmless: made with an owner, a reason and an end, counted, and in the audit log. */
final class Suppressions {
    private static final String KIND = "suppression";

    private final Database database;
    private final Changes changes;
    private final InstantSource clock;
    private final SuppressionStore store = new SuppressionStore();

    Suppressions(Database database, Changes changes, InstantSource clock) {
        this.database = database;
        this.changes = changes;
        this.clock = clock;
    }

    Instant now() {
        return clock.instant();
    }

    /** What somebody wants to be kept from being told; null for any. */
    record Wanted(
            @Nullable String rule,
            @Nullable String host,
            @Nullable String user,
            @Nullable String entity,
            String reason,
            Instant until) {}

    Suppression make(Wanted wanted, Actor actor) {
        Suppression made = new Suppression(
                UUID.randomUUID(),
                wanted.rule(),
                wanted.host(),
                wanted.user(),
                wanted.entity(),
                wanted.reason(),
                actor.name(),
                clock.instant(),
                wanted.until(),
                null,
                0,
                null);
        database.execute(transaction -> {
            store.insert(transaction, made);
            changes.record(
                    transaction,
                    change(made, null, "in_force", actor).audited("suppression.create", null, made.facts()));
        });
        return made;
    }

    /** False where none is in force under this id. */
    boolean end(UUID id, Actor actor) {
        return database.transaction(transaction -> {
            Optional<Suppression> ended = store.end(transaction, id, clock.instant());
            ended.ifPresent(gone -> changes.record(
                    transaction, change(gone, "in_force", null, actor).audited("suppression.end", gone.facts(), null)));
            return ended.isPresent();
        });
    }

    private static Change change(Suppression of, @Nullable String from, @Nullable String to, Actor actor) {
        return new Change(KIND, of.id().toString(), of.host(), from, to, actor, of.reason(), of.facts());
    }

    List<Suppression> page(Instant before, UUID beforeId, int limit) {
        return database.transaction(transaction -> store.page(transaction, before, beforeId, limit));
    }

    List<Suppression> inForce(Transaction transaction) {
        return store.inForce(transaction, clock.instant());
    }

    /** Leaves out what is known to be harmless, and counts it. */
    List<Hit> told(Transaction transaction, List<Hit> hits) {
        List<Suppression> known = hits.isEmpty() ? List.of() : inForce(transaction);
        if (known.isEmpty()) {
            return hits;
        }
        List<Hit> told = new ArrayList<>();
        Map<UUID, Long> counts = new HashMap<>();
        for (Hit hit : hits) {
            Suppression by =
                    known.stream().filter(one -> one.covers(hit)).findFirst().orElse(null);
            if (by == null) {
                told.add(hit);
            } else {
                counts.merge(by.id(), hit.count(), Long::sum);
            }
        }
        if (!counts.isEmpty()) {
            store.count(transaction, counts, clock.instant());
        }
        return told;
    }
}
