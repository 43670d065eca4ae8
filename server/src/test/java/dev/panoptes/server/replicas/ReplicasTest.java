package dev.panoptes.server.replicas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.TestServer;
import dev.panoptes.server.TestServer.Answer;
import dev.panoptes.server.storage.DatabaseAddress;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Servers on one database that read other registries or sign with other secrets. */
@ExtendWith(TestPostgres.class)
class ReplicasTest {
    private static final String ONE_AGENT = """
            version: '1.0'
            agents:
              one: {name: ONE, connection: {url: 'http://one:18020'}}
            """;
    private static final String CLASH = ONE_AGENT + "  two: {name: TWO, connection: {url: 'http://one:18020'}}\n";

    @TempDir
    Path directory;

    private TestServer replica(
            Databases databases, DatabaseAddress address, String name, String registry, Map<String, String> more)
            throws IOException, InterruptedException {
        Path own = Files.createDirectory(directory.resolve(name));
        Map<String, String> settings = new HashMap<>(Map.of(
                "registry", write(name, registry).toString(),
                "observe.local", "false",
                "watch.interval", "1s",
                "replicas.lease", "1s",
                "limits.requests_per_second", "0"));
        settings.putAll(more);
        return TestServer.start(databases, address, own, settings, null);
    }

    private Path write(String name, String registry) throws IOException {
        Path next = Files.writeString(directory.resolve(name).resolve("next.yaml"), registry);
        return Files.move(
                next,
                directory.resolve(name).resolve("agent-registry.yaml"),
                java.nio.file.StandardCopyOption.ATOMIC_MOVE,
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    private static JsonNode state(TestServer server) throws IOException, InterruptedException {
        return server.get("/api/v1/health/system").json().path("infrastructure").path("replicas");
    }

    private static List<String> differences(TestServer server) throws IOException, InterruptedException {
        return server.get("/api/v1/replicas")
                .json()
                .path("items")
                .valueStream()
                .flatMap(each -> each.path("differences").valueStream())
                .map(JsonNode::asString)
                .toList();
    }

    private static List<String> issues(TestServer server, String check) throws IOException, InterruptedException {
        return server.get("/api/v1/integrity/issues?check=" + check)
                .json()
                .path("items")
                .valueStream()
                .map(each -> each.path("title").asString())
                .toList();
    }

    private interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    private static void await(String what, Condition condition) throws IOException, InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(40).toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            LockSupport.parkNanos(50_000_000);
        }
    }

    @Test
    void oneThatReadsAnotherRegistryIsToldAndStoresNothingUntilItReadsTheSame(Databases databases)
            throws IOException, InterruptedException {
        DatabaseAddress address = databases.freshAddress();
        try (TestServer first = replica(databases, address, "first", ONE_AGENT, Map.of());
                TestServer other = replica(databases, address, "other", CLASH, Map.of())) {
            assertThat(differences(first)).singleElement().asString().startsWith("reads another registry (sha256 ");
            assertThat(state(first).asString()).isEqualTo("stopped");
            Answer refused = other.post("/scan", "");
            assertThat(refused.status()).as(refused.body()).isEqualTo(409);
            assertThat(refused.json().path("detail").asString()).contains("reads another registry");
            assertThat(first.post("/scan", "").status()).isEqualTo(200);
            await(
                    "an issue after the time that a roll-out takes",
                    () -> !issues(first, "replica-differs").isEmpty());
            // Watch cycles ran every second meanwhile: none of them was the other one's.
            assertThat(issues(first, "port-conflict")).isEmpty();

            write("other", ONE_AGENT);
            await("agreement", () -> differences(first).isEmpty());
            assertThat(other.post("/scan", "").status()).isEqualTo(200);
            await("its end", () -> issues(first, "replica-differs").isEmpty());
            assertThat(state(other).asString()).isEqualTo("running");
            assertThat(first.get("/metrics").body())
                    .contains("\npanoptes_replicas 2.0\n")
                    .contains("panoptes_replica_differs{");
        }
    }

    @Test
    void oneThatSignsWithAnotherSecretIsToldAndTakesOverWhenItIsAlone(Databases databases)
            throws IOException, InterruptedException {
        DatabaseAddress address = databases.freshAddress();
        try (TestServer other = alone(databases, address)) {
            await("the first one has left", () -> differences(other).isEmpty());
            assertThat(other.post("/scan", "").status()).isEqualTo(200);
        }
    }

    @Test
    void whereTheDatabaseIsAwayItSaysSo() {
        assertThat(ReplicaList.lines("postgres://u:hidden@127.0.0.1:1/x"))
                .singleElement()
                .asString()
                .startsWith("cannot be told: ")
                .doesNotContain("hidden");
        assertThat(ReplicaList.lines("nonsense")).singleElement().asString().startsWith("cannot be told: ");
    }

    /** The second of two, after the first has ended. */
    private TestServer alone(Databases databases, DatabaseAddress address) throws IOException, InterruptedException {
        try (TestServer first = replica(databases, address, "first", ONE_AGENT, Map.of())) {
            TestServer other = replica(
                    databases,
                    address,
                    "other",
                    ONE_AGENT,
                    Map.of("jwt_secret", "another-secret-than-that-of-the-first-one"));
            assertThat(differences(first)).singleElement().asString().startsWith("has another JWT_SECRET (key id ");
            assertThat(first.get("/api/v1/replicas").body()).doesNotContain("another-secret");
            assertThat(other.post("/scan", "").status()).isEqualTo(409);
            return other;
        }
    }
}
