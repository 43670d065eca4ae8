package dev.panoptes.server.alerts;

import dev.panoptes.server.changes.Actor;
import dev.panoptes.server.changes.Change;
import dev.panoptes.server.changes.Change.Audited;
import dev.panoptes.server.changes.Changes;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.Transaction;
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
    private final Changes changes;
    private final InstantSource clock;
    private final SilenceStore store = new SilenceStore();

    public Silences(Database database, Changes changes, InstantSource clock) {
        this.database = database;
        this.changes = changes;
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
            tell(transaction, made, actor, now, new Audited("silence.create", null, facts(made)));
            return made;
        });
    }

    /**
     * Work that was declared and was not over at a time. A silence of a severity, or of an agent, is about what is told and
     * not about what is worked on.
     */
    public static List<Silenced> since(Transaction transaction, Instant time) {
        return new SilenceStore()
                .since(transaction, time).stream()
                        .filter(one -> one.matcher().severity() == null
                                && one.matcher().agent() == null)
                        .map(one -> new Silenced(
                                one.matcher().check(),
                                one.matcher().host(),
                                one.reason(),
                                one.startsAt(),
                                one.endedAt() == null ? one.expiresAt() : one.endedAt()))
                        .toList();
    }

    /** False where none goes on under this id. */
    boolean end(UUID id, Actor actor) {
        return database.transaction(transaction -> {
            Instant now = clock.instant();
            Optional<Silence> ended = store.end(transaction, id, now);
            ended.ifPresent(silence ->
                    tell(transaction, silence, actor, now, new Audited("silence.end", facts(silence), null)));
            return ended.isPresent();
        });
    }

    private void tell(Transaction transaction, Silence silence, Actor actor, Instant now, Audited audited) {
        boolean made = audited.after() != null;
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("id", silence.id());
        data.put("action", made ? "made" : "ended");
        data.put("reason", silence.reason());
        data.put("starts_at", silence.startsAt());
        data.put("expires_at", silence.expiresAt());
        Change change = new Change(
                "silence",
                silence.id().toString(),
                null,
                made ? null : "in_force",
                made ? "in_force" : null,
                actor,
                silence.reason(),
                data,
                audited);
        changes.record(transaction, List.of(change), now);
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
