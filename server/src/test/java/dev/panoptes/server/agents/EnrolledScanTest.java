package dev.panoptes.server.agents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.TestServer;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What scans of the server find about enrolled agents, and that it ends. */
@ExtendWith(TestPostgres.class)
class EnrolledScanTest {
    @TempDir
    Path directory;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-01T06:00:00Z"));

    @Test
    void aRogueALostAndAClonedAgentAreIssuesUntilTheyAreNot(Databases databases)
            throws IOException, InterruptedException {
        Path registry = Files.writeString(directory.resolve("agent-registry.yaml"), """
            version: '1.0'
            agents:
              hermes: {name: HERMES, connection: {url: 'http://hermes:18020'}}
            """);
        Map<String, String> settings =
                Map.of("registry", registry.toString(), "observe.local", "false", "limits.requests_per_second", "0");
        try (TestServer server = TestServer.start(databases, directory, settings, now::get)) {
            Enrolled hermes = Enrolled.on(server, "hermes");
            Enrolled miner = Enrolled.on(server, "miner");
            miner.beat(server, "{\"host\": \"a\", \"boot_id\": \"1\"}");
            miner.beat(server, "{\"host\": \"b\", \"boot_id\": \"2\"}");
            miner.beat(server, "{\"host\": \"a\", \"boot_id\": \"1\"}");
            hermes.beat(server, "{}");
            assertThat(open(server)).containsExactlyInAnyOrder("rogue-agent-miner", "identity-clone-miner");

            assertThat(server.call("DELETE", "/api/v1/agents/miner", null).status())
                    .isEqualTo(204);
            for (int i = 0; i < 8; i++) {
                now.set(now.get().plusSeconds(45));
                server.database()
                        .execute(
                                transaction -> new BeatStore().watched(transaction, now.get(), Duration.ofSeconds(60)));
            }
            assertThat(open(server)).containsExactly("lost-agent-hermes");

            hermes.beat(server, "{}");
            assertThat(open(server)).isEmpty();
        }
    }

    /** Of the group enrolled. */
    private static List<String> open(TestServer server) throws IOException, InterruptedException {
        assertThat(server.post("/scan", "").status()).isEqualTo(200);
        List<String> ids = new ArrayList<>();
        server.get("/api/v1/integrity/issues?state=open").json().path("items").forEach(issue -> {
            String id = issue.path("id").asString();
            if (id.matches("(rogue|lost|ghost)-agent-.*|identity-.*|too-many.*|config-drift.*")) {
                ids.add(id);
            }
        });
        return ids;
    }
}
