package dev.panoptes.server.scans;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.TestServer;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A fleet whose agents take connections and never answer is told so everywhere; the server's own port is no stranger's. */
@ExtendWith(TestPostgres.class)
class HungFleetTest {
    @TempDir
    Path directory;

    @Test
    void agentsThatAcceptAndNeverAnswerAreNowhereCalledHealthy(Databases databases)
            throws IOException, InterruptedException {
        // The kernel accepts for them; nobody ever reads.
        try (ServerSocket one = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                ServerSocket two = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Path registry = Files.writeString(
                    directory.resolve("agent-registry.yaml"), """
                    version: '1.0'
                    agents:
                      one: {name: ONE, connection: {url: 'http://127.0.0.1:%d', health: /health}}
                      two: {name: TWO, connection: {url: 'http://127.0.0.1:%d', health: /health}}
                    """.formatted(one.getLocalPort(), two.getLocalPort()));
            Map<String, String> settings =
                    Map.of("registry", registry.toString(), "observe.local", "true", "scan.probe_timeout", "500ms");
            try (TestServer server = TestServer.start(databases, directory, settings)) {
                JsonNode report = server.post("/scan", "").json();
                List<String> checks = report.path("issues").findValuesAsString("check");
                assertThat(checks).as(report.toString()).contains("agent-unresponsive");
                assertThat(server.get("/status").json().path("status").asString())
                        .isIn("degraded", "critical");
                assertThat(server.get("/dashboard").json().path("system_status").asString())
                        .isIn("degraded", "critical");
                JsonNode health = server.get("/api/v1/health/system").json();
                assertThat(health.path("agents_summary").path("online").asInt()).isZero();
                assertThat(health.path("health_status").asString()).isNotEqualTo("healthy");
                assertThat(server.call(
                                        "GET",
                                        "/status",
                                        null,
                                        Map.of("Authorization", "Bearer " + server.adminToken(), "Accept", "text/html"))
                                .body())
                        .contains("does not answer");

                int own = URI.create(server.url()).getPort();
                assertThat(report.path("issues")
                                .valueStream()
                                .filter(issue -> issue.path("check").asString().equals("undeclared-listener"))
                                .map(issue -> issue.path("port").asInt()))
                        .as("its own port")
                        .doesNotContain(own);
            }
        }
    }
}
