package dev.panoptes.cli.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.cli.server.ServerSetup.Ended;
import dev.panoptes.server.life.CannotStart;
import dev.panoptes.server.storage.DatabaseAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a start says of a database that it must not touch, and what two starts make of an empty one. */
@Tag("e2e")
@Timeout(180)
class RefusedStartTest {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";

    @TempDir
    Path directory;

    private ServerSetup on(String url) {
        return ServerSetup.in(directory).environment("DATABASE_URL", url).environment("JWT_SECRET", SECRET);
    }

    private static void refused(Ended ended, String... words) {
        List<String> told = ended.err()
                .lines()
                .filter(line -> line.startsWith("panoptes: "))
                .toList();
        assertThat(told).as("one message").hasSize(1);
        assertThat(ended.err()).endsWith(told.getFirst() + "\n").contains(words);
        assertThat(ended.code()).isEqualTo(3);
        assertThat(ended.out()).isEmpty();
    }

    private static int ready(ServerSetup setup) throws IOException, InterruptedException {
        try (StartedServer server = setup.start()) {
            return server.get("/readyz").status();
        }
    }

    private static void execute(ExternalPostgres postgres, String database, String sql) throws SQLException {
        try (Connection connection = postgres.connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void aStrangersANewerAndABrokenSchemaAreLeftAloneAndTwoStartsOnAnEmptyOneAgree()
            throws IOException, InterruptedException, SQLException, ExecutionException {
        try (ExternalPostgres postgres = ExternalPostgres.start()) {
            String stranger = postgres.create("stranger");
            execute(postgres, "stranger", "CREATE TABLE orders (id int)");
            refused(
                    on(stranger).refused(),
                    "not empty and not ours",
                    "give Panoptes a database or a schema of its own");

            String shared = postgres.create("shared");
            ServerSetup first = on(shared).data(directory.resolve("first"));
            ServerSetup second = on(shared).data(directory.resolve("second"));
            try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
                Future<Integer> beside = threads.submit(() -> ready(second));
                assertThat(ready(first)).isEqualTo(200);
                assertThat(beside.get()).isEqualTo(200);
            }
            try (Connection connection = postgres.connect("shared");
                    Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(
                            "SELECT count(*) = count(DISTINCT version) AND bool_and(success) FROM"
                                    + " panoptes_schema_history")) {
                rows.next();
                assertThat(rows.getBoolean(1)).as("every migration ran once").isTrue();
            }
            assertThat(directory.resolve("first/backups")).doesNotExist();
            assertThat(directory.resolve("second/backups")).doesNotExist();

            execute(
                    postgres,
                    "shared",
                    "INSERT INTO panoptes_schema_history SELECT installed_rank + 100, (version::int + 100)::text,"
                            + " description, type, script, checksum, installed_by, installed_on, execution_time, success"
                            + " FROM panoptes_schema_history ORDER BY installed_rank DESC LIMIT 1");
            refused(first.refused(), "newer than this program's", "restore a backup made before the upgrade");
        }
    }

    @Test
    void anExternalDatabaseWithoutASecretIsRefusedByName() throws IOException, InterruptedException {
        refused(
                ServerSetup.in(directory)
                        .environment("DATABASE_URL", "postgres://fleet:hidden@127.0.0.1:1/x")
                        .refused(),
                "JWT_SECRET must be set with an external database");
        assertThat(directory.resolve("data")).doesNotExist();
    }

    @Test
    void anOldSchemaIsBackedUpAndThenMigrated() throws IOException, InterruptedException, SQLException, CannotStart {
        try (ExternalPostgres postgres = ExternalPostgres.start()) {
            String old = postgres.create("old");
            Flyway.configure()
                    .dataSource(DatabaseAddress.parse(old).source())
                    .locations("classpath:db/migration")
                    .table("panoptes_schema_history")
                    .target("3")
                    .load()
                    .migrate();
            execute(postgres, "old", "INSERT INTO settings VALUES ('left', '\"behind\"', now())");
            ServerSetup setup = on(old);
            try (StartedServer server = setup.start()) {
                assertThat(server.log()).contains("backup made before the migration");
            }
            List<Path> made;
            try (var all = Files.list(setup.dataDirectory().resolve("backups"))) {
                made = all.toList();
            }
            assertThat(made).hasSize(1);

            // The earlier release's schema comes back, and this release takes it on.
            String again = postgres.create("again");
            Ended restored = on(again).run("restore", made.getFirst().toString());
            assertThat(restored.out()).contains("schema version 3, as of ");
            try (StartedServer server = on(again).start();
                    Connection connection = postgres.connect("again");
                    Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT value FROM settings WHERE name = 'left'")) {
                assertThat(server.get("/readyz").status()).isEqualTo(200);
                assertThat(rows.next()).isTrue();
                assertThat(rows.getString(1)).isEqualTo("\"behind\"");
            }
        }
    }
}
