package dev.panoptes.server.issues;

import dev.panoptes.core.issue.IssueState;
import dev.panoptes.core.issue.Waiver;
import dev.panoptes.server.changes.Actor;
import dev.panoptes.server.changes.Change;
import dev.panoptes.server.changes.Change.Audited;
import dev.panoptes.server.changes.Changes;
import dev.panoptes.server.issues.EventStore.Event;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.Transaction;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Decisions to accept an issue for a while. A waiver holds through its last day, in UTC; then the issue is new again, and
 * those who listen are told.
 */
public final class Waivers {
    private final Database database;
    private final Changes changes;
    private final InstantSource clock;
    private final IssueStore issues = new IssueStore();
    private final EventStore events;
    private final WaiverStore store = new WaiverStore();

    public Waivers(Database database, Changes changes, InstantSource clock) {
        this.database = database;
        this.changes = changes;
        this.clock = clock;
        this.events = new EventStore(changes);
    }

    LocalDate today() {
        return clock.instant().atOffset(ZoneOffset.UTC).toLocalDate();
    }

    /** The newest first, those that ended too. */
    List<StoredWaiver> page(Instant before, UUID beforeId, int limit) {
        return database.transaction(transaction -> store.page(transaction, before, beforeId, limit));
    }

    /** Accepts whatever is or will be open under this fingerprint or id; what accepted it before ends. */
    StoredWaiver make(Waiver waiver, Actor actor) {
        return database.transaction(transaction -> make(transaction, waiver, actor));
    }

    /** Accepts one issue. @param name its fingerprint or id */
    Issues.Outcome waive(String name, String owner, String reason, LocalDate expires, Actor actor) {
        return database.transaction(transaction -> {
            Optional<IssueView> found = issues.lock(transaction, name);
            if (found.isEmpty()) {
                return new Issues.Outcome.Unknown();
            }
            IssueView issue = found.get();
            if (issue.life() == IssueState.RESOLVED) {
                return new Issues.Outcome.Refused(IssueState.RESOLVED);
            }
            make(transaction, new Waiver(issue.fingerprint(), owner, reason, expires), actor);
            return new Issues.Outcome.Done(
                    issues.find(transaction, issue.fingerprint()).orElseThrow());
        });
    }

    private StoredWaiver make(Transaction transaction, Waiver waiver, Actor actor) {
        Instant now = clock.instant();
        List<IssueView> accepted = issues.lockOpen(transaction, waiver.issue());
        for (StoredWaiver earlier : store.inForce(transaction, today())) {
            if (earlier.issue().equals(waiver.issue())) {
                store.revoke(transaction, earlier.id(), now);
                tell(transaction, earlier, actor, now, new Audited("waiver.replace", facts(earlier), null));
            }
        }
        StoredWaiver made = store.insert(transaction, waiver, actor.name(), now);
        tell(transaction, made, actor, now, new Audited("waiver.create", states(accepted), facts(made)));
        String note = "waived by " + waiver.owner() + " until " + waiver.expires() + ": " + waiver.reason();
        List<IssueView> changed = accepted.stream()
                .filter(issue -> issue.life() != IssueState.WAIVED)
                .toList();
        change(transaction, changed, IssueState.WAIVED, actor, note, now);
        return made;
    }

    /** Ends a waiver early. False where none is in force under this id. */
    boolean revoke(UUID id, Actor actor) {
        return database.transaction(transaction -> {
            Instant now = clock.instant();
            Optional<StoredWaiver> revoked = store.revoke(transaction, id, now);
            if (revoked.isEmpty()) {
                return false;
            }
            tell(transaction, revoked.get(), actor, now, new Audited("waiver.revoke", facts(revoked.get()), null));
            List<StoredWaiver> others = store.inForce(transaction, today());
            List<IssueView> bare = issues.lockOpen(transaction, revoked.get().issue()).stream()
                    .filter(issue -> issue.life() == IssueState.WAIVED)
                    .filter(issue -> others.stream().noneMatch(other -> other.accepts(issue.fingerprint(), issue.id())))
                    .toList();
            open(transaction, bare, actor, "the waiver was revoked", now);
            return true;
        });
    }

    /** Opens the issues whose waivers have come to their end. @return how many */
    public int expire() {
        return database.transaction(transaction -> {
            issues.lockMerges(transaction);
            List<IssueView> bare = store.lockExpired(transaction, today());
            open(transaction, bare, Actor.SYSTEM, "no waiver is in force any more", clock.instant());
            return bare.size();
        });
    }

    private void open(Transaction transaction, List<IssueView> bare, Actor actor, String note, Instant now) {
        change(transaction, bare, IssueState.NEW, actor, note, now);
    }

    private void change(
            Transaction transaction, List<IssueView> some, IssueState to, Actor actor, String note, Instant now) {
        issues.setState(transaction, some.stream().map(IssueView::fingerprint).toList(), to);
        List<Event> all = some.stream()
                .map(issue -> new Event(issue.fingerprint(), issue.life(), to, null, note))
                .toList();
        events.record(transaction, all, actor, now);
    }

    private void tell(Transaction transaction, StoredWaiver waiver, Actor actor, Instant now, Audited audited) {
        boolean made = audited.after() != null;
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("id", waiver.id());
        data.put("action", made ? "made" : "revoked");
        data.putAll(facts(waiver));
        Change change = new Change(
                "waiver",
                waiver.id().toString(),
                null,
                made ? null : "in_force",
                made ? "in_force" : null,
                actor,
                waiver.reason(),
                data,
                audited);
        changes.record(transaction, List.of(change), now);
    }

    private static @Nullable Map<String, ?> states(List<IssueView> some) {
        if (some.isEmpty()) {
            return null;
        }
        Map<String, String> states = new LinkedHashMap<>();
        some.forEach(issue -> states.put(issue.fingerprint(), issue.state()));
        return Map.of("states", states);
    }

    private static Map<String, ?> facts(StoredWaiver waiver) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("issue", waiver.issue());
        facts.put("owner", waiver.owner());
        facts.put("reason", waiver.reason());
        facts.put("expires", waiver.expires().toString());
        return facts;
    }
}
