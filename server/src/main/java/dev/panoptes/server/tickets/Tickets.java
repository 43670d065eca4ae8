package dev.panoptes.server.tickets;

import dev.panoptes.server.audit.AuditStore;
import dev.panoptes.server.changes.Actor;
import dev.panoptes.server.changes.Change;
import dev.panoptes.server.changes.Changes;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.Transaction;
import dev.panoptes.server.tickets.TicketStore.Added;
import dev.panoptes.server.tickets.TicketStore.Comment;
import dev.panoptes.server.tickets.TicketStore.Edit;
import dev.panoptes.server.tickets.TicketStore.Event;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tickets. Whoever is to hear of one hears of its change. */
final class Tickets {
    private final Database database;
    private final Changes changes;
    private final AuditStore audit;
    private final InstantSource clock;
    private final TicketStore store = new TicketStore();

    Tickets(Database database, Changes changes, AuditStore audit, InstantSource clock) {
        this.database = database;
        this.changes = changes;
        this.audit = audit;
        this.clock = clock;
    }

    /** How an opening, or a change, ended. */
    sealed interface Outcome {
        record Done(Ticket ticket) implements Outcome {}

        /** One with its key was opened before. */
        record KeyTaken() implements Outcome {}

        /** The issue that it is about has an open ticket. @param other its id */
        record IssueHasOne(long other) implements Outcome {}

        /** There is no such ticket. */
        record Unknown() implements Outcome {}
    }

    Outcome open(Added added, Actor actor) {
        return database.transaction(transaction -> {
            if (added.issue() != null) {
                store.lockIssue(transaction, added.issue());
                Optional<Long> other = store.openOf(transaction, added.issue());
                if (other.isPresent()) {
                    return new Outcome.IssueHasOne(other.get());
                }
            }
            Optional<Ticket> made = store.insert(transaction, added, actor.name(), clock.instant());
            made.ifPresent(ticket -> {
                changed(transaction, ticket, null, ticket.status(), actor, null);
                audit.record(transaction, actor, "ticket.create", Long.toString(ticket.id()), null, facts(ticket));
            });
            return made.<Outcome>map(Outcome.Done::new).orElseGet(Outcome.KeyTaken::new);
        });
    }

    /** @param note why; null where nobody says */
    Outcome edit(long id, Edit edit, Actor actor, @Nullable String note) {
        return database.transaction(transaction -> {
            Optional<Ticket> found = store.lock(transaction, id);
            if (found.isEmpty()) {
                return new Outcome.Unknown();
            }
            Ticket before = found.get();
            boolean reopened = before.done() && edit.status() != null && !Ticket.done(edit.status());
            if (reopened && before.issue() != null) {
                store.lockIssue(transaction, before.issue());
                Optional<Long> other = store.openOf(transaction, before.issue());
                if (other.isPresent()) {
                    return new Outcome.IssueHasOne(other.get());
                }
            }
            Ticket after = store.update(transaction, id, edit, reopened, clock.instant());
            changed(
                    transaction,
                    after,
                    before.status(),
                    after.status(),
                    actor,
                    note == null ? what(before, after) : note);
            audit.record(transaction, actor, "ticket.update", Long.toString(id), facts(before), facts(after));
            return new Outcome.Done(after);
        });
    }

    private static @Nullable String what(Ticket before, Ticket after) {
        if (!String.valueOf(before.assignee()).equals(String.valueOf(after.assignee()))) {
            return after.assignee() == null ? "given back" : "given to " + after.assignee();
        }
        if (!before.severity().equals(after.severity())) {
            return "severity " + before.severity() + " to " + after.severity();
        }
        return before.status().equals(after.status()) ? "edited" : null;
    }

    /** A ticket with all that was said and done. */
    record Whole(Ticket ticket, List<Comment> comments, List<Event> history) {
        Whole {
            comments = List.copyOf(comments);
            history = List.copyOf(history);
        }
    }

    Optional<Whole> find(long id) {
        return database.transaction(transaction -> store.find(transaction, id)
                .map(ticket -> new Whole(ticket, store.comments(transaction, id), store.history(transaction, id))));
    }

    List<Ticket> page(TicketStore.Wanted wanted) {
        return database.transaction(transaction -> store.page(transaction, wanted));
    }

    Optional<List<Comment>> comments(long id) {
        return database.transaction(
                transaction -> store.find(transaction, id).map(_ -> store.comments(transaction, id)));
    }

    Optional<Comment> comment(long id, String body, Actor actor) {
        return database.transaction(transaction -> store.lock(transaction, id).map(ticket -> {
            Comment comment = store.comment(transaction, id, actor.name(), body, clock.instant());
            changed(transaction, ticket, ticket.status(), ticket.status(), actor, "commented");
            return comment;
        }));
    }

    private void changed(
            Transaction transaction,
            Ticket ticket,
            @Nullable String from,
            String to,
            Actor actor,
            @Nullable String cause) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("title", ticket.title());
        data.put("severity", ticket.severity());
        if (ticket.agent() != null) {
            data.put("agent", ticket.agent());
        }
        changes.record(
                transaction, new Change("ticket", Long.toString(ticket.id()), null, from, to, actor, cause, data));
    }

    private static Map<String, ?> facts(Ticket ticket) {
        Map<String, @Nullable Object> facts = new LinkedHashMap<>();
        facts.put("title", ticket.title());
        facts.put("severity", ticket.severity());
        facts.put("status", ticket.status());
        facts.put("assignee", ticket.assignee());
        return facts;
    }
}
