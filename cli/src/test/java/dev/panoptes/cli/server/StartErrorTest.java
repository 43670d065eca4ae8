package dev.panoptes.cli.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.cli.server.ServerSetup.Ended;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What keeps a server from starting is said in one message, with exit code 3 and nothing on the output. */
@Tag("e2e")
@Timeout(180)
class StartErrorTest {
    private static final String NOWHERE = "postgres://someone:hidden@127.0.0.1:1/db";
    private static final String SECRET = "0123456789abcdef0123456789abcdef";

    @TempDir
    Path directory;

    private static void says(Ended ended, String... parts) {
        assertThat(ended.code()).as(ended.err()).isEqualTo(3);
        assertThat(ended.out()).isEmpty();
        // What came before it went well is logged; the refusal itself is the last and the only one.
        assertThat(ended.err().lines().filter(line -> line.startsWith("panoptes: ")))
                .hasSize(1);
        assertThat(ended.err())
                .contains(parts)
                .doesNotContain("hidden")
                .doesNotContain("Exception")
                .doesNotContain("\tat ")
                .doesNotContain(" ERROR ")
                .doesNotContain(" WARN ");
    }

    @Test
    void aPortThatIsInUse() throws IOException, InterruptedException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            says(
                    ServerSetup.in(directory).options("--port", port).refused(),
                    "cannot listen on 127.0.0.1:" + port + ": the port is in use",
                    "--listen or --port");
        }
    }

    @Test
    void aDataDirectoryThatAnotherServerUses() throws IOException, InterruptedException {
        try (StartedServer first = ServerSetup.in(directory).start()) {
            says(
                    ServerSetup.in(directory).refused(),
                    "the data directory " + first.dataDirectory() + " is in use by another instance (pid " + first.pid()
                            + ")");
            assertThat(first.get("/readyz").status()).isEqualTo(200);
        }
    }

    /** What is found in the schema of a database that is new enough: {@link RefusedStartTest}. */
    @Test
    void aDatabaseServerThatIsTooOld() throws IOException, InterruptedException {
        try (OldPostgres old = new OldPostgres("14.5")) {
            says(external(old.url()).refused(), "the database server is PostgreSQL 14; at least 15 is needed");
        }
    }

    private ServerSetup external(String url) {
        return ServerSetup.in(directory).environment("DATABASE_URL", url).environment("JWT_SECRET", SECRET);
    }

    @Test
    void aDatabaseThatCannotBeReachedIsNamedWithoutItsPassword() throws IOException, InterruptedException {
        says(external(NOWHERE).refused(), "the database postgres://someone@127.0.0.1:1/db cannot be used");
    }

    /** The first start makes the admin; where TLS then cannot be set up, the password must not be lost, nor told to the journal. */
    @Test
    void theOneTimePasswordOutlivesAStartThatFailsLaterAndIsNotInTheJournal() throws IOException, InterruptedException {
        Path nonsense = Files.writeString(directory.resolve("nonsense.pem"), "nonsense");
        says(
                ServerSetup.in(directory)
                        .environment("PANOPTES_TLS_CERTIFICATE", nonsense.toString())
                        .environment("PANOPTES_TLS_KEY", nonsense.toString())
                        .refused(),
                "TLS cannot be set up from");
        try (StartedServer server =
                ServerSetup.in(directory).environment("JOURNAL_STREAM", "8:1").start()) {
            String password = Files.readString(server.dataDirectory().resolve("admin.password"))
                    .strip();
            assertThat(server.call(
                                    "POST",
                                    "/api/v1/session",
                                    "{\"name\": \"admin\", \"password\": \"" + password + "\"}",
                                    Map.of())
                            .status())
                    .isEqualTo(200);
            assertThat(server.log()).doesNotContain(password);
        }
    }

    @Test
    void aSecretThatIsTooShortOrMissing() throws IOException, InterruptedException {
        says(
                ServerSetup.in(directory).environment("JWT_SECRET", "hidden").refused(),
                "JWT_SECRET is shorter than 32 bytes",
                "openssl rand");
        says(
                ServerSetup.in(directory).environment("DATABASE_URL", NOWHERE).refused(),
                "JWT_SECRET must be set with an external database");
    }

    @Test
    void everythingThatIsWrongInTheConfigurationAtOnceWithFileAndLine() throws IOException, InterruptedException {
        Path file = Files.writeString(directory.resolve("panoptes.yaml"), """
                listen: nowhere
                watch:
                  interval: often
                unheard_of: 1
                """);
        says(
                ServerSetup.in(directory)
                        .environment("PANOPTES_SCAN_SCHEDULE", "never")
                        .refused(),
                "the configuration is wrong:",
                file + ":1",
                file + ":3",
                file + ":4",
                "listen",
                "watch.interval",
                "unheard_of",
                "PANOPTES_SCAN_SCHEDULE",
                "panoptes doctor");
        assertThat(directory.resolve("data")).doesNotExist();
    }

    @Test
    void aDataDirectoryThatCannotBeMade() throws IOException, InterruptedException {
        Path file = Files.writeString(directory.resolve("file"), "");
        says(ServerSetup.in(directory).data(file.resolve("data")).refused(), "the data directory " + file + "/data");
        says(ServerSetup.in(directory).data(file).refused(), "the data directory " + file);
        says(
                ServerSetup.in(directory).data(Path.of("/proc/panoptes")).refused(),
                "the data directory /proc/panoptes cannot be used");
        says(
                ServerSetup.in(directory)
                        .data(directory.resolve("d".repeat(110)))
                        .refused(),
                "too long for a Unix socket");
    }

    @Test
    void aRegistryOrConfigurationFileThatIsNotThere() throws IOException, InterruptedException {
        says(
                ServerSetup.in(directory)
                        .environment(
                                "PANOPTES_CONFIG",
                                directory.resolve("nowhere.yaml").toString())
                        .refused(),
                "nowhere.yaml");
    }
}
