package dev.panoptes.server.configs;

import dev.panoptes.server.storage.Row;
import dev.panoptes.server.storage.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The tables {@code agent_configs}, {@code host_sensor_configs} and {@code config_schemas}. */
final class ConfigStore {
    private final ConfigKind kind;
    private final String columns;

    ConfigStore(ConfigKind kind) {
        this.kind = kind;
        this.columns = kind.key() + " AS agent_id, version, body, hash, created_at, created_by, cause, managed";
    }

    /** Nobody writes a version of this agent before the transaction ends. */
    void lock(Transaction transaction, String agent) {
        transaction.list(kind.lock(), Object::toString, agent);
    }

    Optional<ConfigVersion> latest(Transaction transaction, String agent) {
        return transaction.first(
                "SELECT " + columns + " FROM " + kind.table() + " WHERE " + kind.key()
                        + " = ? ORDER BY version DESC LIMIT 1",
                ConfigStore::version,
                agent);
    }

    Optional<ConfigVersion> find(Transaction transaction, String agent, int version) {
        return transaction.first(
                "SELECT " + columns + " FROM " + kind.table() + " WHERE " + kind.key() + " = ? AND version = ?",
                ConfigStore::version,
                agent,
                version);
    }

    /** Newest first. @param before only versions below it */
    List<ConfigVersion> history(Transaction transaction, String agent, int before, int limit) {
        return transaction.list(
                "SELECT " + columns + " FROM " + kind.table() + " WHERE " + kind.key() + " = ? AND version < ?"
                        + " ORDER BY version DESC LIMIT ?",
                ConfigStore::version,
                agent,
                before,
                limit);
    }

    ConfigVersion insert(
            Transaction transaction,
            String agent,
            int version,
            ConfigDocument document,
            String by,
            @Nullable String cause,
            boolean managed,
            Instant now) {
        return transaction.one(
                "INSERT INTO " + kind.table() + " (" + kind.key() + """
                    , version, body, hash, limits, created_at, created_by, cause, managed)
                    VALUES (?, ?, ?, ?, ?::jsonb, ?, ?, ?, ?) RETURNING
                    """ + " " + columns,
                ConfigStore::version,
                agent,
                version,
                document.body(),
                document.hash(),
                document.limits(),
                now,
                by,
                cause,
                managed);
    }

    private static ConfigVersion version(Row row) {
        return new ConfigVersion(
                row.text("agent_id"),
                row.integer("version"),
                new ConfigDocument(row.text("body")),
                row.text("hash"),
                row.instant("created_at"),
                row.text("created_by"),
                row.textOrNull("cause"),
                row.bool("managed"));
    }

    /** A schema of one kind of agent. @param agentName as keys link @param schema JSON */
    record StoredSchema(String agentName, String schema, Instant updatedAt, String updatedBy) {}

    Optional<StoredSchema> schema(Transaction transaction, String agentName) {
        return transaction.first(
                "SELECT agent_name, schema, updated_at, updated_by FROM config_schemas WHERE agent_name = ?",
                row -> new StoredSchema(
                        row.text("agent_name"), row.text("schema"), row.instant("updated_at"), row.text("updated_by")),
                agentName);
    }

    List<StoredSchema> schemas(Transaction transaction) {
        return transaction.list(
                "SELECT agent_name, schema, updated_at, updated_by FROM config_schemas ORDER BY agent_name LIMIT 1000",
                row -> new StoredSchema(
                        row.text("agent_name"), row.text("schema"), row.instant("updated_at"), row.text("updated_by")));
    }

    void putSchema(Transaction transaction, String agentName, String schema, String by, Instant now) {
        transaction.update("""
            INSERT INTO config_schemas (agent_name, schema, updated_at, updated_by) VALUES (?, ?, ?, ?)
            ON CONFLICT (agent_name) DO UPDATE SET
                schema = excluded.schema, updated_at = excluded.updated_at, updated_by = excluded.updated_by
            """, agentName, schema, now, by);
    }
}
