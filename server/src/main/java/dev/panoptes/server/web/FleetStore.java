package dev.panoptes.server.web;

import dev.panoptes.server.storage.Database;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what is known of agents beside the last scan. */
final class FleetStore {
    private final Database database;

    FleetStore(Database database) {
        this.database = database;
    }

    /** Up to where changes were told. */
    long position() {
        return database.transaction(
                transaction -> transaction.one("SELECT last_id FROM stream_position", row -> row.bigint("last_id")));
    }

    /** An open issue. @param keys of the agents that it is about, as keys link @param rank 0 for critical */
    record About(List<String> keys, String check, String title, String host, int rank) {}

    /** Everything that is open and not accepted, the worst first. */
    List<About> issues() {
        return database.transaction(transaction -> transaction.list(
                """
                SELECT agent_keys, check_id, title, host, severity_rank FROM issues
                WHERE state NOT IN ('resolved', 'waived') ORDER BY severity_rank, first_seen DESC
                """,
                row -> new About(
                        row.texts("agent_keys"),
                        row.text("check_id"),
                        row.text("title"),
                        row.text("host"),
                        row.integer("severity_rank"))));
    }

    /**
     * An enrolled instance.
     *
     * @param key its name as keys link
     * @param seen when its last heartbeat came; null where it never beat
     * @param word what it says of itself; null where it never beat
     * @param violations how many of its limits it is above
     * @param beats of the last quarters of an hour, in percent of what was expected, the oldest first, with commas; -1 where nobody listened
     * @param accepted false for one that only came over the bus and that nobody vouched for
     */
    record Instance(
            String id,
            String name,
            String key,
            @Nullable String host,
            @Nullable Integer port,
            @Nullable String version,
            @Nullable Instant seen,
            @Nullable String word,
            int violations,
            boolean cloned,
            boolean accepted,
            @Nullable Integer config,
            @Nullable Double cpu,
            String beats) {}

    /** Every instance that was not decommissioned. */
    List<Instance> instances() {
        return database.transaction(transaction -> transaction.list(
                """
                SELECT a.id, a.name, a.key, coalesce(b.host, a.host) AS host, a.port, a.version, b.received_at, b.status,
                    CASE WHEN b.violations IS NULL OR jsonb_typeof(b.violations) <> 'array' THEN 0
                        ELSE jsonb_array_length(b.violations) END AS violations,
                    coalesce(b.clone_at > now() - interval '1 hour', false) AS cloned,
                    a.origin <> 'nats' OR a.accepted_at IS NOT NULL AS accepted, b.config_version,
                    CASE WHEN jsonb_typeof(b.resources -> 'cpu') = 'number' THEN (b.resources ->> 'cpu')::double precision END AS cpu,
                    coalesce(array_to_string(q.quarters[greatest(1, cardinality(q.quarters) - 11):], ','), '') AS beats
                FROM agents a LEFT JOIN agent_beats b ON b.agent_id = a.id
                LEFT JOIN agent_beat_quarters q ON q.agent_id = a.id
                WHERE a.decommissioned_at IS NULL ORDER BY a.name, a.id
                """,
                row -> new Instance(
                        row.text("id"),
                        row.text("name"),
                        row.text("key"),
                        row.textOrNull("host"),
                        row.integerOrNull("port"),
                        row.textOrNull("version"),
                        row.instantOrNull("received_at"),
                        row.textOrNull("status"),
                        row.integer("violations"),
                        row.bool("cloned"),
                        row.bool("accepted"),
                        row.integerOrNull("config_version"),
                        row.realOrNull("cpu"),
                        row.text("beats"))));
    }
}
