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
import tools.jackson.databind.JsonNode;

/** Clocks that are wrong, of agents and of the server: when something came is when the server got it. */
@ExtendWith(TestPostgres.class)
class ClocksTest {
    private static final Duration HOUR = Duration.ofHours(1);
    /** The server looks so often whether it can hear; lost is who was not heard for five minutes. */
    private static final int LOOK = 45;

    @TempDir
    Path directory;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-01T06:00:00Z"));

    private TestServer start(Databases databases) throws IOException, InterruptedException {
        Path registry = Files.writeString(directory.resolve("agent-registry.yaml"), "version: '1.0'\nagents: {}\n");
        return TestServer.start(
                databases,
                directory,
                Map.of("registry", registry.toString(), "observe.local", "false", "limits.requests_per_second", "0"),
                now::get);
    }

    private void watch(TestServer server) {
        server.database()
                .execute(transaction -> new BeatStore().watched(transaction, now.get(), Duration.ofSeconds(60)));
    }

    /** Time passes in which the server looks, and these beat. */
    private void pass(TestServer server, Duration time, Enrolled... beating) throws IOException, InterruptedException {
        for (long passed = 0; passed < time.toSeconds(); passed += LOOK) {
            now.set(now.get().plusSeconds(LOOK));
            watch(server);
            for (Enrolled agent : beating) {
                assertThat(agent.beat(server, "{\"host\": \"h\", \"boot_id\": \"1\"}")
                                .status())
                        .isEqualTo(200);
            }
        }
    }

    private static String state(TestServer server, String name) throws IOException, InterruptedException {
        return server.get("/api/v1/agents/" + name).json().path("status").asString();
    }

    private static List<String> issues(TestServer server) throws IOException, InterruptedException {
        assertThat(server.post("/scan", "").status()).isEqualTo(200);
        List<String> ids = new ArrayList<>();
        server.get("/api/v1/integrity/issues?state=open")
                .json()
                .path("items")
                .forEach(issue -> ids.add(issue.path("id").asString()));
        return ids.stream()
                .filter(id -> id.matches("(lost-agent|identity-clone).*"))
                .toList();
    }

    @Test
    void anAgentsClockDecidesNothing(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = start(databases)) {
            watch(server);
            for (Map.Entry<String, Instant> each : Map.of(
                            "ahead", now.get().plus(HOUR),
                            "behind", now.get().minus(HOUR),
                            "ancient", Instant.EPOCH)
                    .entrySet()) {
                Enrolled agent = Enrolled.on(server, each.getKey());
                JsonNode answer = agent.beat(
                                server,
                                "{\"timestamp\": \"" + each.getValue() + "\", \"host\": \"h\", \"boot_id\": \"1\"}")
                        .json();
                assertThat(answer.path("received_at").asString())
                        .isEqualTo(now.get().toString());
                JsonNode health = server.get("/api/v1/health/" + each.getKey()).json();
                assertThat(health.path("status").asString()).isEqualTo("healthy");
                assertThat(health.path("last_heartbeat").asString())
                        .isEqualTo(now.get().toString());
            }
            assertThat(issues(server)).isEmpty();
            pass(server, Duration.ofSeconds(400));
            assertThat(issues(server))
                    .containsExactlyInAnyOrder("lost-agent-ahead", "lost-agent-behind", "lost-agent-ancient");
        }
    }

    @Test
    void figuresFromTheFutureCountAsOfNow(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = start(databases)) {
            Enrolled agent = Enrolled.on(server, "one");
            String path = "/api/v1/metrics/" + agent.id();
            JsonNode ahead = agent.call(
                            server,
                            "POST",
                            path,
                            "{\"a\": 1, \"timestamp\": \"" + now.get().plus(HOUR) + "\"}")
                    .json();
            assertThat(ahead.path("timestamp").asString())
                    .startsWith(now.get().toString().substring(0, 19));
            now.set(now.get().plusSeconds(1));
            assertThat(agent.call(server, "POST", path, "{\"a\": 2}").status()).isEqualTo(201);
            assertThat(agent.call(server, "GET", path, null).json().path("a").asInt())
                    .as("what came last")
                    .isEqualTo(2);
        }
    }

    @Test
    void nobodyIsLostWhenTheServersClockJumpsAhead(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = start(databases)) {
            Enrolled stays = Enrolled.on(server, "stays");
            Enrolled goes = Enrolled.on(server, "goes");
            watch(server);
            pass(server, Duration.ofSeconds(180), stays, goes);
            now.set(now.get().plus(HOUR));
            watch(server);
            assertThat(issues(server)).isEmpty();
            assertThat(state(server, "goes")).isEqualTo("unknown");
            // Its access token was for an hour: whoever is asked for credentials again has them.
            Enrolled again = stays.again(server);
            pass(server, Duration.ofSeconds(180), again);
            assertThat(issues(server)).as("it had no chance to be heard yet").isEmpty();
            pass(server, Duration.ofSeconds(225), again);
            assertThat(issues(server)).containsExactly("lost-agent-goes");
            assertThat(state(server, "stays")).isEqualTo("active");
        }
    }

    @Test
    void nobodyIsLostOrForEverHeardWhenTheServersClockJumpsBack(Databases databases)
            throws IOException, InterruptedException {
        try (TestServer server = start(databases)) {
            Enrolled stays = Enrolled.on(server, "stays");
            Enrolled goes = Enrolled.on(server, "goes");
            watch(server);
            pass(server, Duration.ofSeconds(180), stays, goes);
            now.set(now.get().minus(HOUR));
            // The beat comes before the server has looked at the clock again.
            assertThat(stays.beat(server, "{\"host\": \"h\", \"boot_id\": \"1\"}")
                            .status())
                    .isEqualTo(200);
            watch(server);
            assertThat(issues(server)).isEmpty();
            assertThat(server.get("/api/v1/health/stays")
                            .json()
                            .path("last_heartbeat")
                            .asString())
                    .as("nothing was heard in the future")
                    .isEqualTo(now.get().toString());
            pass(server, Duration.ofSeconds(400), stays);
            assertThat(issues(server)).as("not an hour later").containsExactly("lost-agent-goes");
            assertThat(state(server, "stays")).isEqualTo("active");
        }
    }

    @Test
    void aRestartAcrossAJumpIsNoCloneAndACloneIsOneStill(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = start(databases)) {
            Enrolled restarted = Enrolled.on(server, "restarted");
            Enrolled cloned = Enrolled.on(server, "cloned");
            watch(server);
            for (Enrolled agent : List.of(restarted, cloned)) {
                agent.beat(server, "{\"host\": \"a\", \"boot_id\": \"1\"}");
            }
            now.set(now.get().minus(HOUR));
            watch(server);
            for (Enrolled agent : List.of(restarted, cloned)) {
                agent.beat(server, "{\"host\": \"a\", \"boot_id\": \"2\"}");
            }
            now.set(now.get().plusSeconds(20));
            cloned.beat(server, "{\"host\": \"a\", \"boot_id\": \"1\"}");
            restarted.beat(server, "{\"host\": \"a\", \"boot_id\": \"2\"}");
            assertThat(issues(server)).containsExactly("identity-clone-cloned");
        }
    }
}
