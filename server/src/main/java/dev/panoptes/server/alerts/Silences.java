package dev.panoptes.server.alerts;

import dev.panoptes.server.audit.Actor;
import dev.panoptes.server.audit.AuditStore;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.Transaction;
import dev.panoptes.server.stream.StreamEvent;
import dev.panoptes.server.stream.StreamStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Silences: made with an end, ended early by whoever may, in the audit log either way. */
public final class Silences {
    private final Database database;
    private final AuditStore audit;
    private final InstantSource clock;
    private final SilenceStore store = new SilenceStore();
    private final StreamStore stream = new StreamStore();

    public Silences(Database database, AuditStore audit, InstantSource clock) {
        this.database = database;
        this.audit = audit;
        this.clock = clock;
    }

    Instant now() {
        return clock.instant();
    }

    /** @param from null: now */
    record Wanted(Matcher matcher, String reason, @Nullable Instant from, Instant to) {}

    Silence make(Wanted wanted, Actor actor) {
        Instant now = clock.instant();
        Instant from = wanted.from() == null ? now : wanted.from();
        return database.transaction(transaction -> {
            Silence made =
                    store.insert(transaction, wanted.matcher(), wanted.reason(), actor.name(), now, from, wanted.to());
            audit.record(transaction, actor, "silence.create", made.id().toString(), null, facts(made));
            tell(transaction, "made", made, actor, now);
            return made;
        });
    }

    /** False where none goes on under this id. */
    boolean end(UUID id, Actor actor) {
        return database.transaction(transaction -> {
            Instant now = clock.instant();
            Optional<Silence> ended = store.end(transaction, id, now);
            ended.ifPresent(silence -> {
                audit.record(transaction, actor, "silence.end", id.toString(), facts(silence), null);
                tell(transaction, "ended", silence, actor, now);
            });
            return ended.isPresent();
        });
    }

    private void tell(Transaction transaction, String action, Silence silence, Actor actor, Instant now) {
        stream.append(
                transaction,
                List.of(new StreamEvent.Silence(
                        silence.id(),
                        action,
                        silence.reason(),
                        silence.startsAt(),
                        silence.expiresAt(),
                        actor.name(),
                        now)));
    }

    List<Silence> page(Instant before, UUID beforeId, int limit) {
        return database.transaction(transaction -> store.page(transaction, before, beforeId, limit));
    }

    private static Map<String, ?> facts(Silence silence) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("matcher", silence.matcher());
        facts.put("reason", silence.reason());
        facts.put("starts_at", silence.startsAt().toString());
        facts.put("expires_at", silence.expiresAt().toString());
        return facts;
    }
}
