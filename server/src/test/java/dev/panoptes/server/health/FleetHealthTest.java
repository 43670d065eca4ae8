package dev.panoptes.server.health;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.panoptes.server.TestServer;
import dev.panoptes.server.TestServer.Answer;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Agents that run, lie, are down or out of sight, each seen for what it is. */
@ExtendWith(TestPostgres.class)
class FleetHealthTest {
    private final List<HttpServer> agents = new ArrayList<>();

    @TempDir
    Path directory;

    @AfterEach
    void stop() {
        agents.forEach(agent -> agent.stop(0));
    }

    /** An agent that answers its health endpoint with this name. @return its port */
    private int agent(String name, int status) throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.createContext("/health", exchange -> {
            byte[] body = ("{\"status\": \"healthy\", \"agent\": \"" + name + "\"}").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        http.start();
        agents.add(http);
        return http.getAddress().getPort();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private Path registry(String agents) throws IOException {
        return Files.writeString(
                directory.resolve("agent-registry.yaml"),
                "version: '1.0'\nhosts:\n  far: {address: 192.0.2.7}\nagents:\n" + agents);
    }

    private static String line(String key, String url) {
        return "  " + key + ": {name: " + key.toUpperCase(java.util.Locale.ROOT) + ", connection: {url: '" + url
                + "'}}\n";
    }

    @Test
    void everyAgentIsToldAsItWasSeen(Databases databases) throws IOException, InterruptedException {
        int well = agent("WELL", 200);
        int clone = agent("SOMEBODY-ELSE", 200);
        int failing = agent("FAILING", 500);
        int gone = freePort();
        Path registry = registry(line("well", "http://user:secret@localhost:" + well)
                + line("clone", "http://localhost:" + clone)
                + line("failing", "http://localhost:" + failing)
                + line("gone", "http://localhost:" + gone)
                + line("far", "http://192.0.2.7:8000")
                + "  nowhere: {name: NOWHERE}\n");
        Map<String, String> settings =
                Map.of("registry", registry.toString(), "observe.local", "true", "scan.probe_timeout", "1s");
        try (TestServer server = TestServer.start(databases, directory, settings)) {
            JsonNode health = server.get("/api/v1/health/system").json();
            assertThat(states(health.path("agents")))
                    .containsExactlyInAnyOrderEntriesOf(Map.of(
                            "well", "running",
                            "clone", "incompatible",
                            "failing", "incompatible",
                            "gone", "stopped",
                            "far", "unknown",
                            "nowhere", "unknown"));
            assertThat(health.path("agents_summary").toString())
                    .isEqualTo("{\"online\":1,\"total\":6,\"coverage_percent\":16.7}");
            assertThat(health.path("infrastructure").toString())
                    .isEqualTo("{\"eventbus\":\"unknown\",\"wal_processor\":\"unknown\","
                            + "\"fusion_engine\":\"unknown\",\"web_dashboard\":\"running\",\"database\":\"running\","
                            + "\"replicas\":\"running\"}");
            assertThat(health.path("infrastructure_healthy").asBoolean()).isTrue();
            // 60 for one of the four that could be looked at, 25 and 15 in full.
            assertThat(health.path("health_score").toString()).isEqualTo("55");
            assertThat(health.path("health_status").asString()).isEqualTo("degraded");
            assertThat(health.path("events_last_24h").toString()).isEqualTo("0");
            assertThat(health.path("empty_state").asBoolean())
                    .as("something that is declared runs")
                    .isFalse();
            assertThat(health.path("infrastructure_details")
                            .path("eventbus")
                            .path("state")
                            .asString())
                    .isEqualTo("not_configured");
            assertThat(agent(health.path("agents_details"), "well").path("id").asString())
                    .isEqualTo("well");
            assertThat(agent(health.path("agents_details"), "well")
                            .path("instances")
                            .asInt())
                    .isEqualTo(1);

            JsonNode summary = server.get("/api/v1/health/agents").json();
            assertThat(summary.path("summary").toString())
                    .isEqualTo(
                            "{\"total\":6,\"online\":1,\"stopped\":3,\"incompatible\":2,\"health_percentage\":16.7}");
            assertThat(summary.path("platform").asString()).isEqualTo("linux");
            assertThat(agent(summary.path("agents"), "gone").path("status").asString())
                    .isEqualTo("stopped");
            assertThat(agent(summary.path("agents"), "far").path("state").asString())
                    .isEqualTo("unknown");

            JsonNode agents = server.get("/api/v1/health/agents").json().path("agents");
            assertThat(agent(agents, "well").path("pid").asLong())
                    .isEqualTo(ProcessHandle.current().pid());
            assertThat(agent(agents, "well").path("last_duration_ms").isNumber())
                    .isTrue();
            assertThat(agent(agents, "clone").path("last_error").asString()).contains("SOMEBODY-ELSE");
            assertThat(agent(agents, "clone").path("pid").isNull()).isTrue();
            assertThat(agent(agents, "far").path("last_error").asString()).contains("far");

            Answer targets = server.get("/api/v1/http_sd");
            assertThat(targets.body()).doesNotContain("secret").doesNotContain("user");
            assertThat(targets.header("Content-Type")).isEqualTo("application/json");
            assertThat(targets.json().size()).isEqualTo(5);
            assertThat(targets.json().get(0).path("targets").get(0).asString()).isEqualTo("localhost:" + well);
            assertThat(targets.json().get(0).path("labels").path("agent").asString())
                    .isEqualTo("well");
        }
    }

    @Test
    void beforeAnythingIsDeclaredTheStateIsEmptyAndSaysSo(Databases databases)
            throws IOException, InterruptedException {
        Map<String, String> settings = Map.of("observe.local", "false");
        try (TestServer server = TestServer.start(databases, directory, settings)) {
            JsonNode health = server.get("/api/v1/health/system").json();
            assertThat(health.path("agents").size()).isZero();
            assertThat(health.path("empty_state").asBoolean()).isTrue();
            assertThat(health.path("empty_state_message").asString()).isNotEmpty();
            assertThat(health.path("threat_level").asString()).isEqualTo("UNKNOWN");
            assertThat(server.get("/api/v1/http_sd").body()).isEqualTo("[]");
        }
    }

    @Test
    void anEventBusThatCannotBeReachedIsUnhealthyAndAScanOfLongAgoIsNotFresh(Databases databases)
            throws IOException, InterruptedException {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-01T00:00:00Z"));
        Map<String, String> settings = Map.of(
                "observe.local", "false", "watch.interval", "12h", "event_bus.url", "http://127.0.0.1:" + freePort());
        try (TestServer server = TestServer.start(databases, directory, settings, now::get)) {
            JsonNode health = server.get("/api/v1/health/system").json();
            long end = System.nanoTime() + 20_000_000_000L;
            while (!health.path("infrastructure").path("eventbus").asString().equals("stopped")) {
                assertThat(System.nanoTime()).isLessThan(end);
                health = server.get("/api/v1/health/system").json();
            }
            assertThat(health.path("infrastructure_healthy").asBoolean()).isFalse();
            assertThat(contribution(health, "freshness")).isEqualTo(100.0);
            now.set(Instant.parse("2026-03-01T06:00:00Z"));
        }
        // Nobody scanned for two days: a server that starts over the same reports would tell their age.
        SystemHealth old = SystemHealth.of(
                new FleetHealth.Seen(now.get(), List.of()),
                java.util.Set.of(),
                List.of(),
                new SensorStore.Counts(0, 0, 0),
                Map.of(),
                java.time.Duration.ofMinutes(3),
                "linux",
                now.get().plusSeconds(181));
        assertThat(old.healthScore()).isZero();
        assertThat(old.healthStatus()).isEqualTo("critical");
    }

    private static double contribution(JsonNode health, String name) {
        for (JsonNode each : health.path("health_score_contributions")) {
            if (each.path("name").asString().equals(name)) {
                return each.path("score").asDouble();
            }
        }
        throw new AssertionError(name);
    }

    private static JsonNode agent(JsonNode agents, String key) {
        for (JsonNode agent : agents) {
            if (agent.path("agent").asString().equals(key)) {
                return agent;
            }
        }
        throw new AssertionError(key);
    }

    private static Map<String, String> states(JsonNode node) {
        Map<String, String> states = new java.util.HashMap<>();
        node.properties()
                .forEach(each -> states.put(each.getKey(), each.getValue().asString()));
        return states;
    }
}
