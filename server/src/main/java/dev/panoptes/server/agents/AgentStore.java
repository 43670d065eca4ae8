package dev.panoptes.server.agents;

import dev.panoptes.core.registry.Keys;
import dev.panoptes.server.storage.Row;
import dev.panoptes.server.storage.SqlArray;
import dev.panoptes.server.storage.Transaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The table {@code agents}, read together with what each said last. */
public final class AgentStore {
    private static final String SELECT = """
        SELECT a.id, a.name, a.agent_type, a.origin, a.version, a.description, a.capabilities, a.requirements, a.public_key,
            a.host, a.ip_address, a.port, a.enabled, a.metadata, a.labels, a.permissions, a.heartbeat_interval,
            a.credentials_hash IS NOT NULL AS has_credentials, a.credentials_generation, a.accepted_at, a.created_at,
            a.updated_at, a.decommissioned_at, b.first_at, b.received_at, b.beats, b.status, b.word, b.details, b.resources,
            b.violations, b.boot_id, b.host AS beat_host, b.clone_at, coalesce(b.clone_places, '{}') AS clone_places,
            b.config_hash, b.config_version, b.config_state, b.config_error, b.config_at,
            p.at AS proof_at, p.outcome AS proof_outcome, p.detail AS proof_detail, coalesce(p.verified, false) AS verified
        FROM agents a LEFT JOIN agent_beats b ON b.agent_id = a.id LEFT JOIN agent_proofs p ON p.agent_id = a.id
        """;

    /** A new instance. @param credentialsHash null where it gets none */
    record Added(
            String id,
            String name,
            String agentType,
            String origin,
            @Nullable String version,
            @Nullable String description,
            List<String> capabilities,
            String requirements,
            @Nullable String publicKey,
            @Nullable String host,
            @Nullable String ipAddress,
            @Nullable Integer port,
            boolean enabled,
            String metadata,
            String labels,
            List<String> permissions,
            int heartbeatInterval,
            byte @Nullable [] credentialsHash,
            @Nullable UUID enrollmentToken) {}

    /** False where the id is taken. */
    boolean insert(Transaction transaction, Added added, Instant now) {
        return transaction.update(
                        """
                        INSERT INTO agents (id, name, key, agent_type, origin, version, description, capabilities, requirements,
                            public_key, host, ip_address, port, enabled, metadata, labels, permissions, heartbeat_interval,
                            credentials_hash, enrollment_token, created_at, updated_at)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?, ?, ?, ?, ?, ?)
                        ON CONFLICT (id) DO NOTHING
                        """,
                        added.id(),
                        added.name(),
                        Keys.link(added.name()),
                        added.agentType(),
                        added.origin(),
                        added.version(),
                        added.description(),
                        SqlArray.texts(added.capabilities()),
                        added.requirements(),
                        added.publicKey(),
                        added.host(),
                        added.ipAddress(),
                        added.port(),
                        added.enabled(),
                        added.metadata(),
                        added.labels(),
                        SqlArray.texts(added.permissions()),
                        added.heartbeatInterval(),
                        added.credentialsHash(),
                        added.enrollmentToken(),
                        now,
                        now)
                == 1;
    }

    /** By its id, whether it is still enrolled or not. */
    Optional<Agent> byId(Transaction transaction, String id) {
        return transaction.first(SELECT + " WHERE a.id = ?", AgentStore::agent, id);
    }

    /** Whose tokens hold: those of this generation. */
    record Bearer(String id, String name, int generation, Set<String> permissions) {
        Bearer {
            permissions = Set.copyOf(permissions);
        }
    }

    /** Of these ids those that are enrolled and have credentials. */
    List<Bearer> bearers(Transaction transaction, Collection<String> ids) {
        return transaction.list(
                "SELECT id, name, credentials_generation, permissions FROM agents WHERE id = ANY(?)"
                        + " AND decommissioned_at IS NULL AND credentials_hash IS NOT NULL",
                row -> new Bearer(
                        row.text("id"),
                        row.text("name"),
                        row.integer("credentials_generation"),
                        Set.copyOf(row.texts("permissions"))),
                SqlArray.texts(ids));
    }

    List<Agent> byIds(Transaction transaction, Collection<String> ids) {
        return transaction.list(SELECT + " WHERE a.id = ANY(?)", AgentStore::agent, SqlArray.texts(ids));
    }

    /** Those that are enrolled under a name, as keys link; at most so many. */
    List<Agent> byName(Transaction transaction, String name, int most) {
        return transaction.list(
                SELECT + " WHERE a.key = ? AND a.decommissioned_at IS NULL ORDER BY a.id LIMIT ?",
                AgentStore::agent,
                Keys.link(name),
                most);
    }

    /** How many are enrolled. */
    int enrolled(Transaction transaction) {
        return transaction.one(
                "SELECT count(*)::int AS n FROM agents WHERE decommissioned_at IS NULL", row -> row.integer("n"));
    }

    /** SHA-256 of an instance's credentials; empty where it has none or is not enrolled any more. */
    Optional<byte[]> credentials(Transaction transaction, String id) {
        return transaction.first(
                "SELECT credentials_hash FROM agents"
                        + " WHERE id = ? AND decommissioned_at IS NULL AND credentials_hash IS NOT NULL",
                row -> row.bytes("credentials_hash"),
                id);
    }

    /** New credentials, or none; whatever token was given out with the old ones ends. */
    void setCredentials(Transaction transaction, String id, byte @Nullable [] hash, Instant now) {
        transaction.update(
                "UPDATE agents SET credentials_hash = ?, credentials_generation = credentials_generation + 1,"
                        + " updated_at = ? WHERE id = ?",
                hash,
                now,
                id);
    }

    void setPermissions(Transaction transaction, String id, List<String> permissions, Instant now) {
        transaction.update(
                "UPDATE agents SET permissions = ?, updated_at = ? WHERE id = ?", SqlArray.texts(permissions), now, id);
    }

    /** What an operator may change; null leaves it as it is. */
    record Edit(
            @Nullable String name,
            @Nullable String agentType,
            @Nullable String version,
            @Nullable String description,
            @Nullable String host,
            @Nullable String ipAddress,
            @Nullable Integer port,
            @Nullable Boolean enabled,
            @Nullable String metadata,
            @Nullable String labels,
            @Nullable Integer heartbeatInterval) {}

    void update(Transaction transaction, String id, Edit edit, Instant now) {
        transaction.update(
                """
                UPDATE agents SET name = coalesce(?, name), key = coalesce(?, key), agent_type = coalesce(?, agent_type),
                    version = coalesce(?, version), description = coalesce(?, description), host = coalesce(?, host),
                    ip_address = coalesce(?, ip_address), port = coalesce(?, port), enabled = coalesce(?, enabled),
                    metadata = coalesce(?::jsonb, metadata), labels = coalesce(?::jsonb, labels),
                    heartbeat_interval = coalesce(?, heartbeat_interval), updated_at = ?
                WHERE id = ?
                """,
                edit.name(),
                edit.name() == null ? null : Keys.link(edit.name()),
                edit.agentType(),
                edit.version(),
                edit.description(),
                edit.host(),
                edit.ipAddress(),
                edit.port(),
                edit.enabled(),
                edit.metadata(),
                edit.labels(),
                edit.heartbeatInterval(),
                now,
                id);
    }

    /** False where it was before. */
    boolean decommission(Transaction transaction, String id, Instant now) {
        return transaction.update("""
            UPDATE agents SET decommissioned_at = ?, updated_at = ?, credentials_hash = NULL,
                credentials_generation = credentials_generation + 1
            WHERE id = ? AND decommissioned_at IS NULL
            """, now, now, id) == 1;
    }

    void accept(Transaction transaction, String id, Instant now) {
        transaction.update("UPDATE agents SET accepted_at = coalesce(accepted_at, ?) WHERE id = ?", now, id);
    }

    /** One of a kind at a time: nobody changes this instance before the transaction ends. */
    Optional<Agent> lock(Transaction transaction, String id) {
        transaction.first("SELECT id FROM agents WHERE id = ? FOR UPDATE", row -> row.text("id"), id);
        return byId(transaction, id);
    }

    /**
     * What a list is asked for.
     *
     * @param state null for any; judged at {@code now}
     * @param after name and id of the last row seen; empty for the first page
     */
    record Wanted(
            @Nullable String search,
            @Nullable String agentType,
            @Nullable AgentState state,
            @Nullable Boolean enabled,
            boolean decommissioned,
            String sortBy,
            boolean descending,
            int skip,
            int limit,
            List<String> after) {}

    /** When an instance counts as lost. @param heardBefore its last beat came before that @param graced nobody is lost yet */
    record Silence(Instant heardBefore, boolean graced) {}

    List<Agent> page(Transaction transaction, Wanted wanted, Silence silence) {
        List<@Nullable Object> parameters = new ArrayList<>();
        String where = where(wanted, silence, parameters);
        if (!wanted.after().isEmpty()) {
            where += " AND (a.name, a.id) > (?, ?)";
            parameters.addAll(wanted.after());
        }
        String direction = wanted.descending() ? " DESC" : " ASC";
        String order = switch (wanted.sortBy()) {
            case "created_at" -> "a.created_at" + direction + ", a.id";
            case "last_seen" -> "b.received_at" + direction + " NULLS LAST, a.id";
            case "agent_type" -> "a.agent_type" + direction + ", a.name, a.id";
            case "status" -> "b.status" + direction + " NULLS LAST, a.name, a.id";
            case "hostname" -> "a.host" + direction + " NULLS LAST, a.name, a.id";
            default -> "a.name" + direction + ", a.id" + direction;
        };
        parameters.add(wanted.limit());
        parameters.add(wanted.skip());
        return transaction.list(
                SELECT + where + " ORDER BY " + order + " LIMIT ? OFFSET ?", AgentStore::agent, parameters.toArray());
    }

    int count(Transaction transaction, Wanted wanted, Silence silence) {
        List<@Nullable Object> parameters = new ArrayList<>();
        String where = where(wanted, silence, parameters);
        return transaction.one(
                "SELECT count(*)::int AS n FROM agents a LEFT JOIN agent_beats b ON b.agent_id = a.id" + where,
                row -> row.integer("n"),
                parameters.toArray());
    }

    private static String where(Wanted wanted, Silence silence, List<@Nullable Object> parameters) {
        StringBuilder where = new StringBuilder(
                wanted.decommissioned()
                        ? " WHERE a.decommissioned_at IS NOT NULL"
                        : " WHERE a.decommissioned_at IS NULL");
        if (wanted.search() != null) {
            where.append(" AND (position(lower(?) in lower(a.name)) > 0 OR position(lower(?) in lower(a.id)) > 0"
                    + " OR position(lower(?) in lower(coalesce(a.host, ''))) > 0)");
            parameters.addAll(List.of(wanted.search(), wanted.search(), wanted.search()));
        }
        if (wanted.agentType() != null) {
            where.append(" AND a.agent_type = ?");
            parameters.add(wanted.agentType());
        }
        if (wanted.enabled() != null) {
            where.append(" AND a.enabled = ?");
            parameters.add(wanted.enabled());
        }
        if (wanted.state() != null) {
            state(where, wanted.state(), silence, parameters);
        }
        return where.toString();
    }

    private static void state(
            StringBuilder where, AgentState state, Silence silence, List<@Nullable Object> parameters) {
        String heard = "(b.received_at >= ?::timestamptz)";
        switch (state) {
            case RUNNING, ERROR, MAINTENANCE -> {
                where.append(" AND b.status = ? AND ").append(heard);
                parameters.add(state.id());
                parameters.add(silence.heardBefore());
            }
            case STOPPED -> where.append(" AND b.status = 'stopped'");
            case LOST -> {
                where.append(" AND b.status <> 'stopped' AND NOT ")
                        .append(heard)
                        .append(" AND NOT ?");
                parameters.add(silence.heardBefore());
                parameters.add(silence.graced());
            }
            case UNKNOWN -> {
                where.append(" AND (b.agent_id IS NULL OR (b.status = 'unknown' AND ")
                        .append(heard)
                        .append(") OR (b.status <> 'stopped' AND NOT ")
                        .append(heard)
                        .append(" AND ?))");
                parameters.add(silence.heardBefore());
                parameters.add(silence.heardBefore());
                parameters.add(silence.graced());
            }
        }
    }

    private static Agent agent(Row row) {
        Instant received = row.instantOrNull("received_at");
        Agent.Beat beat = received == null
                ? null
                : new Agent.Beat(
                        row.instant("first_at"),
                        received,
                        row.bigint("beats"),
                        row.text("status"),
                        row.text("word"),
                        row.text("details"),
                        row.text("resources"),
                        row.text("violations"),
                        row.textOrNull("boot_id"),
                        row.textOrNull("beat_host"),
                        row.instantOrNull("clone_at"),
                        row.texts("clone_places"),
                        row.textOrNull("config_hash"),
                        row.integerOrNull("config_version"),
                        row.textOrNull("config_state"),
                        row.textOrNull("config_error"),
                        row.instantOrNull("config_at"));
        return new Agent(
                row.text("id"),
                row.text("name"),
                row.text("agent_type"),
                row.text("origin"),
                row.textOrNull("version"),
                row.textOrNull("description"),
                row.texts("capabilities"),
                row.text("requirements"),
                row.textOrNull("public_key"),
                row.textOrNull("host"),
                row.textOrNull("ip_address"),
                row.integerOrNull("port"),
                row.bool("enabled"),
                row.text("metadata"),
                row.text("labels"),
                row.texts("permissions"),
                row.integer("heartbeat_interval"),
                row.bool("has_credentials"),
                row.integer("credentials_generation"),
                row.instantOrNull("accepted_at"),
                row.instant("created_at"),
                row.instant("updated_at"),
                row.instantOrNull("decommissioned_at"),
                beat,
                proof(row));
    }

    private static Agent.@Nullable Proof proof(Row row) {
        Instant at = row.instantOrNull("proof_at");
        return at == null
                ? null
                : new Agent.Proof(at, row.text("proof_outcome"), row.text("proof_detail"), row.bool("verified"));
    }
}
