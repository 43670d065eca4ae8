package dev.panoptes.server.agents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.TestServer;
import dev.panoptes.server.TestServer.Answer;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A configuration goes to some, then to more, and back where it fails. */
@ExtendWith(TestPostgres.class)
class RolloutTest {
    private static final Map<String, String> SETTINGS =
            Map.of("limits.requests_per_second", "0", "observe.local", "false");

    @TempDir
    Path directory;

    private final List<Enrolled> agents = new ArrayList<>();

    @Test
    void itGoesOnWhenEveryInstanceOfAStageHasAppliedIt(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, SETTINGS)) {
            String id = begin(server);
            assertThat(configured(server)).isEqualTo(1);
            assertThat(server.call("PUT", "/api/v1/agents/" + agents.getFirst().id() + "/config?stages=100", "{}")
                            .status())
                    .isEqualTo(409);
            for (int stage = 0; stage < 3; stage++) {
                int wanted = List.of(1, 2, 4).get(stage);
                await(() -> configured(server) == wanted);
                say(server, "APPLIED");
            }
            await(() -> rollout(server, id).path("state").asString().equals("done"));
            assertThat(rollout(server, id).path("applied").asInt()).isEqualTo(4);
        }
    }

    @Test
    void itGoesBackWhereOneFailsAndWhereItIsCancelled(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, SETTINGS)) {
            String id = begin(server);
            await(() -> configured(server) == 1);
            say(server, "APPLIED");
            await(() -> configured(server) == 2);
            say(server, "FAILED");
            await(() -> rollout(server, id).path("state").asString().equals("failed"));
            assertThat(rollout(server, id).path("reason").asString()).contains("no such rule");
            assertThat(configured(server)).isZero();

            String second = started(server).json().path("id").asString();
            assertThat(configured(server)).isEqualTo(1);
            assertThat(server.post("/api/v1/rollouts/" + second + "/cancel", "")
                            .json()
                            .path("state")
                            .asString())
                    .isEqualTo("cancelled");
            assertThat(configured(server)).isZero();
        }
    }

    /** Two instances of the last stage are refused what their schema does not allow any more; it goes back once. */
    @Test
    void itGoesBackOnceWhereTheSchemaChangesMeanwhile(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, SETTINGS)) {
            String id = begin(server);
            await(() -> configured(server) == 1);
            say(server, "APPLIED");
            await(() -> configured(server) == 2);
            Answer schema = server.call(
                    "PUT",
                    "/api/v1/config-schemas/hermes",
                    "{\"type\": \"object\", \"properties\": {\"settings\": {\"not\": {\"required\": [\"mark\"]}}}}");
            assertThat(schema.status()).as(schema.body()).isLessThan(300);
            say(server, "APPLIED");
            await(() -> rollout(server, id).path("state").asString().equals("failed"));

            assertThat(rollout(server, id).path("reason").asString()).isEqualTo("its schema changed meanwhile");
            assertThat(configured(server)).isZero();
            int versions = 0;
            for (Enrolled agent : agents) {
                versions += server.get("/api/v1/agents/" + agent.id() + "/config/history")
                        .json()
                        .path("items")
                        .size();
            }
            assertThat(versions)
                    .as("two instances got it and got back what was before")
                    .isEqualTo(4);
        }
    }

    private String begin(TestServer server) throws IOException, InterruptedException {
        String enrollment = Enrolled.enrollmentToken(server);
        for (int i = 0; i < 4; i++) {
            Enrolled agent = Enrolled.with(server, enrollment, "{\"name\": \"hermes\"}");
            agent.beat(server, "{}");
            agents.add(agent);
        }
        return started(server).json().path("id").asString();
    }

    private Answer started(TestServer server) throws IOException, InterruptedException {
        Answer answer = server.call(
                "PUT",
                "/api/v1/agents/" + agents.getFirst().id() + "/config?stages=1,50,100",
                "{\"settings\": {\"mark\": 1}}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        return answer;
    }

    /** How many instances have the new configuration to run. */
    private int configured(TestServer server) throws IOException, InterruptedException {
        int count = 0;
        for (Enrolled agent : agents) {
            count += agent.call(server, "GET", "/api/v1/agents/" + agent.id() + "/config", null)
                            .body()
                            .contains("mark")
                    ? 1
                    : 0;
        }
        return count;
    }

    private void say(TestServer server, String state) throws IOException, InterruptedException {
        for (Enrolled agent : agents) {
            String version = agent.call(server, "GET", "/api/v1/agents/" + agent.id() + "/config", null)
                    .header("Config-Version");
            agent.beat(
                    server,
                    "{\"config_version\": " + version + ", \"config_state\": \"" + state
                            + "\", \"config_error\": \"no such rule\"}");
        }
    }

    private static JsonNode rollout(TestServer server, String id) throws IOException, InterruptedException {
        return server.get("/api/v1/rollouts/" + id).json();
    }

    private interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    private static void await(Condition condition) throws IOException, InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(40).toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("it never came true").isLessThan(end);
            LockSupport.parkNanos(50_000_000);
        }
    }
}
