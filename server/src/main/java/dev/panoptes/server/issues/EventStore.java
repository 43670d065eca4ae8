package dev.panoptes.server.issues;

import dev.panoptes.core.issue.IssueState;
import dev.panoptes.core.registry.Keys;
import dev.panoptes.server.storage.Row;
import dev.panoptes.server.storage.SqlArray;
import dev.panoptes.server.storage.Transaction;
import dev.panoptes.server.stream.StreamEvent;
import dev.panoptes.server.stream.StreamStore;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The table {@code issue_events}: what happened to issues. The stream is told of each. */
final class EventStore {
    /** Who did what a scan did. */
    static final String SCAN = "scan";

    private final StreamStore stream = new StreamStore();

    /**
     * @param from null for a new issue
     * @param reportId null where a person did it
     */
    record Event(
            String fingerprint,
            @Nullable IssueState from,
            IssueState to,
            String actor,
            @Nullable String reportId,
            @Nullable String note) {}

    void record(Transaction transaction, List<Event> events, Instant at) {
        if (events.isEmpty()) {
            return;
        }
        List<TimelineEntry> recorded = transaction.list(
                """
                WITH recorded AS (
                    INSERT INTO issue_events (at, fingerprint, from_state, to_state, actor, report_id, note)
                    SELECT ?, * FROM unnest(?, ?, ?, ?, ?, ?) RETURNING *)
                SELECT e.*, i.issue_id, i.check_id, i.severity, i.title, i.host
                FROM recorded e JOIN issues i USING (fingerprint) ORDER BY e.id
                """,
                EventStore::entry,
                at,
                texts(events, Event::fingerprint),
                texts(
                        events,
                        event -> event.from() == null ? null : event.from().id()),
                texts(events, event -> event.to().id()),
                texts(events, Event::actor),
                texts(events, Event::reportId),
                texts(events, Event::note));
        stream.append(transaction, recorded.stream().map(EventStore::told).toList());
    }

    private static StreamEvent told(TimelineEntry entry) {
        return new StreamEvent.Issue(
                entry.fingerprint(),
                entry.issue(),
                entry.check(),
                entry.severity(),
                entry.title(),
                entry.host(),
                entry.from(),
                entry.to(),
                entry.actor(),
                entry.reportId(),
                entry.note(),
                entry.at());
    }

    /** Of one issue, the newest first. */
    List<TimelineEntry> ofIssue(Transaction transaction, String fingerprint, long before, int limit) {
        return transaction.list("""
                SELECT e.*, i.issue_id, i.check_id, i.severity, i.title, i.host
                FROM issue_events e JOIN issues i USING (fingerprint)
                WHERE e.fingerprint = ? AND e.id < ? ORDER BY e.id DESC LIMIT ?
                """, EventStore::entry, fingerprint, before, limit);
    }

    /** Of everything that affects one agent, the newest first. */
    List<TimelineEntry> ofAgent(Transaction transaction, String agent, long before, int limit) {
        return transaction.list("""
                SELECT e.*, i.issue_id, i.check_id, i.severity, i.title, i.host
                FROM issue_events e JOIN issues i USING (fingerprint)
                WHERE i.agent_keys @> ARRAY[?]::text[] AND e.id < ? ORDER BY e.id DESC LIMIT ?
                """, EventStore::entry, Keys.link(agent), before, limit);
    }

    private static TimelineEntry entry(Row row) {
        return new TimelineEntry(
                row.bigint("id"),
                row.instant("at"),
                row.text("fingerprint"),
                row.text("issue_id"),
                row.text("check_id"),
                row.text("severity"),
                row.text("title"),
                row.text("host"),
                row.textOrNull("from_state"),
                row.text("to_state"),
                row.text("actor"),
                row.textOrNull("report_id"),
                row.textOrNull("note"));
    }

    private static SqlArray texts(List<Event> events, Function<Event, @Nullable String> column) {
        return SqlArray.texts(events.stream().map(column).toList());
    }

    /** Takes away what is older, but the last that happened to every issue. @return how many, at most {@code limit} */
    int forget(Transaction transaction, Instant before, int limit) {
        return transaction.update("""
                DELETE FROM issue_events WHERE id IN (
                    SELECT e.id FROM issue_events e
                    WHERE e.at < ? AND EXISTS (
                        SELECT FROM issue_events n WHERE n.fingerprint = e.fingerprint AND n.id > e.id)
                    ORDER BY e.at LIMIT ?)
                """, before, limit);
    }
}
