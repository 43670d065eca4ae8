package dev.panoptes.cli.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Agents that go on while the server, its database, both, and they themselves are killed. */
@Tag("e2e")
class AgentsCrashTest {
    private static final int AGENTS = 10;

    @TempDir
    Path directory;

    private enum Killed {
        SERVER,
        POSTGRES,
        BOTH
    }

    @Test
    void whatAnAgentWasToldIsKeptOnceAndNobodyIsAccusedOfTheServersAbsence()
            throws IOException, InterruptedException, ExecutionException, SQLException {
        StringBuilder registry = new StringBuilder("version: '1.0'\nagents:\n");
        for (int i = 0; i < AGENTS; i++) {
            registry.append("  ")
                    .append(AgentLoad.name(i))
                    .append(": {connection: {url: 'http://load:")
                    .append(20_000 + i)
                    .append("'}, actions: {a: {endpoint: /a, method: GET}}}\n");
        }
        Path file = Files.writeString(directory.resolve("agent-registry.yaml"), registry);
        StartedServer server = ServerSetup.in(directory)
                .options("--registry", file.toString())
                .environment("PANOPTES_OBSERVE_LOCAL", "false")
                .environment("PANOPTES_LIMITS_REQUESTS_PER_SECOND", "0")
                .environment("PANOPTES_AGENTS_LOST_AFTER", "12s")
                .environment("PANOPTES_WATCH_INTERVAL", "1s")
                .start();
        try (AgentLoad load = new AgentLoad()) {
            load.enroll(server, AGENTS);
            for (Killed killed : List.of(Killed.SERVER, Killed.POSTGRES, Killed.BOTH, Killed.SERVER)) {
                int before = load.acknowledged();
                load.go(server);
                Await.until("they are heard", () -> load.acknowledged() > before + 3 * AGENTS);
                LockSupport.parkNanos(Duration.ofMillis(700).toNanos());
                if (killed != Killed.SERVER) {
                    server.killPostgres9();
                }
                if (killed != Killed.POSTGRES) {
                    server.kill9();
                    load.pause();
                    server = server.again();
                } else {
                    StartedServer on = server;
                    Await.until("it recovers", () -> on.get("/readyz").status() == 200);
                    LockSupport.parkNanos(Duration.ofMillis(700).toNanos());
                    load.pause();
                }
                StartedServer on = server;
                Await.until("the server answers", () -> on.get("/readyz").status() == 200);
                assertThat(on.post("/scan", "").status()).isEqualTo(200);
                try (Connection database = CrashTest.connect(server)) {
                    assertThat(load.wrong(database)).as("killed " + killed).isEmpty();
                }
                assertThat(load.surprises()).as("killed " + killed).isEmpty();
            }
        } finally {
            server.close();
        }
    }
}
