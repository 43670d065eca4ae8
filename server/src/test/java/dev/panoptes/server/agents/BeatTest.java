package dev.panoptes.server.agents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.TestServer;
import dev.panoptes.server.TestServer.Answer;
import dev.panoptes.server.storage.DatabaseAddress;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Heartbeats, and what follows from them. */
@ExtendWith(TestPostgres.class)
class BeatTest {
    private static final Map<String, String> SETTINGS =
            Map.of("limits.requests_per_second", "0", "observe.local", "false");

    @TempDir
    Path directory;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-01T06:00:00Z"));

    private void after(long seconds) {
        now.set(now.get().plusSeconds(seconds));
    }

    @Test
    void aLimitIsViolatedFoundAndFoundToEnd(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, SETTINGS, now::get)) {
            Enrolled agent = Enrolled.on(server, "one");
            Answer over = agent.beat(server, "{\"resources\": {\"cpu\": 93, \"memory\": 80, \"gpu\": 100.5}}");
            assertThat(over.json().path("violations").size()).isEqualTo(2);
            agent.beat(server, "{\"resources\": {\"cpu\": 95, \"memory\": 80, \"gpu\": 100.5}}");

            JsonNode findings = server.get("/api/v1/findings?type=resource_limit&status=NEW")
                    .json();
            assertThat(findings.path("total").asInt()).isEqualTo(2);
            JsonNode status = server.get("/api/v1/agents/one/status").json();
            assertThat(status.path("health").asString()).isEqualTo("unhealthy");
            assertThat(status.path("status").asString()).isEqualTo("running");
            assertThat(server.get("/api/v1/health/one").json().path("status").asString())
                    .isEqualTo("healthy");

            assertThat(agent.beat(server, "{\"resources\": {\"cpu\": 80}}")
                            .json()
                            .path("violations")
                            .size())
                    .isZero();
            assertThat(server.get("/api/v1/findings?status=RESOLVED")
                            .json()
                            .path("total")
                            .asInt())
                    .isEqualTo(2);
            assertThat(server.get("/api/v1/agents/one/status")
                            .json()
                            .path("health")
                            .asString())
                    .isEqualTo("healthy");

            // Who says nothing of resources, such as when a configuration is applied, is still above its limits.
            agent.beat(server, "{\"resources\": {\"cpu\": 90, \"memory\": 5}}");
            assertThat(agent.beat(server, "{\"config_state\": \"APPLIED\"}")
                            .json()
                            .path("violations")
                            .size())
                    .isEqualTo(1);
            assertThat(server.get("/api/v1/agents/one/status")
                            .json()
                            .path("resources")
                            .toString())
                    .isEqualTo("{\"cpu\":90.0,\"memory\":5.0}");
            assertThat(agent.beat(server, "{\"status\": \"stopped\"}")
                            .json()
                            .path("violations")
                            .size())
                    .as("who has stopped uses nothing")
                    .isZero();

            // A limit of its own, which counts also for what was said before.
            agent.beat(server, "{\"resources\": {\"cpu\": 90}}");
            server.call("PUT", "/api/v1/agents/one/config", "{\"limits\": {\"cpu\": 95}}");
            assertThat(agent.beat(server, "{}").json().path("violations").size())
                    .isZero();
            server.call("PUT", "/api/v1/agents/one/config", "{\"limits\": {\"cpu\": 50, \"network\": 10}}");
            assertThat(agent.beat(server, "{\"resources\": {\"cpu\": 51, \"network\": 10}}")
                            .json()
                            .path("violations")
                            .size())
                    .isEqualTo(1);
        }
    }

    @Test
    void aKeyThatBeatsFromTwoPlacesInTurnIsTheThirdTimeACloneAndARestartIsNone(Databases databases)
            throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, SETTINGS, now::get)) {
            Enrolled agent = Enrolled.on(server, "one");
            String here = "{\"host\": \"web-1\", \"boot_id\": \"b1\"}";
            String there = "{\"host\": \"web-2\", \"boot_id\": \"b2\"}";
            agent.beat(server, here);
            after(30);
            agent.beat(server, there);
            after(30);
            agent.beat(server, there);
            assertThat(cloned(server)).isNull();
            agent.beat(server, here);
            assertThat(cloned(server)).isEqualTo("2026-03-01T06:01:00Z");

            Enrolled moved = Enrolled.on(server, "two");
            moved.beat(server, here);
            after(30);
            moved.beat(server, "{\"host\": \"web-1\", \"boot_id\": \"b3\"}");
            after(3_000);
            moved.again(server).beat(server, there);
            after(3_000);
            moved.again(server).beat(server, here);
            assertThat(server.get("/api/v1/agents/two").json().path("cloned_at").isNull())
                    .isTrue();
        }
    }

    private static String cloned(TestServer server) throws IOException, InterruptedException {
        JsonNode at = server.get("/api/v1/agents/one").json().path("cloned_at");
        return at.isNull() ? null : at.asString();
    }

    @Test
    void whoDoesNotBeatIsLostButNotForTheServersOwnAbsence(Databases databases)
            throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, SETTINGS, now::get)) {
            Enrolled agent = Enrolled.on(server, "one");
            watch(server);
            agent.beat(server, "{}");
            assertThat(state(server)).isEqualTo("active");
            for (int i = 0; i < 7; i++) {
                after(45);
                watch(server);
            }
            assertThat(state(server)).isEqualTo("offline");
            assertThat(server.get("/api/v1/agents?status=offline")
                            .json()
                            .path("total")
                            .asInt())
                    .isEqualTo(1);
            assertThat(server.get("/api/v1/agents/one/status")
                            .json()
                            .path("status")
                            .asString())
                    .isEqualTo("unknown");
            agent.beat(server, "{}");
            assertThat(state(server)).isEqualTo("active");

            // Nobody listened for an hour.
            after(3_600);
            watch(server);
            assertThat(state(server)).isEqualTo("unknown");
            assertThat(server.get("/api/v1/health/one").json().path("status").asString())
                    .isEqualTo("unknown");
            after(45);
            agent.again(server).beat(server, "{\"status\": \"stopped\"}");
            for (int i = 0; i < 8; i++) {
                after(45);
                watch(server);
            }
            assertThat(server.get("/api/v1/agents/one/status")
                            .json()
                            .path("status")
                            .asString())
                    .isEqualTo("stopped");
        }
    }

    private void watch(TestServer server) {
        server.database()
                .execute(transaction ->
                        new BeatStore().watched(transaction, now.get(), java.time.Duration.ofSeconds(60)));
    }

    private static String state(TestServer server) throws IOException, InterruptedException {
        return server.get("/api/v1/agents/one").json().path("status").asString();
    }

    @Test
    void manyBeatsAtTheSameTimeAreAllStoredOnce(Databases databases)
            throws IOException, InterruptedException, ExecutionException {
        try (TestServer server = TestServer.start(databases, directory, SETTINGS);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            String enrollment = Enrolled.enrollmentToken(server);
            List<Enrolled> agents = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                agents.add(Enrolled.with(server, enrollment, "{\"agent_name\": \"a" + i + "\"}"));
            }
            List<Future<Integer>> calls = new ArrayList<>();
            for (int i = 0; i < 25; i++) {
                for (Enrolled agent : agents) {
                    calls.add(threads.submit(() ->
                            agent.beat(server, "{\"resources\": {\"cpu\": 1}}").status()));
                }
            }
            for (Future<Integer> call : calls) {
                assertThat(call.get()).isEqualTo(200);
            }
            List<Long> beats = server.database()
                    .transaction(transaction ->
                            transaction.list("SELECT beats FROM agent_beats", row -> row.bigint("beats")));
            assertThat(beats).hasSize(20).containsOnly(25L);
        }
    }

    @Test
    void twoReplicasThatTakeTheSameKeysAtOnceCountEveryBeatOnce(Databases databases)
            throws IOException, InterruptedException, ExecutionException {
        DatabaseAddress address = databases.freshAddress();
        try (TestServer one = TestServer.start(databases, address, directory.resolve("one"), SETTINGS, null);
                TestServer other = TestServer.start(databases, address, directory.resolve("other"), SETTINGS, null);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            String enrollment = Enrolled.enrollmentToken(one);
            List<Enrolled> agents = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                agents.add(Enrolled.with(one, enrollment, "{\"agent_name\": \"a" + i + "\"}"));
            }
            List<Future<Integer>> calls = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                // Usual beats and such that change what is known of an agent go other ways to the same rows.
                String status = i % 4 == 3 ? "maintenance" : "running";
                for (Enrolled agent : i % 2 == 0 ? agents : agents.reversed()) {
                    for (TestServer server : List.of(one, other)) {
                        calls.add(threads.submit(() -> agent.beat(server, "{\"status\": \"" + status + "\"}")
                                .status()));
                    }
                }
            }
            for (Future<Integer> call : calls) {
                assertThat(call.get()).isEqualTo(200);
            }
            List<Long> beats = one.database()
                    .transaction(transaction ->
                            transaction.list("SELECT beats FROM agent_beats", row -> row.bigint("beats")));
            assertThat(beats).hasSize(40).containsOnly(16L);
            long deadlocks = one.database()
                    .transaction(transaction -> transaction.one(
                            "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()",
                            row -> row.bigint("deadlocks")));
            assertThat(deadlocks).isZero();
        }
    }

    @Test
    void aBeatOfWhoIsEnrolledNoMoreIsRefusedHoweverItIsWrittenAndLeavesNothing(Databases databases)
            throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, Map.of("observe.local", "false"))) {
            Enrolled agent = Enrolled.on(server, "one");
            agent.beat(server, "{}");
            assertThat(agent.call(server, "POST", "/api/v1/agents/one/heartbeat", "{}")
                            .status())
                    .as("by its name")
                    .isEqualTo(200);
            Enrolled other = Enrolled.on(server, "two");
            other.beat(server, "{}");
            assertThat(agent.call(server, "POST", "/api/v1/agents/two/heartbeat", "{}")
                            .status())
                    .isEqualTo(403);
            assertThat(server.call("DELETE", "/api/v1/agents/" + agent.id(), null)
                            .status())
                    .isEqualTo(204);
            for (String path : List.of(agent.id(), "one", other.id(), "two")) {
                for (String body : List.of("{}", "[]", "{\"status\": \"stopped\"}")) {
                    assertThat(agent.call(server, "POST", "/api/v1/agents/" + path + "/heartbeat", body)
                                    .status())
                            .as(path + " " + body)
                            // Whoever goes on is refused unseen.
                            .isIn(401, path.equals(agent.id()) ? 401 : 429);
                }
            }
            assertThat(beats(server, agent.id())).isEqualTo(2);
            assertThat(other.beat(server, "{}").status()).isEqualTo(200);
        }
    }

    private static long beats(TestServer server, String id) {
        return server.database()
                .transaction(transaction -> transaction.one(
                        "SELECT beats FROM agent_beats WHERE agent_id = ?", row -> row.bigint("beats"), id));
    }

    @Test
    void beatsThatCannotBeStoredAreToldSoAndTheOthersCountOnce(Databases databases)
            throws IOException, InterruptedException, ExecutionException {
        try (TestServer server = TestServer.start(databases, directory, SETTINGS);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            String enrollment = Enrolled.enrollmentToken(server);
            List<Enrolled> agents = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                agents.add(Enrolled.with(server, enrollment, "{\"agent_name\": \"a" + i + "\"}"));
                agents.getLast().beat(server, "{}");
            }
            // What changes with a beat of the first of them cannot be written.
            server.database()
                    .execute(transaction -> transaction.update("ALTER TABLE changes ADD CONSTRAINT planted CHECK"
                            + " (subject <> '" + agents.getFirst().id() + "' OR kind <> 'agent') NOT VALID"));
            List<Future<Integer>> calls = new ArrayList<>();
            for (Enrolled agent : agents) {
                String word = agents.indexOf(agent) < 3 ? "maintenance" : "running";
                calls.add(threads.submit(() ->
                        agent.beat(server, "{\"status\": \"" + word + "\"}").status()));
            }
            for (Future<Integer> call : calls) {
                assertThat(call.get()).isEqualTo(call.equals(calls.getFirst()) ? 500 : 200);
            }
            for (Enrolled agent : agents) {
                assertThat(beats(server, agent.id())).isEqualTo(agent.equals(agents.getFirst()) ? 1 : 2);
            }
        }
    }

    @Test
    void figuresAreKeptOnceByTheirTimeAndTheLatestIsToldOfEach(Databases databases)
            throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, SETTINGS)) {
            Enrolled agent = Enrolled.on(server, "one");
            String path = "/api/v1/metrics/" + agent.id();
            String time = Instant.now().minusSeconds(60).toString();
            String first = "{\"events_processed\": 900, \"errors\": 5, \"timestamp\": \"" + time + "\"}";
            for (String body : List.of(first, first, "{\"metrics\": {\"events_processed\": 1000}}")) {
                assertThat(agent.call(server, "POST", path, body).status()).isEqualTo(201);
            }
            JsonNode seen = agent.call(server, "GET", path + "?range=1h", null).json();
            assertThat(seen.path("events_processed").asInt()).isEqualTo(1000);
            assertThat(seen.path("errors").asInt()).isEqualTo(5);
            assertThat(seen.path("series").path("errors").size()).isEqualTo(1);
            assertThat(agent.call(server, "POST", path, "{\"a\": \"b\"}").status())
                    .isEqualTo(400);
            assertThat(agent.call(server, "POST", path, "{}").status()).isEqualTo(400);
            assertThat(server.get(path + "?range=31d").status()).isEqualTo(400);
        }
    }
}
