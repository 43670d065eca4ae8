package dev.panoptes.cli.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.cli.server.StartedServer.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An operator's PostgreSQL that dies or freezes under load, and comes back: the server waits for it and loses nothing. */
@Tag("e2e")
@Timeout(180)
class OutageTest {
    @TempDir
    Path directory;

    private ServerSetup setup(ExternalPostgres postgres, Path registry) {
        return ServerSetup.in(directory)
                .database(postgres)
                .options("--registry", registry.toString())
                .environment("PANOPTES_LIMITS_REQUESTS_PER_SECOND", "0");
    }

    @Test
    void aDatabaseThatDiesAndComesBack() throws IOException, InterruptedException, SQLException, ExecutionException {
        Path registry = directory.resolve("agent-registry.yaml");
        try (ExternalPostgres postgres = ExternalPostgres.start();
                Load load = new Load(registry);
                StartedServer server = setup(postgres, registry).start()) {
            load.prepare(server);
            load.go(server);
            Await.until("writes are acknowledged", () -> load.acknowledgedCount() > 20);
            postgres.kill9();
            away(server);
            int during = load.acknowledgedCount();
            postgres.startAgain();
            Await.until("writes get through again", () -> load.acknowledgedCount() > during + 20);
            load.pause();
            recovered(server, postgres, load);
        }
    }

    @Test
    void aDatabaseThatHangsAndGoesOn() throws IOException, InterruptedException, SQLException, ExecutionException {
        Path registry = directory.resolve("agent-registry.yaml");
        try (ExternalPostgres postgres = ExternalPostgres.start();
                Load load = new Load(registry);
                StartedServer server = setup(postgres, registry).start()) {
            load.prepare(server);
            load.go(server);
            Await.until("writes are acknowledged", () -> load.acknowledgedCount() > 20);
            postgres.freeze();
            try {
                away(server);
            } finally {
                postgres.thaw();
            }
            int after = load.acknowledgedCount();
            Await.until(
                    "writes get through again", Duration.ofSeconds(60), () -> load.acknowledgedCount() > after + 20);
            load.pause();
            recovered(server, postgres, load);
        }
    }

    /** Alive, not ready, and 503 with a time to come back for whoever needs the database. */
    private static void away(StartedServer server) throws IOException, InterruptedException {
        Await.until(
                "it is not ready",
                Duration.ofSeconds(60),
                () -> server.get("/readyz").status() == 503);
        assertThat(server.call("GET", "/livez", null, Map.of()).status()).isEqualTo(200);
        assertThat(server.call("GET", "/health", null, Map.of()).status()).isEqualTo(200);
        Answer refused = server.post("/api/v1/tokens", "{\"name\": \"during\", \"role\": \"viewer\"}");
        assertThat(refused.status()).as(refused.body()).isEqualTo(503);
        assertThat(refused.code()).isEqualTo("unavailable");
        assertThat(Integer.parseInt(String.valueOf(refused.header("Retry-After"))))
                .isPositive();
        assertThat(refused.body()).contains("nothing was changed").doesNotContain("127.0.0.1:");
    }

    private static void recovered(StartedServer server, ExternalPostgres postgres, Load load)
            throws IOException, InterruptedException, SQLException {
        assertThat(server.get("/readyz").status()).isEqualTo(200);
        try (Connection connection = postgres.connect()) {
            assertThat(load.wrong(server, connection)).isEmpty();
        }
        assertThat(load.surprises()).isEmpty();
        assertThat(server.get("/api/v1/tokens").body()).doesNotContain("\"during\"");
        assertThat(server.stop()).isZero();
    }
}
