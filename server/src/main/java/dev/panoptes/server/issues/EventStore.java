package dev.panoptes.server.issues;

import dev.panoptes.core.issue.IssueState;
import dev.panoptes.server.changes.Actor;
import dev.panoptes.server.changes.Change;
import dev.panoptes.server.changes.Changes;
import dev.panoptes.server.storage.Row;
import dev.panoptes.server.storage.SqlArray;
import dev.panoptes.server.storage.Transaction;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What happened to issues: the changes of their kind. */
final class EventStore {
    /** Who did what a scan did. */
    static final Actor SCAN = new Actor("scan", Actor.Via.SYSTEM, null);

    private static final String KIND = "issue";

    private final Changes changes;

    EventStore(Changes changes) {
        this.changes = changes;
    }

    /**
     * @param from null for a new issue
     * @param reportId null where a person did it
     * @param action its line in the audit log; null where there is none
     */
    record Event(
            String fingerprint,
            @Nullable IssueState from,
            IssueState to,
            @Nullable String reportId,
            @Nullable String note,
            @Nullable String action) {
        /** Done by nobody who must answer for it, or told in another line. */
        Event(
                String fingerprint,
                @Nullable IssueState from,
                IssueState to,
                @Nullable String reportId,
                @Nullable String note) {
            this(fingerprint, from, to, reportId, note, null);
        }
    }

    /** Records them as changes, in their order. */
    void record(Transaction transaction, List<Event> events, Actor actor, Instant at) {
        if (events.isEmpty()) {
            return;
        }
        Map<String, Told> told = new HashMap<>();
        transaction
                .list(
                        "SELECT fingerprint, issue_id, check_id, severity, title, host FROM issues WHERE fingerprint ="
                                + " ANY (?)",
                        EventStore::told,
                        SqlArray.texts(events.stream().map(Event::fingerprint).toList()))
                .forEach(each -> told.put(each.fingerprint(), each));
        changes.record(
                transaction,
                events.stream()
                        .map(event -> change(event, Objects.requireNonNull(told.get(event.fingerprint())), actor))
                        .toList(),
                at);
    }

    /** What the stream tells of an issue. */
    private record Told(String fingerprint, String id, String check, String severity, String title, String host) {}

    private static Told told(Row row) {
        return new Told(
                row.text("fingerprint"),
                row.text("issue_id"),
                row.text("check_id"),
                row.text("severity"),
                row.text("title"),
                row.text("host"));
    }

    private static Change change(Event event, Told issue, Actor actor) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("fingerprint", issue.fingerprint());
        data.put("id", issue.id());
        data.put("check", issue.check());
        data.put("severity", issue.severity());
        data.put("title", issue.title());
        data.put("report_id", event.reportId());
        data.put("note", event.note());
        String from = event.from() == null ? null : event.from().id();
        Change change = new Change(
                KIND, issue.fingerprint(), issue.host(), from, event.to().id(), actor, event.reportId(), data, null);
        String action = event.action();
        if (action == null) {
            return change;
        }
        Map<String, @Nullable Object> after = new LinkedHashMap<>();
        after.put("issue", issue.id());
        after.put("state", event.to().id());
        after.put("note", event.note());
        return change.audited(action, Map.of("issue", issue.id(), "state", String.valueOf(from)), after);
    }

    /** Of one issue, the newest first. */
    List<TimelineEntry> ofIssue(Transaction transaction, String fingerprint, long before, int limit) {
        return transaction.list("""
            SELECT e.id, e.at, e.from_state, e.to_state, e.actor, e.data ->> 'report_id' AS report_id,
                e.data ->> 'note' AS note, i.fingerprint, i.issue_id, i.check_id, i.severity, i.title, i.host
            FROM changes e JOIN issues i ON i.fingerprint = e.subject
            WHERE e.kind = 'issue' AND e.subject = ? AND e.id < ? ORDER BY e.id DESC LIMIT ?
            """, EventStore::entry, fingerprint, before, limit);
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
}
