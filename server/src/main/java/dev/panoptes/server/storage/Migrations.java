package dev.panoptes.server.storage;

import dev.panoptes.server.CannotStart;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.OptionalInt;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the schema to the version of this program. One query tells whether there is anything to do; only then is Flyway
 * loaded, which costs more than the rest of a start (ADR 0012). Flyway's own lock keeps two starting servers apart.
 */
public final class Migrations {
    /** The newest file in {@code db/migration}; a test compares. */
    static final int VERSION = 7;

    /** Oldest PostgreSQL that is supported. */
    static final int OLDEST_SERVER = 15;

    static final String HISTORY = "panoptes_schema_history";

    private static final Logger LOG = LoggerFactory.getLogger(Migrations.class);

    private final DatabaseAddress address;

    public Migrations(DatabaseAddress address) {
        this.address = address;
    }

    /** Something to be done before the first migration of an existing schema: a backup. */
    public interface Before {
        void migration(int from, int to) throws CannotStart;
    }

    /** @throws CannotStart for a newer schema, a stranger's schema, an old server, or a database that cannot be reached */
    public void run(Before before) throws CannotStart {
        PGSimpleDataSource source = address.source();
        // A migration may work for long without a word.
        source.setSocketTimeout(0);
        try {
            int present;
            try (Connection connection = source.getConnection()) {
                refuseOldServer(connection);
                present = present(connection);
            }
            if (present > VERSION) {
                throw new CannotStart("the database schema is version " + present + ", newer than this program's "
                        + VERSION + "; start the newer release, or restore a backup made before the upgrade");
            }
            if (present == VERSION) {
                return;
            }
            if (present > 0) {
                before.migration(present, VERSION);
            }
            migrate(source);
        } catch (SQLException e) {
            throw new CannotStart("the database " + describe() + " cannot be used: " + e.getMessage(), e);
        }
    }

    private String describe() {
        return switch (address) {
            case DatabaseAddress.Socket socket -> "at " + socket.path();
            case DatabaseAddress.Server server -> server.toString();
        };
    }

    private static void refuseOldServer(Connection connection) throws SQLException, CannotStart {
        int major = connection.getMetaData().getDatabaseMajorVersion();
        if (major < OLDEST_SERVER) {
            throw new CannotStart(
                    "the database server is PostgreSQL " + major + "; at least " + OLDEST_SERVER + " is needed");
        }
    }

    /** Version of the schema; 0 for an empty one. */
    private static int present(Connection connection) throws SQLException, CannotStart {
        if (one(connection, "SELECT count(*) FROM pg_class WHERE oid = to_regclass('" + HISTORY + "')")
                        .orElse(0)
                == 1) {
            return one(connection, "SELECT max(version::int) FROM " + HISTORY + " WHERE success")
                    .orElse(0);
        }
        int strangers = one(connection, """
                        SELECT count(*) FROM pg_class c
                        WHERE c.relnamespace = current_schema()::regnamespace
                          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
                        """).orElse(0);
        if (strangers > 0) {
            throw new CannotStart("the schema of the database is not empty and not ours (" + strangers
                    + " relations, no table " + HISTORY + "); give Panoptes a database or a schema of its own");
        }
        return 0;
    }

    private static OptionalInt one(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet results = statement.executeQuery()) {
            results.next();
            int value = results.getInt(1);
            return results.wasNull() ? OptionalInt.empty() : OptionalInt.of(value);
        }
    }

    private static void migrate(DataSource source) throws CannotStart {
        try {
            int count = Flyway.configure()
                    .dataSource(source)
                    .locations("classpath:db/migration")
                    .table(HISTORY)
                    .validateMigrationNaming(true)
                    .cleanDisabled(true)
                    .load()
                    .migrate()
                    .migrationsExecuted;
            LOG.atInfo()
                    .addKeyValue("migrations", count)
                    .addKeyValue("version", VERSION)
                    .log("schema migrated");
        } catch (FlywayException e) {
            throw new CannotStart("the database schema could not be migrated: " + e.getMessage(), e);
        }
    }
}
