package dev.panoptes.server.hosts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.integrity.observed.ProbeAnswer;
import dev.panoptes.integrity.observed.Snapshot;
import dev.panoptes.integrity.observed.Snapshot.Coverage;
import dev.panoptes.integrity.observed.Snapshot.Source;
import dev.panoptes.integrity.observed.SnapshotJson;
import dev.panoptes.server.TestServer;
import dev.panoptes.server.TestServer.Answer;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Observers send what they saw on other hosts; the server judges it with the rest. */
@ExtendWith(TestPostgres.class)
class SnapshotTest {
    private static final String REGISTRY = """
            version: '1.0'
            hosts:
              web-1: {address: 10.0.0.5}
            agents:
              hermes:
                name: HERMES
                host: web-1
                connection: {url: 'http://10.0.0.5:18014'}
                actions: {notify: {endpoint: /notify, method: POST}}
            """;

    @TempDir
    Path directory;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-01T12:00:00Z"));

    private TestServer server(Databases databases) throws IOException, InterruptedException {
        Path registry = Files.writeString(directory.resolve("agent-registry.yaml"), REGISTRY);
        return TestServer.start(
                databases,
                directory,
                Map.of("registry", registry.toString(), "observe.local", "false", "watch.interval", "1m"),
                now::get);
    }

    private String snapshot(String host, Instant taken, String identity) throws IOException {
        Snapshot snapshot = new Snapshot(
                Snapshot.SCHEMA,
                new Snapshot.HostIdentity("id-of-" + host, host, null, "boot-1"),
                taken,
                "a test",
                Map.of(Source.PROBES, new Coverage.Complete(), Source.SOCKETS, new Coverage.Complete()),
                List.of(new Snapshot.Listener("tcp", "0.0.0.0", 18014, false, 1, 0, List.of(), "hidden")),
                List.of(),
                List.of(new Snapshot.Probe(
                        "hermes",
                        "http://10.0.0.5:18014/health",
                        18014,
                        "10.0.0.5",
                        new ProbeAnswer.Healthy(200, identity, 18014, null, "healthy", taken.getNano() % 7))));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new SnapshotJson().write(snapshot, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static Answer send(TestServer server, String token, String body) throws IOException, InterruptedException {
        return server.call("POST", "/api/v1/snapshots", body, Map.of("Authorization", "Bearer " + token));
    }

    @Test
    void whatAnObserverSawIsJudgedWithTheRest(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = server(databases)) {
            String token = server.token("observer");
            assertThat(send(server, token, snapshot("web-1", now.get(), "HERMES"))
                            .status())
                    .isEqualTo(201);
            assertThat(server.post("/scan", "").json().path("issues").findValuesAsString("check"))
                    .doesNotContain("identity-mismatch");
            assertThat(send(server, token, snapshot("web-1", now.get().plusSeconds(30), "STRANGER"))
                            .status())
                    .isEqualTo(201);
            now.updateAndGet(time -> time.plusSeconds(60));
            JsonNode report = server.post("/scan", "").json();
            assertThat(report.path("issues").findValuesAsString("id")).contains("identity-mismatch-hermes@web-1");
            assertThat(report.path("snapshots").findValuesAsString("host")).containsExactly("web-1");
            JsonNode host = server.get("/api/v1/hosts").json().path("items").get(0);
            assertThat(host.path("name").asString()).isEqualTo("web-1");
            assertThat(host.path("boot_id").asString()).isEqualTo("boot-1");
        }
    }

    @Test
    void whatChangedIsJudgedWithoutWaitingForTheNextCycle(Databases databases)
            throws IOException, InterruptedException {
        try (TestServer server = server(databases)) {
            String token = server.token("observer");
            send(server, token, snapshot("web-1", now.get(), "HERMES"));
            server.post("/scan", "");
            assertThat(send(server, token, snapshot("web-1", now.get().plusSeconds(30), "STRANGER"))
                            .status())
                    .isEqualTo(201);

            // The cycle is a minute, the bound far below it.
            long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (!server.get("/issues").body().contains("identity-mismatch-hermes@web-1")) {
                assertThat(System.nanoTime()).isLessThan(end);
            }
        }
    }

    @Test
    void anObserverIsToldWhatToLookAtOnItsHostOnly(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = server(databases)) {
            Path registry = directory.resolve("agent-registry.yaml");
            Map<String, String> bearer = Map.of("Authorization", "Bearer " + server.token("observer"));
            JsonNode plan =
                    server.call("GET", "/api/v1/observation", null, bearer).json();
            assertThat(plan.path("host").asString()).isEqualTo("web-1");
            assertThat(plan.path("declared").asInt()).isEqualTo(1);
            assertThat(plan.path("stale_after_seconds").asInt()).isEqualTo(180);
            assertThat(plan.path("probes").findValuesAsString("agent")).containsExactly("hermes");
            assertThat(plan.path("probes").get(0).path("address").asString()).isEqualTo("10.0.0.5");
            assertThat(plan.path("units").get(0).asString()).isEqualTo("hermes.service");

            Files.writeString(registry, REGISTRY.replace("host: web-1", "host: web-2"));
            assertThat(server.call("GET", "/api/v1/observation", null, bearer)
                            .json()
                            .path("probes"))
                    .isEmpty();
            Files.writeString(registry, "agents: [");
            Answer broken = server.call("GET", "/api/v1/observation", null, bearer);
            assertThat(broken.status()).isEqualTo(200);
            assertThat(broken.json().path("declared").asInt()).isZero();
        }
    }

    @Test
    void aSnapshotThatIsSentTwiceIsKeptOnce(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = server(databases)) {
            String token = server.token("observer");
            String snapshot = snapshot("web-1", now.get(), "HERMES");

            Answer first = send(server, token, snapshot);
            Answer again = send(server, token, snapshot);

            assertThat(again.status()).isEqualTo(201);
            assertThat(again.body()).isEqualTo(first.body());
        }
    }

    @Test
    void aHostThatFellSilentIsUnknownAndNotWell(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = server(databases)) {
            send(server, server.token("observer"), snapshot("web-1", now.get(), "STRANGER"));
            server.post("/scan", "");
            now.updateAndGet(time -> time.plus(Duration.ofMinutes(10)));
            JsonNode report = server.post("/scan", "").json();
            assertThat(report.path("unknowns").findValuesAsString("check")).contains("identity-mismatch");
            assertThat(server.get("/api/v1/integrity/issues?check=identity-mismatch")
                            .json()
                            .path("items")
                            .size())
                    .as("nobody looked, so nothing is resolved")
                    .isEqualTo(1);
        }
    }

    @Test
    void aLostHostIsOneIssueThatIsToldAndWhatIsFoundThereIsHeldBack(Databases databases)
            throws IOException, InterruptedException {
        String twin = """
                  twin:
                    name: TWIN
                    host: web-1
                    connection: {url: 'http://10.0.0.5:18014'}
                    actions: {notify: {endpoint: /notify, method: POST}}
                """;
        Path registry = Files.writeString(directory.resolve("agent-registry.yaml"), REGISTRY);
        Map<String, String> settings = Map.of(
                "registry",
                registry.toString(),
                "observe.local",
                "false",
                "watch.interval",
                "1m",
                "replicas.lease",
                "200ms",
                // The test asks until something has happened.
                "limits.requests_per_second",
                "0");
        try (TestServer server = TestServer.start(databases, directory, settings, now::get)) {
            String token = server.token("observer");
            send(server, token, snapshot("web-1", now.get(), "HERMES"));
            now.updateAndGet(time -> time.plus(Duration.ofMinutes(10)));
            look(server);
            JsonNode lost = awaitState(server, "new");
            assertThat(lost.path("id").asString()).isEqualTo("lost-host-web-1");
            assertThat(lost.path("severity").asString()).isEqualTo("critical");
            Files.writeString(registry, REGISTRY + twin);
            server.post("/scan", "");
            look(server);
            Map<String, String> states = new java.util.TreeMap<>();
            server.get("/api/v1/alerts")
                    .json()
                    .path("items")
                    .forEach(alert -> states.merge(
                            alert.path("issue").asString(), alert.path("state").asString(), (one, other) -> other));
            assertThat(states).containsEntry("lost-host-web-1", "queued");
            assertThat(states).containsEntry("port-conflict-18014@web-1", "held");

            send(server, token, snapshot("web-1", now.get(), "HERMES"));
            look(server);
            awaitState(server, "resolved");
            List<String> told = server.database()
                    .transaction(transaction -> transaction.list(
                            "SELECT data FROM stream_events WHERE type = 'host' ORDER BY id", row -> row.text("data")));
            assertThat(told).hasSize(3);
            assertThat(told.get(0)).contains("\"seen\"");
            assertThat(told.get(1)).contains("\"silent\"");
            assertThat(told.get(2)).contains("\"seen\"");
        }
    }

    /** The job is due now, by the database's clock. */
    private static void look(TestServer server) {
        server.database()
                .execute(transaction ->
                        transaction.update("UPDATE jobs SET next_due_at = clock_timestamp() WHERE name = 'hosts'"));
    }

    private static JsonNode awaitState(TestServer server, String state) throws IOException, InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (true) {
            JsonNode items = server.get("/api/v1/integrity/issues?check=lost-host&state=" + state)
                    .json()
                    .path("items");
            if (items.size() == 1) {
                return items.get(0);
            }
            assertThat(System.nanoTime()).isLessThan(end);
        }
    }

    @Test
    void anEqualSnapshotOnlyConfirmsTheOneBefore(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = server(databases)) {
            String token = server.token("observer");
            String first = send(server, token, snapshot("web-1", now.get(), "HERMES"))
                    .json()
                    .path("id")
                    .asString();
            Instant later = now.get().plusSeconds(30).plusNanos(3);
            assertThat(send(server, token, snapshot("web-1", later, "HERMES"))
                            .json()
                            .path("id")
                            .asString())
                    .isEqualTo(first);
            assertThat(send(server, token, snapshot("web-1", later.plusSeconds(1), "OTHER"))
                            .json()
                            .path("id")
                            .asString())
                    .isNotEqualTo(first);
        }
    }

    @Test
    void aTokenSpeaksForItsHostOnlyAndTimeRunsForward(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = server(databases)) {
            String token = server.token("observer");
            assertThat(send(server, token, snapshot("web-2", now.get(), "HERMES"))
                            .status())
                    .isEqualTo(403);
            assertThat(send(server, token, snapshot("web-1", now.get().plusSeconds(600), "HERMES"))
                            .status())
                    .isEqualTo(400);
            assertThat(send(server, token, snapshot("web-1", now.get().minusSeconds(86_400), "HERMES"))
                            .status())
                    .isEqualTo(400);
            assertThat(send(server, token, snapshot("web-1", now.get(), "HERMES"))
                            .status())
                    .isEqualTo(201);
            assertThat(send(server, token, snapshot("web-1", now.get().minusSeconds(60), "OTHER"))
                            .code())
                    .isEqualTo("conflict");
            for (String body : List.of("{}", "[]", "{\"schema\": 99}", "{\"schema\": \"x\", \"host\": 5}")) {
                assertThat(send(server, token, body).status()).as(body).isEqualTo(400);
            }
            assertThat(server.get("/api/v1/hosts").json().path("items").size()).isEqualTo(1);
        }
    }
}
