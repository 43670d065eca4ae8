package dev.panoptes.server.storage;

import dev.panoptes.server.life.CannotStart;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the schema to the version of this program. One query tells whether there is anything to do; only then is Flyway
 * loaded, which costs more than the rest of a start (ADR 0012). An advisory lock keeps servers that start at the same
 * time apart, and is let go with the connection when one of them is killed.
 */
public final class Migrations {
    /** The newest file in {@code db/migration}; a test compares. */
    public static final int VERSION = 83;

    /** Oldest PostgreSQL that is supported. */
    public static final int OLDEST_SERVER = 15;

    /** The table in which Flyway writes down what it did. */
    public static final String HISTORY = "panoptes_schema_history";

    /** Held while a schema is looked at and changed: several servers that start at once do it one after the other. */
    private static final long LOCK = 0x70616e6f70740011L;

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
        // A server that was killed is noticed in the middle of a long statement too, and its locks are let go.
        source.setOptions("-c client_connection_check_interval=1000");
        try {
            try (Connection connection = source.getConnection()) {
                refuseOldServer(connection);
                if (checked(connection) == VERSION) {
                    return;
                }
                // Held by this connection's session, so that it falls with this process however that ends.
                execute(connection, "SELECT pg_advisory_lock(" + LOCK + ")");
                int present = checked(connection);
                if (present == VERSION) {
                    return;
                }
                if (present > 0) {
                    before.migration(present, VERSION);
                }
                migrate(source);
            }
        } catch (SQLException e) {
            throw new CannotStart("the database " + describe() + " cannot be used: " + e.getMessage(), e);
        }
    }

    /** Version of the schema, which is not newer than ours. */
    private static int checked(Connection connection) throws SQLException, CannotStart {
        int present = present(connection);
        if (present > VERSION) {
            throw new CannotStart("the database schema is version " + present + ", newer than this program's " + VERSION
                    + "; start the newer release, or restore a backup made before the upgrade");
        }
        return present;
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.execute();
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
        OptionalInt version = version(connection);
        if (version.isPresent()) {
            return version.getAsInt();
        }
        int strangers = relations(connection);
        if (strangers > 0) {
            throw new CannotStart("the schema of the database is not empty and not ours (" + strangers
                    + " relations, no table " + HISTORY + "); give Panoptes a database or a schema of its own");
        }
        return 0;
    }

    /** Version of the schema; 0 where its history was begun and has no line yet; empty where there is no history. */
    public static OptionalInt version(Connection connection) throws SQLException {
        if (one(connection, "SELECT count(*) FROM pg_class WHERE oid = to_regclass('" + HISTORY + "')")
                        .orElse(0)
                == 1) {
            return OptionalInt.of(one(connection, "SELECT max(version::int) FROM " + HISTORY + " WHERE success")
                    .orElse(0));
        }
        return OptionalInt.empty();
    }

    /** How many tables, sequences, views and indexes the schema holds, those of extensions not counted. */
    public static int relations(Connection connection) throws SQLException {
        return one(connection, """
            SELECT count(*) FROM pg_class c
            WHERE c.relnamespace = current_schema()::regnamespace
              AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
            """).orElse(0);
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
            int count = flyway(source).migrate().migrationsExecuted;
            LOG.atInfo()
                    .addKeyValue("migrations", count)
                    .addKeyValue("version", VERSION)
                    .log("schema migrated");
        } catch (FlywayException e) {
            throw new CannotStart("the database schema could not be migrated: " + oneLine(e), e);
        }
    }

    private static Flyway flyway(DataSource source) {
        return Flyway.configure()
                .dataSource(source)
                .locations("classpath:db/migration")
                .table(HISTORY)
                .validateMigrationNaming(true)
                .cleanDisabled(true)
                .load();
    }

    /** The scripts that make the schema of a version, in their order, as names of resources. */
    public static List<String> scripts(DatabaseAddress address, int version) {
        return Arrays.stream(flyway(address.source()).info().all())
                .filter(each -> each.getVersion().getMajor().intValueExact() <= version)
                .map(each -> "/db/migration/" + each.getScript())
                .toList();
    }

    /** The statements that make the history as Flyway makes it; a test compares. */
    public static String historyTable() {
        return """
            CREATE TABLE history_table (
                installed_rank integer NOT NULL CONSTRAINT history_table_pk PRIMARY KEY,
                version varchar(50),
                description varchar(200) NOT NULL,
                type varchar(20) NOT NULL,
                script varchar(1000) NOT NULL,
                checksum integer,
                installed_by varchar(100) NOT NULL,
                installed_on timestamp NOT NULL DEFAULT now(),
                execution_time integer NOT NULL,
                success boolean NOT NULL
            );
            CREATE INDEX history_table_s_idx ON history_table (success)
            """.replace("history_table", HISTORY);
    }

    /** Flyway tells a failed statement over many lines, with the statement itself; the database's own word is enough. */
    private static String oneLine(FlywayException e) {
        Throwable cause = e;
        while (cause.getCause() != null && !(cause instanceof SQLException)) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage()).strip().replaceAll("\\s*\\R\\s*", "; ");
    }
}
