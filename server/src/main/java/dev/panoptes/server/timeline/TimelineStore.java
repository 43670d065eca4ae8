package dev.panoptes.server.timeline;

import dev.panoptes.core.registry.Keys;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.Row;
import dev.panoptes.server.storage.SqlArray;
import dev.panoptes.server.storage.Transaction;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reads the changes of what belongs to an agent. */
final class TimelineStore {
    private final Database database;

    TimelineStore(Database database) {
        this.database = database;
    }

    /** @param known whether an instance of the name is or was enrolled, or an issue affects it */
    record Found(boolean known, List<AgentEvent> events) {}

    /** @param instances ids under which it is or was enrolled @param keys as issues name it */
    private record Names(Set<String> instances, Set<String> keys) {}

    private record Instance(String id, String key) {}

    /**
     * The newest first.
     *
     * @param agent its key or name, for all its instances; or the id of one
     * @param before only what has a smaller id
     */
    Found of(String agent, long before, int limit) {
        return database.transaction(transaction -> {
            List<Instance> enrolled = transaction.list(
                    "SELECT id, key FROM agents WHERE id = ? OR key = ?",
                    row -> new Instance(row.text("id"), row.text("key")),
                    agent,
                    Keys.link(agent));
            Names names = new Names(new LinkedHashSet<>(Set.of(agent)), new LinkedHashSet<>(Set.of(Keys.link(agent))));
            enrolled.forEach(each -> {
                names.instances().add(each.id());
                names.keys().add(each.key());
            });
            return new Found(
                    !enrolled.isEmpty() || affected(transaction, names), events(transaction, names, before, limit));
        });
    }

    private static boolean affected(Transaction transaction, Names names) {
        return !transaction
                .list(
                        "SELECT fingerprint FROM issues WHERE agent_keys && ? LIMIT 1",
                        row -> row.text("fingerprint"),
                        SqlArray.texts(names.keys()))
                .isEmpty();
    }

    private static List<AgentEvent> events(Transaction transaction, Names names, long before, int limit) {
        return transaction.list(
                """
                (SELECT e.id, e.at, e.kind, i.title, i.fingerprint, i.issue_id, i.check_id, i.severity, i.host,
                    e.from_state, e.to_state, e.actor, e.data ->> 'report_id' AS report_id, e.data ->> 'note' AS note
                FROM issues i JOIN changes e ON e.kind = 'issue' AND e.subject = i.fingerprint
                WHERE i.agent_keys && ? AND e.id < ? ORDER BY e.id DESC LIMIT ?)
                UNION ALL
                (SELECT e.id, e.at, e.kind, coalesce(e.data ->> 'name', e.data ->> 'agent', e.subject), NULL, NULL, NULL,
                    NULL, e.host, e.from_state, e.to_state, e.actor, NULL, e.cause
                FROM changes e
                WHERE e.kind IN ('agent', 'configuration', 'permissions', 'credentials') AND e.subject = ANY (?) AND e.id < ?
                ORDER BY e.id DESC LIMIT ?)
                ORDER BY id DESC LIMIT ?
                """,
                TimelineStore::event,
                SqlArray.texts(names.keys()),
                before,
                limit,
                SqlArray.texts(names.instances()),
                before,
                limit,
                limit);
    }

    private static AgentEvent event(Row row) {
        return new AgentEvent(
                row.bigint("id"),
                row.instant("at"),
                row.text("kind"),
                row.text("title"),
                row.textOrNull("fingerprint"),
                row.textOrNull("issue_id"),
                row.textOrNull("check_id"),
                row.textOrNull("severity"),
                row.textOrNull("host"),
                row.textOrNull("from_state"),
                row.textOrNull("to_state"),
                row.text("actor"),
                row.textOrNull("report_id"),
                row.textOrNull("note"));
    }
}
