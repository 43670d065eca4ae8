package dev.panoptes.server.processes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.TestServer;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What sensors tell of processes becomes what runs on the host. */
@ExtendWith(TestPostgres.class)
class ProcessesTest {
    private static final String STREAM = "7d7b4c3a-9e5f-4b2c-8d4e-5f606a1f2c9e";
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    @TempDir
    Path directory;

    private long sent;

    private static String event(String action, int pid, Instant at, String more) {
        return "{\"@timestamp\":\"" + at + "\",\"event\":{\"action\":\"" + action
                + "\",\"dataset\":\"panoptes.proc\"},\"process\":{\"pid\":" + pid + ",\"entity_id\":\"boot-" + pid
                + "\",\"name\":\"p" + pid + "\",\"start\":\"" + at + "\"" + more + "}}";
    }

    private static String usage(Instant at, double cpu, String pids, String largest) {
        return "{\"@timestamp\":\"" + at
                + "\",\"event\":{\"action\":\"host_usage\",\"dataset\":\"panoptes.proc\"},\"system\":{\"cpu_percent\":"
                + cpu + ",\"memory_bytes\":2048,\"memory_available_bytes\":1024,\"load_1m\":0.5,\"pids\":[" + pids
                + "],\"processes\":[" + largest + "]}}";
    }

    private void send(TestServer server, String token, String... events) throws IOException, InterruptedException {
        send(server, token, sent + 1, events);
        sent += events.length;
    }

    private void send(TestServer server, String token, long first, String... events)
            throws IOException, InterruptedException {
        TestServer.Answer answer = server.call(
                "POST",
                "/api/v1/telemetry",
                "{\"stream\":\"" + STREAM + "\",\"sensor\":\"proc\",\"first\":" + first + ",\"count\":" + events.length
                        + ",\"lost\":[]}\n" + String.join("\n", events) + "\n",
                Map.of("Authorization", "Bearer " + token, "Content-Type", "application/x-ndjson"));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    private static String token(TestServer server) throws IOException, InterruptedException {
        return server.call("POST", "/api/v1/tokens", "{\"name\":\"sensor\",\"role\":\"observer\",\"host\":\"web-1\"}")
                .json()
                .path("token")
                .asString();
    }

    private static JsonNode processes(TestServer server, String query) throws IOException, InterruptedException {
        return server.get("/api/v1/hosts/web-1/processes" + query).json();
    }

    private static List<Integer> pids(JsonNode answer) {
        List<Integer> pids = new ArrayList<>();
        answer.path("items").forEach(each -> pids.add(each.path("pid").asInt()));
        return pids;
    }

    @Test
    void whatStartedRunsUntilItEndsOrALookNoLongerFindsIt(Databases databases)
            throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, Map.of("observe.local", "false"))) {
            String token = token(server);
            send(
                    server,
                    token,
                    event("process_started", 1, NOW.minusSeconds(90), ",\"command_line\":\"init\""),
                    event(
                            "process_started",
                            7,
                            NOW.minusSeconds(80),
                            ",\"parent\":{\"pid\":1,\"entity_id\":\"boot-1\"}"),
                    event("process_started", 8, NOW.minusSeconds(70), ""),
                    event("process_started", 9, NOW.minusSeconds(60), ""));
            assertThat(pids(processes(server, ""))).containsExactly(1, 7, 8, 9);
            assertThat(processes(server, "").path("looked_at").isNull()).isTrue();

            send(
                    server,
                    token,
                    event("process_ended", 8, NOW.minusSeconds(40), ",\"exit_code\":137"),
                    usage(
                            NOW.minusSeconds(30),
                            12.5,
                            "1,7",
                            "{\"pid\":7,\"entity_id\":\"boot-7\",\"cpu_percent\":3.5,\"memory_bytes\":4096}"));
            JsonNode running = processes(server, "");
            assertThat(pids(running)).containsExactly(1, 7);
            assertThat(running.path("ended").asInt()).isEqualTo(2);
            JsonNode seven = running.path("items").get(1);
            assertThat(seven.path("parent_entity_id").asString()).isEqualTo("boot-1");
            assertThat(seven.path("cpu_percent").asDouble()).isEqualTo(3.5);
            assertThat(seven.path("memory_bytes").asLong()).isEqualTo(4096);
            JsonNode ended = processes(server, "?state=ended").path("items");
            assertThat(ended.get(0).path("pid").asInt()).isEqualTo(9);
            assertThat(ended.get(0).path("end_told").asBoolean()).isFalse();
            assertThat(ended.get(1).path("exit_code").asInt()).isEqualTo(137);
            assertThat(ended.get(1).path("end_told").asBoolean()).isTrue();
            assertThat(pids(processes(server, "?text=INIT"))).containsExactly(1);

            JsonNode used = server.get("/api/v1/hosts/web-1/usage").json().path("items");
            assertThat(used.size()).isEqualTo(1);
            assertThat(used.get(0).path("cpu_percent").asDouble()).isEqualTo(12.5);
            assertThat(used.get(0).path("memory_available_bytes").asLong()).isEqualTo(1024);
        }
    }

    @Test
    void anEndStaysAnEndWhateverComesAgainOrLate(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, Map.of("observe.local", "false"))) {
            String token = token(server);
            String started = event("process_started", 7, NOW.minusSeconds(80), "");
            send(server, token, started, event("process_ended", 7, NOW.minusSeconds(60), ",\"exit_code\":1"));
            // The batch comes again, with one event more: the sensor did not hear that it is stored.
            send(server, token, 1, started, started, event("process_started", 8, NOW.minusSeconds(50), ""));
            assertThat(pids(processes(server, ""))).containsExactly(8);
            // The pid is used again; nobody told the end of the first.
            send(
                    server,
                    token,
                    4,
                    event("process_started", 8, NOW.minusSeconds(20), "").replace("boot-8", "boot-8b"),
                    usage(NOW, 1, "8", ""));
            JsonNode running = processes(server, "");
            assertThat(pids(running)).containsExactly(8);
            assertThat(running.path("items").get(0).path("entity_id").asString())
                    .isEqualTo("boot-8b");
        }
    }

    @Test
    void whateverIsSentCanBeStored(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, Map.of("observe.local", "false"))) {
            String token = token(server);
            send(
                    server,
                    token,
                    event("process_started", 7, NOW, ",\"command_line\":\"a\\u0000b " + "x".repeat(5_000) + "\""),
                    event("process_started", 8, NOW, "")
                            .replace("\"start\":\"" + NOW, "\"start\":\"+900000000-01-01T00:00:00Z"),
                    event("process_started", 9, NOW, ",\"exit_code\":99999999999,\"parent\":{\"pid\":-4}"),
                    "{\"event\":{\"action\":\"process_started\",\"dataset\":\"panoptes.proc\"},\"process\":{\"pid\":5}}",
                    "{\"event\":{\"action\":\"host_usage\",\"dataset\":\"panoptes.proc\"},\"system\":{\"cpu_percent\":-1,"
                            + "\"memory_bytes\":\"much\",\"pids\":[\"x\",-1,99999999999],\"processes\":[1,{\"entity_id\":2}]}}");
            JsonNode running = processes(server, "");
            assertThat(pids(running)).containsExactlyInAnyOrder(7, 8, 9);
            assertThat(server.get("/api/v1/hosts/web-1/usage")
                            .json()
                            .path("items")
                            .get(0)
                            .path("cpu_percent")
                            .isNull())
                    .isTrue();
            assertThat(server.get("/api/v1/hosts/web-1/processes?state=all").status())
                    .isEqualTo(400);
            assertThat(server.get("/api/v1/hosts/nobody/processes")
                            .json()
                            .path("running")
                            .asInt())
                    .isZero();
        }
    }
}
