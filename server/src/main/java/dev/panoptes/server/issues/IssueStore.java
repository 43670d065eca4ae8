package dev.panoptes.server.issues;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.issue.IssueState;
import dev.panoptes.server.http.Json;
import dev.panoptes.server.storage.Row;
import dev.panoptes.server.storage.SqlArray;
import dev.panoptes.server.storage.Transaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The table {@code issues}. */
final class IssueStore {
    /** The advisory lock under which reports are merged, one at a time. */
    private static final long MERGE_LOCK = 0x70616e6f70740002L;

    private static final int ROWS_AT_ONCE = 1_000;

    /** Waits for reports that are being merged; until this transaction ends no other one is. */
    void lockMerges(Transaction transaction) {
        transaction.first("SELECT pg_advisory_xact_lock(?) AS locked", Row::toString, MERGE_LOCK);
    }

    /**
     * What is known of an issue that a report holds.
     *
     * @param resolvedAt null while it is open
     * @param digest over what the report says of it; null where an earlier release wrote it
     */
    record Known(
            String fingerprint,
            IssueState state,
            Instant firstSeen,
            @Nullable Instant resolvedAt,
            @Nullable String digest) {}

    /** Those of these issues that are known, locked. */
    Map<String, Known> lockKnown(Transaction transaction, Collection<String> fingerprints) {
        Map<String, Known> known = new HashMap<>();
        transaction
                .list(
                        """
                        SELECT fingerprint, state, first_seen, resolved_at, digest FROM issues
                        WHERE fingerprint = ANY (?) ORDER BY fingerprint FOR UPDATE
                        """,
                        row -> new Known(
                                row.text("fingerprint"),
                                IssueLife.of(row.text("state")),
                                row.instant("first_seen"),
                                row.instantOrNull("resolved_at"),
                                row.textOrNull("digest")),
                        SqlArray.texts(fingerprints))
                .forEach(each -> known.put(each.fingerprint(), each));
        return known;
    }

    /** What earlier scans know: when each issue was first seen and its state. */
    List<Issue> known(Transaction transaction) {
        return transaction.list("SELECT * FROM issues", row -> issue(row, IssueLife.of(row.text("state"))));
    }

    /** An issue that is open and that a report does not hold. */
    record Open(Issue issue, Instant lastSeen, Absence.Missing missing) {}

    /** Everything that is open but these, locked. */
    List<Open> lockOpenBut(Transaction transaction, Collection<String> fingerprints) {
        return transaction.list(
                """
                SELECT issues.*,
                    ARRAY(SELECT DISTINCT item ->> 'source' FROM jsonb_array_elements(evidence) AS item) AS sources,
                    ARRAY(SELECT DISTINCT item ->> 'file' FROM jsonb_array_elements(evidence) AS item
                        WHERE item ->> 'file' IS NOT NULL) AS files
                FROM issues
                WHERE state <> 'resolved' AND fingerprint <> ALL (?) ORDER BY fingerprint FOR UPDATE
                """,
                row -> new Open(
                        issue(row, IssueLife.of(row.text("state"))),
                        row.instant("last_seen"),
                        new Absence.Missing(
                                row.text("fingerprint"),
                                row.text("check_id"),
                                row.text("host"),
                                row.integerOrNull("port"),
                                row.texts("affected"),
                                row.texts("sources"),
                                row.texts("files"))),
                SqlArray.texts(fingerprints));
    }

    /** An issue as a report holds it; its state has been decided. */
    record Found(Issue issue, String digest) {}

    /** Evidence as in a report. @param line null where there is none */
    private record SeenAt(
            String source, @Nullable String file, @Nullable Integer line, String text) {
        static SeenAt of(Evidence evidence) {
            Integer line = evidence.line() == 0 ? null : evidence.line();
            return new SeenAt(evidence.source(), evidence.file(), line, evidence.text());
        }
    }

    /** Writes issues that are new or not as they were. */
    void put(Transaction transaction, List<Found> all, Instant at, String reportId) {
        for (int from = 0; from < all.size(); from += ROWS_AT_ONCE) {
            List<Found> rows = all.subList(from, Math.min(from + ROWS_AT_ONCE, all.size()));
            transaction.update(
                    """
                    INSERT INTO issues AS i (fingerprint, issue_id, check_id, category, severity, title, description,
                        recommendation, affected, agent_keys, evidence, host, port, state, digest, cause, first_seen, last_seen,
                        last_report)
                    SELECT fingerprint, issue_id, check_id, category, severity, title, description, recommendation,
                        ARRAY(SELECT jsonb_array_elements_text(affected::jsonb)),
                        ARRAY(SELECT jsonb_array_elements_text(agent_keys::jsonb)),
                        evidence::jsonb, host, port, state, digest, cause, ?, ?, ?
                    FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) AS found (fingerprint, issue_id, check_id,
                        category, severity, title, description, recommendation, affected, agent_keys, evidence, host, port,
                        state, digest, cause)
                    ON CONFLICT (fingerprint) DO UPDATE SET
                        issue_id = excluded.issue_id, check_id = excluded.check_id, category = excluded.category,
                        severity = excluded.severity, title = excluded.title, description = excluded.description,
                        recommendation = excluded.recommendation, affected = excluded.affected,
                        agent_keys = excluded.agent_keys, evidence = excluded.evidence, host = excluded.host,
                        port = excluded.port, state = excluded.state, digest = excluded.digest, cause = excluded.cause,
                        last_seen = greatest(i.last_seen, excluded.last_seen), last_report = excluded.last_report,
                        owner = CASE WHEN excluded.state IN ('new', 'regressed') THEN NULL ELSE i.owner END,
                        resolved_at = NULL,
                        occurrences = i.occurrences + (i.state = 'resolved')::int
                    """,
                    at,
                    at,
                    reportId,
                    texts(rows, each -> each.issue().fingerprint()),
                    texts(rows, each -> each.issue().id()),
                    texts(rows, each -> each.issue().check()),
                    texts(rows, each -> each.issue().category()),
                    texts(rows, each -> each.issue().severity().id()),
                    texts(rows, each -> each.issue().title()),
                    texts(rows, each -> each.issue().description()),
                    texts(rows, each -> each.issue().recommendation()),
                    texts(rows, each -> Json.writeText(each.issue().affected())),
                    texts(rows, each -> Json.writeText(AgentKeys.of(each.issue().affected()))),
                    texts(
                            rows,
                            each -> Json.writeText(each.issue().evidence().stream()
                                    .map(SeenAt::of)
                                    .toList())),
                    texts(rows, each -> each.issue().host()),
                    SqlArray.integers(
                            rows.stream().map(each -> each.issue().port()).toList()),
                    texts(rows, each -> each.issue().state().id()),
                    texts(rows, Found::digest),
                    texts(rows, each -> each.issue().cause()));
        }
    }

    /** Notes that issues are as they were. */
    void touch(Transaction transaction, Collection<String> fingerprints, Instant at, String reportId) {
        if (!fingerprints.isEmpty()) {
            transaction.update(
                    "UPDATE issues SET last_seen = greatest(last_seen, ?), last_report = ? WHERE fingerprint = ANY (?)",
                    at,
                    reportId,
                    SqlArray.texts(fingerprints));
        }
    }

    void resolve(Transaction transaction, Collection<String> fingerprints, Instant at) {
        if (!fingerprints.isEmpty()) {
            transaction.update(
                    "UPDATE issues SET state = 'resolved', resolved_at = ? WHERE fingerprint = ANY (?)",
                    at,
                    SqlArray.texts(fingerprints));
        }
    }

    /** What is open again has nobody who took it up. */
    void setState(Transaction transaction, Collection<String> fingerprints, IssueState state) {
        transaction.update("""
            UPDATE issues SET state = ?, owner = CASE WHEN ? IN ('new', 'regressed') THEN NULL ELSE owner END
            WHERE fingerprint = ANY (?)
            """, state.id(), state.id(), SqlArray.texts(fingerprints));
    }

    void setOwner(Transaction transaction, String fingerprint, String owner) {
        transaction.update("UPDATE issues SET owner = ? WHERE fingerprint = ?", owner, fingerprint);
    }

    /** The issue of this fingerprint, else the open or latest one of this id; locked. */
    Optional<IssueView> lock(Transaction transaction, String name) {
        return transaction.first(one("FOR UPDATE"), IssueStore::view, name, name, name);
    }

    Optional<IssueView> find(Transaction transaction, String name) {
        return transaction.first(one(""), IssueStore::view, name, name, name);
    }

    private static String one(String lock) {
        return """
            SELECT * FROM issues WHERE fingerprint = ? OR issue_id = ?
            ORDER BY fingerprint = ? DESC, state = 'resolved', last_seen DESC LIMIT 1
            """ + lock;
    }

    /** The open issues that this fingerprint or id names, locked. */
    List<IssueView> lockOpen(Transaction transaction, String name) {
        return transaction.list("""
            SELECT * FROM issues WHERE state <> 'resolved' AND (fingerprint = ? OR issue_id = ?)
            ORDER BY fingerprint FOR UPDATE
            """, IssueStore::view, name, name);
    }

    boolean anyOpenOf(Transaction transaction, String check) {
        return transaction.one(
                "SELECT EXISTS (SELECT FROM issues WHERE check_id = ? AND state <> 'resolved') AS open",
                row -> row.bool("open"),
                check);
    }

    /** Everything of one check that is open, locked. */
    List<IssueView> lockOpenOf(Transaction transaction, String check) {
        return transaction.list(
                "SELECT * FROM issues WHERE check_id = ? AND state <> 'resolved' ORDER BY fingerprint FOR UPDATE",
                IssueStore::view,
                check);
    }

    /** A part of the list, the worst first, the newest first among equals. */
    List<IssueView> page(Transaction transaction, IssueFilter filter, @Nullable IssueKey after, int limit) {
        List<String> conditions = new ArrayList<>(List.of("TRUE"));
        List<@Nullable Object> parameters = new ArrayList<>();
        filter.addTo(conditions, parameters);
        if (after != null) {
            conditions.add("(severity_rank > ? OR (severity_rank = ? AND"
                    + " (first_seen < ? OR (first_seen = ? AND fingerprint > ?))))");
            parameters.add(after.rank());
            parameters.add(after.rank());
            parameters.add(after.firstSeen());
            parameters.add(after.firstSeen());
            parameters.add(after.fingerprint());
        }
        parameters.add(limit);
        return transaction.list(
                "SELECT * FROM issues WHERE " + String.join(" AND ", conditions)
                        + " ORDER BY severity_rank, first_seen DESC, fingerprint LIMIT ?",
                IssueStore::view,
                parameters.toArray());
    }

    /** How many issues there are of a state and a severity. */
    record Count(String state, String severity, long number) {}

    /** Of those that are not resolved. */
    List<Count> counts(Transaction transaction) {
        return transaction.list(
                "SELECT state, severity, count(*) AS number FROM issues WHERE state <> 'resolved' GROUP BY state,"
                        + " severity",
                row -> new Count(row.text("state"), row.text("severity"), row.bigint("number")));
    }

    private static <T> SqlArray texts(List<T> rows, Function<T, @Nullable String> column) {
        return SqlArray.texts(rows.stream().map(column).toList());
    }

    /** Without its evidence. */
    private static Issue issue(Row row, IssueState state) {
        return new Issue(
                row.text("issue_id"),
                row.text("check_id"),
                row.text("category"),
                IssueLife.severity(row.text("severity")),
                row.text("title"),
                row.text("description"),
                row.texts("affected"),
                row.text("recommendation"),
                List.of(),
                row.text("fingerprint"),
                row.text("host"),
                row.integerOrNull("port"),
                row.instant("last_seen"),
                row.instant("first_seen"),
                state,
                null,
                row.textOrNull("cause"));
    }

    static IssueView view(Row row) {
        return new IssueView(
                row.text("fingerprint"),
                row.text("issue_id"),
                row.text("check_id"),
                row.text("category"),
                row.text("severity"),
                row.text("title"),
                row.text("description"),
                row.texts("affected"),
                row.text("recommendation"),
                row.text("evidence"),
                row.text("host"),
                row.integerOrNull("port"),
                row.textOrNull("cause"),
                row.text("state"),
                row.instant("first_seen"),
                row.instant("last_seen"),
                row.text("last_report"),
                row.instantOrNull("resolved_at"),
                row.integer("occurrences"),
                row.textOrNull("owner"));
    }

    /** Takes away issues that were resolved before, with their history. @return how many, at most {@code limit} */
    int forget(Transaction transaction, Instant before, int limit) {
        return transaction.update("""
            DELETE FROM issues WHERE fingerprint IN (
                SELECT fingerprint FROM issues WHERE state = 'resolved' AND resolved_at < ?
                ORDER BY resolved_at LIMIT ? FOR UPDATE SKIP LOCKED)
            """, before, limit);
    }
}
