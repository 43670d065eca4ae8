package dev.panoptes.server.issues;

import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.issue.IssueState;
import dev.panoptes.core.issue.Waiver;
import dev.panoptes.server.audit.Actor;
import dev.panoptes.server.audit.AuditStore;
import dev.panoptes.server.issues.EventStore.Event;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.Transaction;
import dev.panoptes.server.stream.StreamEvent;
import dev.panoptes.server.stream.StreamStore;
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
    private final AuditStore audit;
    private final InstantSource clock;
    private final IssueListener listener;
    private final IssueStore issues = new IssueStore();
    private final EventStore events = new EventStore();
    private final WaiverStore store = new WaiverStore();
    private final StreamStore stream = new StreamStore();

    /** @param listener told of issues that are no longer waived, in the transaction that makes them so */
    public Waivers(Database database, AuditStore audit, InstantSource clock, IssueListener listener) {
        this.database = database;
        this.audit = audit;
        this.clock = clock;
        this.listener = listener;
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
                audit.record(transaction, actor, "waiver.replace", earlier.id().toString(), facts(earlier), null);
                tell(transaction, "revoked", earlier, actor, now);
            }
        }
        StoredWaiver made = store.insert(transaction, waiver, actor.name(), now);
        audit.record(transaction, actor, "waiver.create", made.id().toString(), states(accepted), facts(made));
        tell(transaction, "made", made, actor, now);
        String note = "waived by " + waiver.owner() + " until " + waiver.expires() + ": " + waiver.reason();
        List<IssueView> changed = accepted.stream()
                .filter(issue -> issue.life() != IssueState.WAIVED)
                .toList();
        change(transaction, changed, IssueState.WAIVED, actor.name(), note, now);
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
            audit.record(transaction, actor, "waiver.revoke", id.toString(), facts(revoked.get()), null);
            tell(transaction, "revoked", revoked.get(), actor, now);
            List<StoredWaiver> others = store.inForce(transaction, today());
            List<IssueView> bare = issues.lockOpen(transaction, revoked.get().issue()).stream()
                    .filter(issue -> issue.life() == IssueState.WAIVED)
                    .filter(issue -> others.stream().noneMatch(other -> other.accepts(issue.fingerprint(), issue.id())))
                    .toList();
            open(transaction, bare, actor.name(), "the waiver was revoked", now);
            return true;
        });
    }

    /** Opens the issues whose waivers have come to their end. @return how many */
    public int expire() {
        return database.transaction(transaction -> {
            issues.lockMerges(transaction);
            List<IssueView> bare = store.lockExpired(transaction, today());
            open(transaction, bare, Actor.SYSTEM.name(), "no waiver is in force any more", clock.instant());
            return bare.size();
        });
    }

    private void open(Transaction transaction, List<IssueView> bare, String actor, String note, Instant now) {
        if (bare.isEmpty()) {
            return;
        }
        change(transaction, bare, IssueState.NEW, actor, note, now);
        List<Issue> opened =
                bare.stream().map(issue -> issue.issue(IssueState.NEW)).toList();
        listener.changed(transaction, new IssueChanges("", now, opened, List.of(), List.of(), 0));
    }

    private void change(
            Transaction transaction, List<IssueView> some, IssueState to, String actor, String note, Instant now) {
        issues.setState(transaction, some.stream().map(IssueView::fingerprint).toList(), to);
        List<Event> all = some.stream()
                .map(issue -> new Event(issue.fingerprint(), issue.life(), to, actor, null, note))
                .toList();
        events.record(transaction, all, now);
    }

    private void tell(Transaction transaction, String action, StoredWaiver waiver, Actor actor, Instant now) {
        stream.append(
                transaction,
                List.of(new StreamEvent.Waiver(
                        waiver.id(),
                        action,
                        waiver.issue(),
                        waiver.owner(),
                        waiver.reason(),
                        waiver.expires(),
                        actor.name(),
                        now)));
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
