package dev.panoptes.server.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.panoptes.server.TestServer;
import dev.panoptes.server.agents.Enrolled;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import dev.panoptes.server.telemetry.SentEvents;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Original agents that speak NATS only, with a real nats-server. */
@ExtendWith(TestPostgres.class)
@SuppressWarnings("try") // being interrupted while one of them is closed ends the test, which is right
class BusTest {
    @TempDir
    Path directory;

    private Path program;

    @BeforeEach
    void program() {
        var found = NatsServer.program();
        assumeTrue(found.isPresent(), "needs nats-server, which .mvn/test-tools fetches from Debian's package");
        program = found.get();
    }

    private NatsServer nats() throws IOException, InterruptedException {
        return NatsServer.start(program, Files.createDirectories(directory.resolve("nats")));
    }

    private TestServer start(Databases databases, NatsServer nats) throws IOException, InterruptedException {
        Path registry = Files.writeString(directory.resolve("agent-registry.yaml"), "version: '1.0'\nagents: {}\n");
        return TestServer.start(
                databases,
                directory,
                Map.of(
                        "nats.url",
                        nats.url(),
                        "registry",
                        registry.toString(),
                        "observe.local",
                        "false",
                        "limits.requests_per_second",
                        "0"));
    }

    @Test
    void whoAnswersIsListedUnverifiedUntilAnOperatorAcceptsIt(Databases databases)
            throws IOException, InterruptedException, TimeoutException {
        try (NatsServer nats = nats();
                TestServer server = start(databases, nats);
                Connection client = nats.client()) {
            Enrolled enrolled = Enrolled.with(
                    server, Enrolled.enrollmentToken(server), "{\"name\": \"hermes\", \"id\": \"hermes-0001\"}");
            Queue<String> asked = new ConcurrentLinkedQueue<>();
            client.createDispatcher(message -> asked.add(new String(message.getData(), StandardCharsets.UTF_8)))
                    .subscribe("agent.discovery");
            answering(client, "probe-0001", 1);
            answering(client, enrolled.id(), 1);
            answering(client, "twin-00001", 2);
            answering(client, "bad id", 1);
            await(() -> server.post("/api/v1/agents/discover", "").status() == 201);
            await(() -> server.get("/api/v1/agents/probe-0001").status() == 200
                    && server.get("/api/v1/agents/twin-00001")
                            .json()
                            .path("cloned_at")
                            .isString());

            assertThat(asked)
                    .allSatisfy(request -> assertThat(request)
                            .matches("\\{\"timestamp\":\"[^\"]+\",\"type\":\"discovery_request\"}"
                                    + "|\\{\"type\":\"discovery_request\",\"timestamp\":\"[^\"]+\"}"));
            // What no program of that family speaks is no heartbeat of anybody.
            for (String subject : List.of("agent.heartbeat", "opmas.heartbeat.probe", "opmas.control.probe")) {
                client.publish(subject, "{\"agent_id\": \"hermes-0001\"}".getBytes(StandardCharsets.UTF_8));
            }
            client.flush(Duration.ofSeconds(5));

            JsonNode probe = server.get("/api/v1/agents/probe-0001").json();
            assertThat(probe.path("origin").asString()).isEqualTo("nats");
            assertThat(probe.path("unverified").asBoolean()).isTrue();
            assertThat(probe.path("status").asString()).isEqualTo("active");
            assertThat(server.get("/api/v1/agents/hermes")
                            .json()
                            .path("last_seen")
                            .isNull())
                    .isTrue();
            server.post("/scan", "");
            await(() -> {
                server.post("/scan", "");
                return server.get("/api/v1/integrity/issues").body().contains("identity-proof-hermes");
            });
            assertThat(server.post("/api/v1/agents/probe-0001/accept", "{}")
                            .json()
                            .path("unverified")
                            .asBoolean())
                    .isFalse();
            assertThat(server.get("/api/v1/agents").json().path("total").asInt())
                    .isEqualTo(3);
        }
    }

    /** An original agent: silent until it is asked. @param times it answers each request */
    private static void answering(Connection client, String id, int times) {
        Dispatcher dispatcher = client.createDispatcher(_ -> {
            for (int i = 0; i < times; i++) {
                client.publish(
                        "agent.discovery.response",
                        ("{\"agent_id\": \"" + id + "\", \"agent_type\": \"wifi\", \"status\": \"active\","
                                        + " \"timestamp\": \"2026-03-01T06:00:00.123456\"}")
                                .getBytes(StandardCharsets.UTF_8));
            }
        });
        dispatcher.subscribe("agent.discovery");
    }

    @Test
    void findingsOfBothShapesAreKeptOnceAlsoWhenTheyCameWhileNobodyListened(Databases databases)
            throws IOException, InterruptedException, TimeoutException {
        try (NatsServer nats = nats();
                TestServer server = start(databases, nats)) {
            Enrolled.on(server, "wifi-agent");
            await(() -> server.get("/api/v1/health/system")
                    .json()
                    .path("infrastructure")
                    .path("eventbus")
                    .asString("")
                    .matches("healthy|running"));
            try (Connection client = nats.client()) {
                for (int i = 0; i < 3; i++) {
                    client.publish("findings.security", """
                        {"finding_id": "f-1", "agent_id": "probe-0001", "agent_type": "security", "severity": "ERROR",
                         "title": "Brute force", "description": "x", "source": "sshd", "details": {"n": 3},
                         "timestamp": "2026-03-01T06:00:00", "remediation": "block", "references": []}
                        """.getBytes(StandardCharsets.UTF_8));
                    client.publish("findings.wifi", """
                        {"finding_id": "f-2", "agent_name": "wifi-agent", "finding_ts_utc": "2026-03-01T06:00:00Z",
                         "device_hostname": "ap-1", "device_ip": "10.0.0.9", "severity": "Warning",
                         "finding_type": "rogue_ap", "description": "a\\u0000b", "details": {}, "evidence_event_ids": ["e"]}
                        """.getBytes(StandardCharsets.UTF_8));
                    client.publish("findings.wifi", "no JSON".getBytes(StandardCharsets.UTF_8));
                    client.publish("findings.wifi", "[1]".getBytes(StandardCharsets.UTF_8));
                }
                client.flush(Duration.ofSeconds(5));
            }
            await(() -> server.get("/api/v1/findings").json().path("total").asInt() == 2);

            nats.kill();
            nats.again();
            try (Connection client = nats.client()) {
                client.publish(
                        "findings.security",
                        "{\"finding_id\": \"f-3\", \"agent_id\": \"probe-0001\", \"severity\": \"low\", \"title\": \"y\"}"
                                .getBytes(StandardCharsets.UTF_8));
                client.flush(Duration.ofSeconds(5));
            }
            await(() -> server.get("/api/v1/findings").json().path("total").asInt() == 3);
            JsonNode wifi = server.get("/api/v1/findings?type=rogue_ap")
                    .json()
                    .path("items")
                    .get(0);
            assertThat(wifi.path("severity").asString()).isEqualTo("medium");
            assertThat(wifi.path("agent_name").asString()).isEqualTo("wifi-agent");
            assertThat(wifi.path("agent_id").isString()).isTrue();
            assertThat(wifi.path("device_id").asString()).isEqualTo("ap-1");
            assertThat(wifi.path("unverified").asBoolean()).isTrue();
            assertThat(server.get("/api/v1/findings?severity=high")
                            .json()
                            .path("total")
                            .asInt())
                    .isEqualTo(1);
        }
    }

    @Test
    void othersAreToldOfAgentsRulesAndTheServerAndAskHowItIs(Databases databases)
            throws IOException, InterruptedException, TimeoutException {
        try (NatsServer nats = nats();
                Connection client = nats.client()) {
            Queue<String> told = new ConcurrentLinkedQueue<>();
            Dispatcher all = client.createDispatcher(message -> told.add(message.getSubject()));
            for (String subject : List.of(
                    "agent.>",
                    "configurations.>",
                    "rules.>",
                    "playbooks.>",
                    "logs.>",
                    "system.started",
                    "system.stopped")) {
                all.subscribe(subject);
            }
            client.flush(Duration.ofSeconds(5));
            try (TestServer server = start(databases, nats)) {
                await(() -> {
                    Message status = client.request("system.status", new byte[0], Duration.ofMillis(500));
                    String answer = status == null ? "" : new String(status.getData(), StandardCharsets.UTF_8);
                    return answer.contains("\"status\":\"running\"") && answer.contains("\"timestamp\":\"");
                });
                await(() -> server.database()
                        .transaction(transaction -> transaction.one(
                                "SELECT published_id IS NOT NULL AS known FROM agent_watch",
                                row -> row.bool("known"))));
                Enrolled agent = Enrolled.on(server, "hermes");
                agent.beat(server, "{}");
                put(server, "{\"settings\": {\"a\": 1}}");
                await(() -> told.contains("configurations.created"));
                assertThat(told).as("its rules are as before").doesNotContain("agent.rule.updated");
                put(server, "{\"rules\": [{\"id\": \"r1\"}]}");
                await(() -> told.contains("configurations.updated") && told.contains("agent.rule.updated"));
                assertThat(told).doesNotContain("agent.updated");
                server.call("PUT", "/api/v1/auth/permissions/hermes", "{\"permissions\": [\"read_logs\"]}");
                await(() -> told.contains("agent.updated"));
                Path rule =
                        Files.createDirectories(directory.resolve("rules.d")).resolve("own.yaml");
                Files.writeString(rule, """
                    title: Own
                    id: 6f9f7c0a-6f0e-4f5b-9f2e-0d6f6c1f2a11
                    name: own_rule
                    logsource: {category: process_creation, product: linux}
                    detection: {selection: {Image|endswith: /own}, condition: selection}
                    level: low
                    """);
                await(() -> {
                    server.get("/api/v1/rules");
                    return told.contains("rules.updated");
                });
                server.call("DELETE", "/api/v1/agents/hermes", null);
                await(() -> told.containsAll(
                        List.of("agent.created", "agent.status." + agent.id(), "agent.deleted", "system.started")));
                assertThat(told).doesNotContain("system.stopped");
                Queue<String> ingested = new ConcurrentLinkedQueue<>();
                client.createDispatcher(message -> ingested.add(new String(message.getData(), StandardCharsets.UTF_8)))
                        .subscribe("logs.ingested");
                client.flush(Duration.ofSeconds(5));
                SentEvents.one(server);
                await(() -> !ingested.isEmpty());
                assertThat(ingested.peek().replaceAll("\"timestamp\":\"[^\"]*\"", "\"timestamp\":\"\""))
                        .isEqualTo("{\"host\":\"sensor-1\",\"source\":\"auth\",\"count\":1,\"timestamp\":\"\"}");
            }
            await(() -> told.contains("system.stopped"));
            assertThat(told)
                    .noneMatch(subject -> subject.startsWith("playbooks.")
                            || (subject.startsWith("logs.") && !subject.equals("logs.ingested")));
            assertThat(told.stream().filter(subject -> subject.equals("logs.ingested")))
                    .as("the one event is told once")
                    .hasSize(1);
        }
    }

    private static void put(TestServer server, String config) throws IOException, InterruptedException {
        assertThat(server.call("PUT", "/api/v1/agents/hermes/config", config).status())
                .isEqualTo(200);
    }

    private static void await(Callable<Boolean> condition) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(40).toNanos();
        Exception last = null;
        while (System.nanoTime() < end) {
            try {
                if (condition.call()) {
                    return;
                }
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                last = e;
            }
            LockSupport.parkNanos(50_000_000);
        }
        throw new AssertionError("it never came true", last);
    }
}
