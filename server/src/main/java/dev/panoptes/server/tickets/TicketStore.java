package dev.panoptes.server.tickets;

import dev.panoptes.server.storage.Row;
import dev.panoptes.server.storage.Transaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The tables {@code tickets} and {@code ticket_comments}; the history of a ticket is read from {@code changes}. */
final class TicketStore {
    private static final String COLUMNS = "id, title, description, severity, state, assignee, issue, finding, agent,"
            + " created_by, created_at, updated_at, resolved_at";

    /** A new one. @param key at most one ticket has it; null for those that people open */
    record Added(
            String title,
            String description,
            String severity,
            @Nullable String assignee,
            @Nullable String issue,
            @Nullable UUID finding,
            @Nullable String agent,
            @Nullable String key) {}

    /** Empty where there is one with this key, or an open one for this issue. */
    Optional<Ticket> insert(Transaction transaction, Added added, String by, Instant now) {
        return transaction.first(
                """
                    INSERT INTO tickets (title, description, severity, state, assignee, issue, finding, agent, dedup_key, open_issue,
                        created_by, created_at, updated_at)
                    VALUES (?, ?, ?, 'open', ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                    RETURNING
                    """ + COLUMNS,
                TicketStore::ticket,
                added.title(),
                added.description(),
                added.severity(),
                added.assignee(),
                added.issue(),
                added.finding(),
                added.agent(),
                added.key(),
                added.issue(),
                by,
                now,
                now);
    }

    /** Nobody else opens a ticket of this issue before the transaction ends. */
    void lockIssue(Transaction transaction, String issue) {
        transaction.first(
                "SELECT pg_advisory_xact_lock(hashtextextended(?, 0)) AS locked", Row::toString, "ticket of " + issue);
        // A release that knows nothing of this column may have closed it.
        transaction.update(
                "UPDATE tickets SET open_issue = NULL WHERE open_issue = ? AND state IN ('resolved', 'closed')", issue);
    }

    /** The open ticket of an issue. */
    Optional<Long> openOf(Transaction transaction, String issue) {
        return transaction.first("SELECT id FROM tickets WHERE open_issue = ?", row -> row.bigint("id"), issue);
    }

    Optional<Ticket> find(Transaction transaction, long id) {
        return transaction.first("SELECT " + COLUMNS + " FROM tickets WHERE id = ?", TicketStore::ticket, id);
    }

    Optional<Ticket> lock(Transaction transaction, long id) {
        return transaction.first(
                "SELECT " + COLUMNS + " FROM tickets WHERE id = ? FOR UPDATE", TicketStore::ticket, id);
    }

    /** What is to change; null leaves it as it is. An empty assignee takes it from everybody. */
    record Edit(
            @Nullable String title,
            @Nullable String description,
            @Nullable String severity,
            @Nullable String status,
            @Nullable String assignee) {}

    /** @param reopened it is open again, as the only one of its issue */
    Ticket update(Transaction transaction, long id, Edit edit, boolean reopened, Instant now) {
        return transaction.one(
                """
                    UPDATE tickets SET title = coalesce(?, title), description = coalesce(?, description),
                        severity = coalesce(?, severity), state = coalesce(?, state),
                        assignee = nullif(coalesce(?, assignee), ''), updated_at = ?,
                        resolved_at = CASE WHEN coalesce(?, state) IN ('resolved', 'closed') THEN coalesce(resolved_at, ?) END,
                        open_issue = CASE WHEN coalesce(?, state) IN ('resolved', 'closed') THEN NULL
                            WHEN ? THEN issue ELSE open_issue END
                    WHERE id = ?
                    RETURNING
                    """ + COLUMNS,
                TicketStore::ticket,
                edit.title(),
                edit.description(),
                edit.severity(),
                edit.status(),
                edit.assignee(),
                now,
                edit.status(),
                now,
                edit.status(),
                reopened,
                id);
    }

    /** What a list is asked for; null for any. @param before only smaller ids */
    record Wanted(
            @Nullable String status,
            @Nullable String severity,
            @Nullable String assignee,
            @Nullable String agent,
            @Nullable String issue,
            long before,
            int limit) {}

    List<Ticket> page(Transaction transaction, Wanted wanted) {
        StringBuilder where = new StringBuilder(" WHERE id < ?");
        List<@Nullable Object> parameters = new ArrayList<>();
        parameters.add(wanted.before());
        if ("unresolved".equals(wanted.status())) {
            where.append(" AND state IN ('open', 'in_progress')");
        } else {
            equal(where, "state", wanted.status(), parameters);
        }
        equal(where, "severity", wanted.severity(), parameters);
        equal(where, "assignee", wanted.assignee(), parameters);
        equal(where, "agent", wanted.agent(), parameters);
        equal(where, "issue", wanted.issue(), parameters);
        parameters.add(wanted.limit());
        return transaction.list(
                "SELECT " + COLUMNS + " FROM tickets" + where + " ORDER BY id DESC LIMIT ?",
                TicketStore::ticket,
                parameters.toArray());
    }

    private static void equal(
            StringBuilder where, String column, @Nullable String value, List<@Nullable Object> parameters) {
        if (value != null) {
            where.append(" AND ").append(column).append(" = ?");
            parameters.add(value);
        }
    }

    /** What somebody said about it. */
    record Comment(long id, Instant at, String author, String body) {}

    Comment comment(Transaction transaction, long ticket, String author, String body, Instant now) {
        return transaction.one(
                "INSERT INTO ticket_comments (ticket, at, author, body) VALUES (?, ?, ?, ?)"
                        + " RETURNING id, at, author, body",
                TicketStore::comment,
                ticket,
                now,
                author,
                body);
    }

    /** Oldest first. */
    List<Comment> comments(Transaction transaction, long ticket) {
        return transaction.list(
                "SELECT id, at, author, body FROM ticket_comments WHERE ticket = ? ORDER BY id LIMIT 1000",
                TicketStore::comment,
                ticket);
    }

    /** One change of it. */
    record Event(
            long id,
            Instant at,
            @Nullable String from,
            @Nullable String to,
            String actor,
            @Nullable String cause) {}

    /** Oldest first. */
    List<Event> history(Transaction transaction, long ticket) {
        return transaction.list(
                "SELECT id, at, from_state, to_state, actor, cause FROM changes"
                        + " WHERE kind = 'ticket' AND subject = ? ORDER BY id LIMIT 1000",
                row -> new Event(
                        row.bigint("id"),
                        row.instant("at"),
                        row.textOrNull("from_state"),
                        row.textOrNull("to_state"),
                        row.text("actor"),
                        row.textOrNull("cause")),
                Long.toString(ticket));
    }

    private static Comment comment(Row row) {
        return new Comment(row.bigint("id"), row.instant("at"), row.text("author"), row.text("body"));
    }

    private static Ticket ticket(Row row) {
        return new Ticket(
                row.bigint("id"),
                row.text("title"),
                row.text("description"),
                row.text("severity"),
                row.text("state"),
                row.textOrNull("assignee"),
                row.textOrNull("issue"),
                row.uuidOrNull("finding"),
                row.textOrNull("agent"),
                row.text("created_by"),
                row.instant("created_at"),
                row.instant("updated_at"),
                row.instantOrNull("resolved_at"));
    }
}
