package dev.panoptes.server.findings;

import dev.panoptes.server.storage.Row;
import dev.panoptes.server.storage.Transaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The table {@code findings}. */
final class FindingStore {
    private static final String COLUMNS =
            "id, fingerprint, name, title, severity, description, details, source, agent_id, agent_name, host,"
                    + " external_id, verified, state, count, created_at, updated_at, last_seen, closed_at";

    /** The same reporter's id again; empty where it is new or none was given. */
    Optional<StoredFinding> byExternalId(Transaction transaction, @Nullable String externalId) {
        return externalId == null
                ? Optional.empty()
                : transaction.first(
                        "SELECT " + COLUMNS + " FROM findings WHERE external_id = ?",
                        FindingStore::finding,
                        externalId);
    }

    /** A new one, or one more of the open one with this fingerprint; empty where another has its external id by now. */
    Optional<StoredFinding> put(Transaction transaction, Finding finding, Instant now) {
        return transaction.first(
                """
                    INSERT INTO findings AS f (fingerprint, name, title, severity, description, details, source, agent_id, agent_name,
                        host, external_id, verified, state, created_at, updated_at, last_seen)
                    VALUES (?, ?, ?, ?, ?, ?::jsonb, ?, ?, ?, ?, ?, ?, 'NEW', ?, ?, ?)
                    ON CONFLICT (fingerprint) WHERE closed_at IS NULL DO UPDATE SET
                        count = f.count + 1, last_seen = excluded.last_seen, details = excluded.details,
                        description = excluded.description
                    RETURNING
                    """ + COLUMNS,
                FindingStore::finding,
                finding.fingerprint(),
                finding.name(),
                finding.title(),
                finding.severity().id(),
                finding.description(),
                finding.details(),
                finding.source(),
                finding.agentId(),
                finding.agentName(),
                finding.host(),
                finding.externalId(),
                finding.verified(),
                now,
                now,
                now);
    }

    /** So that two transactions do not both take a reporter's id for new. */
    void lockExternalId(Transaction transaction, String externalId) {
        transaction.first(
                "SELECT pg_advisory_xact_lock(hashtextextended(?, 0)) AS locked",
                Row::toString,
                "finding " + externalId);
    }

    /** A reporter's id that was told again. */
    StoredFinding again(Transaction transaction, UUID id, Instant now) {
        return transaction.one(
                "UPDATE findings SET last_seen = ? WHERE id = ? RETURNING " + COLUMNS, FindingStore::finding, now, id);
    }

    Optional<StoredFinding> find(Transaction transaction, UUID id) {
        return transaction.first("SELECT " + COLUMNS + " FROM findings WHERE id = ?", FindingStore::finding, id);
    }

    Optional<StoredFinding> lock(Transaction transaction, UUID id) {
        return transaction.first(
                "SELECT " + COLUMNS + " FROM findings WHERE id = ? FOR UPDATE", FindingStore::finding, id);
    }

    Optional<StoredFinding> lockOpen(Transaction transaction, String fingerprint) {
        return transaction.first(
                "SELECT " + COLUMNS + " FROM findings WHERE fingerprint = ? AND closed_at IS NULL FOR UPDATE",
                FindingStore::finding,
                fingerprint);
    }

    StoredFinding setState(Transaction transaction, UUID id, FindingState state, Instant now) {
        return transaction.one(
                "UPDATE findings SET state = ?, updated_at = ?, closed_at = CASE WHEN ? THEN NULL ELSE"
                        + " coalesce(closed_at, ?) END WHERE id = ? RETURNING " + COLUMNS,
                FindingStore::finding,
                state.name(),
                now,
                state.open(),
                now,
                id);
    }

    /** What a list is asked for; null for any. @param after time and id of the last row; empty for the first page */
    record Wanted(
            @Nullable String state,
            @Nullable String severity,
            @Nullable String name,
            @Nullable String agent,
            @Nullable String search,
            @Nullable Instant from,
            int skip,
            int limit,
            List<Object> after) {}

    List<StoredFinding> page(Transaction transaction, Wanted wanted) {
        List<@Nullable Object> parameters = new ArrayList<>();
        String where = where(wanted, parameters);
        if (!wanted.after().isEmpty()) {
            where += " AND (created_at, id) < (?, ?)";
            parameters.addAll(wanted.after());
        }
        parameters.add(wanted.limit());
        parameters.add(wanted.skip());
        return transaction.list(
                "SELECT " + COLUMNS + " FROM findings" + where + " ORDER BY created_at DESC, id DESC LIMIT ? OFFSET ?",
                FindingStore::finding,
                parameters.toArray());
    }

    int count(Transaction transaction, Wanted wanted) {
        List<@Nullable Object> parameters = new ArrayList<>();
        String where = where(wanted, parameters);
        return transaction.one(
                "SELECT count(*)::int AS n FROM findings" + where, row -> row.integer("n"), parameters.toArray());
    }

    private static String where(Wanted wanted, List<@Nullable Object> parameters) {
        StringBuilder where = new StringBuilder(" WHERE true");
        equal(where, "state", wanted.state(), parameters);
        equal(where, "severity", wanted.severity(), parameters);
        equal(where, "name", wanted.name(), parameters);
        if (wanted.agent() != null) {
            where.append(" AND (agent_id = ? OR agent_name = ?)");
            parameters.add(wanted.agent());
            parameters.add(wanted.agent());
        }
        if (wanted.search() != null) {
            where.append(
                    " AND (position(lower(?) in lower(title)) > 0 OR position(lower(?) in lower(description)) > 0)");
            parameters.add(wanted.search());
            parameters.add(wanted.search());
        }
        if (wanted.from() != null) {
            where.append(" AND last_seen >= ?");
            parameters.add(wanted.from());
        }
        return where.toString();
    }

    private static void equal(
            StringBuilder where, String column, @Nullable String value, List<@Nullable Object> parameters) {
        if (value != null) {
            where.append(" AND ").append(column).append(" = ?");
            parameters.add(value);
        }
    }

    /** Takes away closed ones that are older. */
    int forget(Transaction transaction, Instant before, int limit) {
        return transaction.update(
                "DELETE FROM findings WHERE id IN (SELECT id FROM findings WHERE closed_at < ? LIMIT ?)",
                before,
                limit);
    }

    private static StoredFinding finding(Row row) {
        return new StoredFinding(
                row.uuid("id"),
                row.text("fingerprint"),
                row.text("name"),
                row.text("title"),
                row.text("severity"),
                row.text("description"),
                row.text("details"),
                row.text("source"),
                row.textOrNull("agent_id"),
                row.textOrNull("agent_name"),
                row.textOrNull("host"),
                row.textOrNull("external_id"),
                row.bool("verified"),
                row.text("state"),
                row.bigint("count"),
                row.instant("created_at"),
                row.instant("updated_at"),
                row.instant("last_seen"),
                row.instantOrNull("closed_at"));
    }
}
