package dev.panoptes.server.sensors;

import dev.panoptes.server.http.Json;
import dev.panoptes.server.sensors.Daemon.ConfigState;
import dev.panoptes.server.sensors.Daemon.SensorState;
import dev.panoptes.server.storage.Row;
import dev.panoptes.server.storage.Transaction;
import java.util.Optional;

/** The table {@code host_daemons}. */
final class DaemonStore {
    private static final String COLUMNS = "version, seen_at, config_version, config_hash, config_state, config_error,"
            + " applied_version, sensors::text AS sensors";

    /** A host that was observed, or that a token for its observer was made for. */
    boolean known(Transaction transaction, String host) {
        return transaction.one("""
                SELECT EXISTS (SELECT FROM hosts WHERE name = ?)
                    OR EXISTS (SELECT FROM api_tokens WHERE host = ?) AS known
                """, row -> row.bool("known"), host, host);
    }

    /** Empty where no daemon of this host ever beat. */
    Optional<Daemon> find(Transaction transaction, String host) {
        return transaction.first("SELECT " + COLUMNS + " FROM host_daemons WHERE host = ?", DaemonStore::daemon, host);
    }

    void put(Transaction transaction, String host, Daemon daemon) {
        transaction.update(
                """
                INSERT INTO host_daemons (host, version, seen_at, config_version, config_hash, config_state,
                    config_error, applied_version, sensors)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb)
                ON CONFLICT (host) DO UPDATE SET version = excluded.version, seen_at = excluded.seen_at,
                    config_version = excluded.config_version, config_hash = excluded.config_hash,
                    config_state = excluded.config_state, config_error = excluded.config_error,
                    applied_version = excluded.applied_version, sensors = excluded.sensors
                """,
                host,
                daemon.version(),
                daemon.seenAt(),
                daemon.configVersion(),
                daemon.configHash(),
                daemon.configState().name(),
                daemon.configError(),
                daemon.appliedVersion(),
                Json.writeText(daemon.sensors()));
    }

    private static Daemon daemon(Row row) {
        return new Daemon(
                row.text("version"),
                row.instant("seen_at"),
                row.integer("config_version"),
                row.text("config_hash"),
                ConfigState.valueOf(row.text("config_state")),
                row.textOrNull("config_error"),
                row.integer("applied_version"),
                Json.readList(row.text("sensors"), SensorState.class));
    }
}
