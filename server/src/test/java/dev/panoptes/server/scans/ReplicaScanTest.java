package dev.panoptes.server.scans;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.panoptes.server.TestServer;
import dev.panoptes.server.storage.DatabaseAddress;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Full scans of replicas that share a database, held up by an agent that answers when the test says so. */
@ExtendWith(TestPostgres.class)
class ReplicaScanTest {
    @TempDir
    Path directory;

    private final Semaphore asked = new Semaphore(0);
    private final Semaphore answers = new Semaphore(0);
    private final AtomicBoolean slow = new AtomicBoolean();
    private HttpServer agent;

    @BeforeEach
    void start() throws IOException {
        agent = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        agent.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        agent.createContext("/", exchange -> {
            try (exchange) {
                if (slow.get()) {
                    asked.release();
                    answers.acquireUninterruptibly();
                }
                exchange.sendResponseHeaders(200, -1);
            }
        });
        agent.start();
        Files.writeString(directory.resolve("agent-registry.yaml"), """
                version: '1.0'
                agents:
                  one: {name: ONE, connection: {url: 'http://127.0.0.1:%d'}}
                """.formatted(
                        agent.getAddress().getPort()));
    }

    @AfterEach
    void stop() {
        answers.release(1_000);
        agent.stop(0);
    }

    private TestServer replica(Databases databases, DatabaseAddress address, String name)
            throws IOException, InterruptedException {
        Path own = Files.createDirectory(directory.resolve(name));
        Map<String, String> settings = Map.of(
                "registry", directory.resolve("agent-registry.yaml").toString(),
                "observe.local", "true",
                "watch.interval", "1h",
                "replicas.lease", "2s",
                "scan.probe_timeout", "30s",
                "limits.requests_per_second", "0");
        return TestServer.start(databases, address, own, settings, null);
    }

    private static Future<JsonNode> scan(ExecutorService threads, TestServer server) {
        return threads.submit(() -> server.post("/scan", "").json());
    }

    private static List<JsonNode> stored(TestServer server) throws IOException, InterruptedException {
        List<JsonNode> all = new ArrayList<>();
        server.get("/api/v1/scans").json().path("items").forEach(all::add);
        return all;
    }

    @Test
    void aScanOnOneReplicaIsJoinedOnTheOthersAndEverybodyGetsTheStoredReport(Databases databases)
            throws IOException, InterruptedException, ExecutionException {
        DatabaseAddress address = databases.freshAddress();
        try (TestServer one = replica(databases, address, "one");
                TestServer two = replica(databases, address, "two");
                TestServer three = replica(databases, address, "three");
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            int before = stored(one).size();
            slow.set(true);
            Future<JsonNode> first = scan(threads, one);
            asked.acquire();
            List<Future<JsonNode>> joined = new ArrayList<>();
            for (TestServer each : List.of(one, two, three, two)) {
                joined.add(scan(threads, each));
            }
            // They wait; nobody asks the agent again.
            assertThat(asked.tryAcquire(1, java.util.concurrent.TimeUnit.SECONDS))
                    .isFalse();
            slow.set(false);
            answers.release(1_000);
            String report = first.get().path("report_id").asString();
            for (Future<JsonNode> each : joined) {
                assertThat(each.get()).isEqualTo(first.get());
            }
            assertThat(stored(three)).hasSize(before + 1);
            assertThat(three.get("/api/v1/scans/" + report).json()).isEqualTo(first.get());
        }
    }

    @Test
    void aScheduledScanWaitsForARequestedOneAndIsStoredAsScheduled(Databases databases)
            throws IOException, InterruptedException, ExecutionException {
        DatabaseAddress address = databases.freshAddress();
        try (TestServer one = replica(databases, address, "one");
                TestServer two = replica(databases, address, "two");
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            slow.set(true);
            Future<JsonNode> requested = scan(threads, one);
            asked.acquire();
            two.database()
                    .execute(transaction ->
                            transaction.update("UPDATE jobs SET next_due_at = now() WHERE name = 'scan'"));
            slow.set(false);
            answers.release(1_000);
            requested.get();
            long end = System.nanoTime() + java.time.Duration.ofSeconds(20).toNanos();
            while (stored(two).stream()
                    .noneMatch(scan -> scan.path("cause").asString().equals("schedule"))) {
                assertThat(System.nanoTime()).isLessThan(end);
            }
            assertThat(stored(one))
                    .extracting(scan -> scan.path("cause").asString())
                    .containsOnlyOnce("schedule")
                    .containsOnlyOnce("request");
        }
    }

    @Test
    void whoWaitsForAFrozenReplicaScansItselfAndTheFrozenOneStoresNothing(Databases databases)
            throws IOException, InterruptedException, ExecutionException {
        DatabaseAddress address = databases.freshAddress();
        try (TestServer one = replica(databases, address, "one");
                TestServer two = replica(databases, address, "two");
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            slow.set(true);
            Future<JsonNode> frozen = scan(threads, one);
            asked.acquire();
            Future<JsonNode> waiting = scan(threads, two);
            slow.set(false);
            long end = System.nanoTime() + java.time.Duration.ofSeconds(20).toNanos();
            while (!waiting.isDone()) {
                assertThat(System.nanoTime()).isLessThan(end);
                // What the lease of a frozen replica looks like.
                two.database().execute(transaction -> transaction.update("UPDATE leases SET until = '-infinity'"));
            }
            assertThat(frozen.isDone()).isFalse();
            answers.release(1_000);
            assertThat(frozen.get().path("report_id").asString())
                    .as("what took its turn meanwhile; its own is not stored beside it")
                    .isNotEmpty()
                    .isEqualTo(waiting.get().path("report_id").asString());
        }
    }
}
