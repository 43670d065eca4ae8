package dev.panoptes.server.alerts;

import dev.panoptes.server.alerts.channel.AlertIssue;
import dev.panoptes.server.storage.Row;
import dev.panoptes.server.storage.SqlArray;
import dev.panoptes.server.storage.Transaction;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The table {@code alerts}, and what alerts read of issues and hosts. */
final class AlertStore {
    /**
     * What was decided about one opened issue.
     *
     * @param reason new or regressed
     * @param state queued, silenced, held or dropped
     */
    record Decision(
            AlertIssue issue,
            String reason,
            String state,
            @Nullable UUID silence) {}

    void insert(Transaction transaction, List<Decision> all, String reportId, Instant at, Instant now) {
        if (all.isEmpty()) {
            return;
        }
        transaction.update(
                """
                INSERT INTO alerts (report_id, raised_at, decided_at, fingerprint, reason, state, silence_id)
                SELECT ?, ?, ?, fingerprint, reason, state, silence::uuid
                FROM unnest(?, ?, ?, ?) AS decided (fingerprint, reason, state, silence)
                """,
                reportId,
                at,
                now,
                SqlArray.texts(
                        all.stream().map(each -> each.issue().fingerprint()).toList()),
                SqlArray.texts(all.stream().map(Decision::reason).toList()),
                SqlArray.texts(all.stream().map(Decision::state).toList()),
                SqlArray.texts(all.stream()
                        .map(each ->
                                each.silence() == null ? null : each.silence().toString())
                        .toList()));
    }

    /** Those of these issues whose last alert was handed to the channels. */
    Set<String> told(Transaction transaction, Collection<String> fingerprints) {
        return new HashSet<>(transaction.list("""
            SELECT fingerprint FROM (
                SELECT DISTINCT ON (fingerprint) fingerprint, state FROM alerts
                WHERE fingerprint = ANY (?) ORDER BY fingerprint, id DESC) AS latest
            WHERE state = 'queued'
            """, row -> row.text("fingerprint"), SqlArray.texts(fingerprints)));
    }

    /** Gives up alerts of issues that ended before anybody was told. */
    void drop(Transaction transaction, Collection<String> fingerprints, Instant now) {
        transaction.update("""
            UPDATE alerts SET state = 'dropped', decided_at = ?
            WHERE fingerprint = ANY (?) AND state IN ('silenced', 'held')
            """, now, SqlArray.texts(fingerprints));
    }

    /** Gives up alerts of issues that somebody took up or that ended meanwhile. */
    void dropSettled(Transaction transaction, Instant now) {
        transaction.update("""
            UPDATE alerts AS a SET state = 'dropped', decided_at = ?
            FROM issues AS i
            WHERE a.state IN ('silenced', 'held') AND i.fingerprint = a.fingerprint
                AND i.state NOT IN ('new', 'regressed')
            """, now);
    }

    /** An alert that waits for the end of a silence or for a host. */
    record Waiting(long id, String reason, AlertIssue issue) {}

    /** At most 1,000, in the order of their ids. @param after only those with a larger id */
    List<Waiting> lockWaiting(Transaction transaction, long after) {
        return transaction.list("""
            SELECT a.id, a.reason, i.*, (SELECT max(c.at) FROM changes c
                    WHERE c.kind = 'issue' AND c.subject = i.fingerprint
                        AND c.to_state IN ('new', 'regressed')) AS opened_at
                FROM alerts a JOIN issues i USING (fingerprint)
            WHERE a.state IN ('silenced', 'held') AND a.id > ?
            ORDER BY a.id LIMIT 1000 FOR UPDATE OF a SKIP LOCKED
            """, row -> new Waiting(row.bigint("id"), row.text("reason"), issue(row)), after);
    }

    void queued(Transaction transaction, Collection<Long> ids, Instant now) {
        transaction.update(
                "UPDATE alerts SET state = 'queued', decided_at = ? WHERE id = ANY (?)", now, SqlArray.longs(ids));
    }

    /** These issues as they are now. */
    Map<String, AlertIssue> issues(Transaction transaction, Collection<String> fingerprints) {
        Map<String, AlertIssue> found = new HashMap<>();
        transaction
                .list("""
                        SELECT i.*, (SELECT max(c.at) FROM changes c
                    WHERE c.kind = 'issue' AND c.subject = i.fingerprint
                        AND c.to_state IN ('new', 'regressed')) AS opened_at
                        FROM issues i WHERE i.fingerprint = ANY (?)
                    """, AlertStore::issue, SqlArray.texts(fingerprints))
                .forEach(issue -> found.put(issue.fingerprint(), issue));
        return found;
    }

    /** What is open and not waived, the worst first. */
    List<AlertIssue> open(Transaction transaction) {
        return transaction.list("""
            SELECT i.*, (SELECT max(c.at) FROM changes c
                    WHERE c.kind = 'issue' AND c.subject = i.fingerprint
                        AND c.to_state IN ('new', 'regressed')) AS opened_at
            FROM issues i WHERE i.state IN ('new', 'acknowledged', 'fixing', 'regressed')
            ORDER BY i.severity_rank, i.first_seen, i.fingerprint
            """, AlertStore::issue);
    }

    /** Hosts whose observer has fallen silent. */
    Set<String> lostHosts(Transaction transaction, Instant before) {
        return new HashSet<>(transaction.list(
                "SELECT name FROM hosts WHERE name <> 'local' AND last_snapshot_at < ?",
                row -> row.text("name"),
                before));
    }

    /** As the API gives it. @param outcomes of the messages that told it are with the channels */
    record AlertLine(
            long id,
            String fingerprint,
            String issue,
            String severity,
            String title,
            String reason,
            String reportId,
            Instant raisedAt,
            String state,
            Instant decidedAt,
            @Nullable UUID silence) {}

    /** The newest first. @param before only those with a smaller id */
    List<AlertLine> page(Transaction transaction, long before, int limit) {
        return transaction.list(
                """
                SELECT a.*, i.issue_id, i.severity, i.title FROM alerts a JOIN issues i USING (fingerprint)
                WHERE a.id < ? ORDER BY a.id DESC LIMIT ?
                """,
                row -> new AlertLine(
                        row.bigint("id"),
                        row.text("fingerprint"),
                        row.text("issue_id"),
                        row.text("severity"),
                        row.text("title"),
                        row.text("reason"),
                        row.text("report_id"),
                        row.instant("raised_at"),
                        row.text("state"),
                        row.instant("decided_at"),
                        row.uuidOrNull("silence_id")),
                before,
                limit);
    }

    private static AlertIssue issue(Row row) {
        return new AlertIssue(
                row.text("fingerprint"),
                row.text("issue_id"),
                row.text("check_id"),
                row.text("severity"),
                row.text("title"),
                row.text("description"),
                row.text("recommendation"),
                row.texts("affected"),
                row.text("host"),
                row.integerOrNull("port"),
                row.text("state"),
                row.instant("first_seen"),
                openedAt(row),
                row.textOrNull("cause"));
    }

    /** Where its changes were forgotten, when it was first seen. */
    private static Instant openedAt(Row row) {
        Instant opened = row.instantOrNull("opened_at");
        return opened == null ? row.instant("first_seen") : opened;
    }

    /** Takes away settled alerts that are older, but the newest of every issue. @return how many, at most {@code limit} */
    int forget(Transaction transaction, Instant before, int limit) {
        return transaction.update("""
            DELETE FROM alerts WHERE id IN (
                SELECT a.id FROM alerts a
                WHERE a.decided_at < ? AND a.state IN ('queued', 'dropped')
                    AND EXISTS (SELECT FROM alerts n WHERE n.fingerprint = a.fingerprint AND n.id > a.id)
                ORDER BY a.id LIMIT ?)
            """, before, limit);
    }
}
