package dev.panoptes.server.storage;

import dev.panoptes.server.life.CannotStart;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A real embedded PostgreSQL, started once for a whole test run, with the schema migrated in a template. Tests take one as a
 * parameter ({@code @ExtendWith(TestPostgres.class)}, {@code TestPostgres.Databases databases}) and call {@link
 * Databases#fresh} for an empty database of their own, which costs some 30 ms.
 */
public final class TestPostgres implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Databases.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.create(TestPostgres.class))
                .computeIfAbsent(Databases.class, _ -> Databases.start(), Databases.class);
    }

    /** Where the programs are unpacked, once for all runs on this machine. */
    public static Path programs() {
        return Path.of(System.getProperty("java.io.tmpdir"), "panoptes-test-" + System.getProperty("user.name"));
    }

    /** Makes a directory that the unprivileged database user can reach. */
    public static Path reachable(Path directory) throws java.io.IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        return directory;
    }

    /** The running server and the databases made on it. */
    public static final class Databases implements AutoCloseable {
        private static final String TEMPLATE = "migrated";

        private final Path directory;
        private final DataDirectory data;
        private final EmbeddedPostgres postgres;
        private final AtomicInteger count = new AtomicInteger();

        private Databases(Path directory, DataDirectory data, EmbeddedPostgres postgres) {
            this.directory = directory;
            this.data = data;
            this.postgres = postgres;
        }

        private static Databases start() {
            try {
                Path directory = reachable(Files.createTempDirectory("panoptes"));
                DataDirectory data = DataDirectory.open(directory);
                Databases databases = new Databases(directory, data, EmbeddedPostgres.start(data.path(), programs()));
                databases.statement("CREATE DATABASE " + TEMPLATE);
                DatabaseAddress template = databases.address(TEMPLATE);
                new Migrations(template).run((_, _) -> {});
                return databases;
            } catch (java.io.IOException | CannotStart e) {
                throw new IllegalStateException(e);
            }
        }

        /** An empty database with the newest schema. */
        public DatabaseAddress freshAddress() {
            String name = "test" + count.incrementAndGet();
            statement("CREATE DATABASE " + name + " TEMPLATE " + TEMPLATE);
            return address(name);
        }

        /** A database without any schema. */
        public DatabaseAddress emptyAddress() {
            String name = "empty" + count.incrementAndGet();
            statement("CREATE DATABASE " + name);
            return address(name);
        }

        /** A migrated database with its pool. The caller closes it. */
        public Database fresh() {
            Database database = new Database(freshAddress(), 4);
            database.execute(new Partitions(InstantSource.system())::ensure);
            return database;
        }

        /** Storage for a whole server on an empty database. */
        public Storage storage(Path dataDirectory) throws CannotStart {
            return Storage.over(dataDirectory, freshAddress());
        }

        /** Storage for one more server on a database. */
        public Storage storage(Path dataDirectory, DatabaseAddress address) throws CannotStart {
            return Storage.over(dataDirectory, address);
        }

        DatabaseAddress address(String name) {
            return new DatabaseAddress.Socket(postgres.socket(), EmbeddedPostgres.NAME, name);
        }

        private synchronized void statement(String sql) {
            try (Connection connection = address("postgres").source().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute(sql);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() throws java.io.IOException {
            postgres.close();
            data.close();
            PostgresBinaries.delete(directory);
        }
    }
}
