package dev.panoptes.server.configs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.TestServer;
import dev.panoptes.server.TestServer.Answer;
import dev.panoptes.server.agents.Enrolled;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Configurations: versions, schemas, and who was faster. */
@ExtendWith(TestPostgres.class)
class ConfigTest {
    private static final int WRITERS = 1_000;

    private static final String PATH = "/api/v1/agents/security-agent/config";
    private static final Map<String, String> SETTINGS =
            Map.of("limits.requests_per_second", "0", "observe.local", "false");

    @TempDir
    Path directory;

    @Test
    void whatWasPutIsReadAsItWasAndBothShapesAreTaken(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, SETTINGS)) {
            Enrolled agent = Enrolled.on(server, "security-agent");
            String body =
                    "{\"rules\":[{\"id\":\"x\",\"n\":1.50}],\"settings\":{\"b\":1,\"a\":null},\"limits\":{\"cpu\":90}}";
            Answer put = server.call("PUT", PATH, body);
            assertThat(put.header("ETag")).isEqualTo("\"1\"");
            Answer read = agent.call(server, "GET", PATH, null);
            assertThat(read.body()).isEqualTo(body.replace("1.50", "1.5"));
            assertThat(read.header("Config-Hash")).hasSize(64);

            assertThat(server.call("PUT", PATH, "{\"config\":{\"settings\":{\"c\":2}}}")
                            .status())
                    .isEqualTo(200);
            assertThat(agent.call(server, "GET", PATH, null).body())
                    .isEqualTo("{\"rules\":[],\"settings\":{\"c\":2},\"limits\":{}}");

            server.post("/api/v1/agents", "{\"name\":\"probe\",\"agent_type\":\"network\"}");
            server.call("PUT", "/api/v1/agents/probe/config", "{\"config\":{\"anything\":{\"goes\":[1]}}}");
            JsonNode older = server.get("/api/v1/agents/probe/config").json();
            assertThat(older.path("config").toString()).isEqualTo("{\"anything\":{\"goes\":[1]}}");
            assertThat(older.path("version").asInt()).isEqualTo(1);
            assertThat(older.path("agent_metadata").path("name").asString()).isEqualTo("probe");
        }
    }

    @Test
    void whatDoesNotFitTheSchemaIsRefusedWithEveryPointerAndNeverStored(Databases databases)
            throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, SETTINGS)) {
            Enrolled agent = Enrolled.on(server, "security-agent");
            assertThat(server.call("PUT", "/api/v1/config-schemas/Security_Agent", """
                {"type": "object", "properties": {"settings": {"type": "object", "required": ["interval"],
                 "properties": {"interval": {"type": "integer"}, "mode": {"enum": ["a", "b"]}}}}}
                """)
                            .status())
                    .isEqualTo(200);
            Answer refused = server.call("PUT", PATH, "{\"settings\": {\"interval\": \"x\", \"mode\": \"c\"}}");
            assertThat(refused.status()).isEqualTo(422);
            List<String> pointers = new ArrayList<>();
            refused.json()
                    .path("errors")
                    .forEach(error -> pointers.add(error.path("pointer").asString()));
            assertThat(pointers).containsExactlyInAnyOrder("/settings/interval", "/settings/mode");
            assertThat(agent.call(server, "GET", PATH, null).header("ETag")).isEqualTo("\"0\"");
            assertThat(server.call("PUT", PATH, "{\"settings\": {\"interval\": 5}}")
                            .status())
                    .isEqualTo(200);
            assertThat(server.call("PUT", "/api/v1/config-schemas/x", "{\"type\": \"nonsense\"}")
                            .status())
                    .isEqualTo(422);
            assertThat(server.call("PUT", "/api/v1/config-schemas/x", "{\"$ref\": \"#/nowhere\"}")
                            .status())
                    .isEqualTo(422);
        }
    }

    @Test
    void aStaleVersionIsRefusedAndAnEarlierOneComesBack(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, SETTINGS)) {
            Enrolled.on(server, "security-agent");
            assertThat(put(server, "{\"settings\":{\"n\":1}}", "\"0\"")).isEqualTo(200);
            assertThat(put(server, "{\"settings\":{\"n\":2}}", "\"0\"")).isEqualTo(412);
            assertThat(put(server, "{\"settings\":{\"n\":2}}", "\"1\"")).isEqualTo(200);
            assertThat(put(server, "{\"settings\":{\"n\":3}}", "\"never given\""))
                    .isEqualTo(412);

            JsonNode diff = server.get(PATH + "/diff").json();
            assertThat(diff.path("changes").toString())
                    .isEqualTo("[{\"pointer\":\"/settings/n\",\"before\":1,\"after\":2}]");
            assertThat(server.post(PATH + "/rollback", "{}").header("ETag")).isEqualTo("\"3\"");
            assertThat(server.get(PATH).json().path("settings").path("n").asInt())
                    .isEqualTo(1);
            assertThat(server.post(PATH + "/rollback", "{\"version\": 9}").status())
                    .isEqualTo(404);
            JsonNode history = server.get(PATH + "/history").json().path("items");
            assertThat(history.get(0).path("cause").asString()).isEqualTo("back to version 1");
            assertThat(history.size()).isEqualTo(3);
        }
    }

    private static int put(TestServer server, String body, String match) throws IOException, InterruptedException {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Authorization", "Bearer " + server.adminToken());
        headers.put("If-Match", match);
        return server.call("PUT", PATH, body, headers).status();
    }

    /** As a client that takes "not now, nothing was changed" for what it is. */
    private static Answer untilAnswered(TestServer server, String body) throws IOException, InterruptedException {
        long end = System.nanoTime() + Duration.ofMinutes(5).toNanos();
        while (true) {
            Answer answer = server.call("PUT", PATH, body);
            if ((answer.status() != 503 && answer.status() != 429) || System.nanoTime() > end) {
                return answer;
            }
            LockSupport.parkNanos(Duration.ofSeconds(Long.parseLong(answer.header("Retry-After")))
                    .toNanos());
        }
    }

    @Test
    void writersAtTheSameTimeMakeOneHistoryWithoutGaps(Databases databases)
            throws IOException, InterruptedException, ExecutionException {
        try (TestServer server = TestServer.start(databases, directory, SETTINGS);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Enrolled agent = Enrolled.on(server, "security-agent");
            List<Future<Answer>> calls = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                String body = "{\"settings\":{\"n\":" + i + "}}";
                calls.add(threads.submit(() -> untilAnswered(server, body)));
            }
            for (Future<Answer> call : calls) {
                Answer answer = call.get();
                assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            }
            List<Integer> versions = server.database()
                    .transaction(transaction -> transaction.list(
                            "SELECT version FROM agent_configs WHERE agent_id = ? ORDER BY version",
                            row -> row.integer("version"),
                            agent.id()));
            assertThat(versions)
                    .containsExactlyElementsOf(
                            IntStream.rangeClosed(1, WRITERS).boxed().toList());
        }
    }
}
