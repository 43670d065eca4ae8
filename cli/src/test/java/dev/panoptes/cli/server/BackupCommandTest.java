package dev.panoptes.cli.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.cli.server.ServerSetup.Ended;
import dev.panoptes.server.life.CannotStart;
import dev.panoptes.server.storage.DataDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Backup and restore as an operator calls them, beside the started server. */
@Tag("e2e")
@Timeout(180)
class BackupCommandTest {
    @TempDir
    Path directory;

    private static void refused(Ended ended, String... words) {
        assertThat(ended.err())
                .as("one line")
                .containsOnlyOnce("\n")
                .endsWith("\n")
                .contains(words);
        assertThat(ended.code()).isEqualTo(3);
        assertThat(ended.out()).isEmpty();
    }

    private static String token(StartedServer server) throws IOException, InterruptedException {
        return server.post("/api/v1/tokens", "{\"name\": \"kept\", \"role\": \"viewer\"}")
                .json()
                .path("token")
                .asString();
    }

    private static int status(StartedServer server, String token) throws IOException, InterruptedException {
        return server.call("GET", "/api/v1/scans", null, Map.of("Authorization", "Bearer " + token))
                .status();
    }

    @Test
    void aRunningServerIsBackedUpAndAnotherMachineGoesOnWithIt() throws IOException, InterruptedException {
        ServerSetup setup = ServerSetup.in(directory);
        String data = setup.dataDirectory().toString();
        Path file = directory.resolve("running.tar.gz");
        Path stopped = directory.resolve("stopped.tar.gz");
        String token;
        try (StartedServer server = setup.start()) {
            token = token(server);
            Ended backup = setup.run("backup", "--data-dir", data, file.toString());
            assertThat(backup.err()).isEmpty();
            assertThat(backup.code()).isZero();
            assertThat(backup.out()).matches(file + ": \\d+ tables, \\d+ rows, schema version \\d+, \\d+ bytes\n");
            refused(setup.run("backup", "--data-dir", data, file.toString()), "exists", "choose another name");
            refused(setup.run("restore", "--data-dir", data, file.toString()), "in use by another instance");
            assertThat(server.stop()).isZero();
        }
        assertThat(setup.run("backup", "--data-dir", data, stopped.toString()).code())
                .isZero();
        refused(
                setup.run("restore", "--data-dir", data, stopped.toString()),
                "the database is not empty",
                "move the data directory away");

        ServerSetup other = setup.data(directory.resolve("other"));
        Ended restore = setup.run("restore", "--data-dir", other.dataDirectory().toString(), file.toString());
        assertThat(restore.err()).isEmpty();
        assertThat(restore.out()).startsWith(file + ": restored ");
        try (StartedServer server = other.start()) {
            assertThat(status(server, token)).isEqualTo(200);
        }
    }

    @Test
    void whatCannotBeDoneTouchesNothing() throws IOException, InterruptedException, CannotStart {
        ServerSetup setup = ServerSetup.in(directory);
        String none = directory.resolve("none").toString();
        refused(
                setup.run(
                        "backup",
                        "--data-dir",
                        none,
                        directory.resolve("b.tar.gz").toString()),
                "there is no database in the data directory " + none);
        Path torn = Files.write(directory.resolve("torn.tar.gz"), new byte[] {0x1f, (byte) 0x8b, 8});
        refused(setup.run("restore", "--data-dir", none, torn.toString()), "is torn");
        refused(setup.run("restore", "--data-dir", none, none), "there is no such file");
        assertThat(Path.of(none)).doesNotExist();

        Path starting = Files.createDirectories(directory.resolve("starting/postgresql/data"))
                .getParent()
                .getParent();
        try (DataDirectory held = DataDirectory.open(starting)) {
            refused(
                    setup.run(
                            "backup",
                            "--data-dir",
                            held.path().toString(),
                            directory.resolve("b.tar.gz").toString()),
                    "(pid " + ProcessHandle.current().pid() + ")",
                    "runs no database in it");
        }
    }

    @Test
    void fromOneExternalDatabaseToAnother() throws IOException, InterruptedException, SQLException {
        Path file = directory.resolve("external.tar.gz");
        try (ExternalPostgres postgres = ExternalPostgres.start()) {
            ServerSetup external = ServerSetup.in(directory).database(postgres);
            String token;
            try (StartedServer server = external.start()) {
                token = token(server);
                assertThat(external.run("backup", file.toString()).code()).isZero();
            }
            refused(external.run("restore", file.toString()), "not empty", "DATABASE_URL");

            ServerSetup other = external.environment("DATABASE_URL", postgres.create("other"));
            assertThat(other.run("restore", file.toString()).code()).isZero();
            try (StartedServer server = other.start()) {
                assertThat(status(server, token)).isEqualTo(200);
            }
        }
    }
}
