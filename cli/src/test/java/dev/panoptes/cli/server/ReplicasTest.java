package dev.panoptes.cli.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/**
 * Three processes on one PostgreSQL, under load: one is killed, one is frozen in the middle of the scheduled scan, past its
 * lease, and goes on later.
 */
@Tag("e2e")
class ReplicasTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path directory;

    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean writing = new AtomicBoolean(true);
    private final AtomicInteger names = new AtomicInteger();
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    /** An agent whose answer the test can hold back, and with it the scan that asks. */
    private static final class Agent implements AutoCloseable {
        private final HttpServer http;
        private final AtomicBoolean held = new AtomicBoolean();
        private final Semaphore asked = new Semaphore(0);
        private final CountDownLatch released = new CountDownLatch(1);

        Agent() throws IOException {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            http.createContext("/", this::answer);
            http.start();
        }

        private void answer(HttpExchange exchange) throws IOException {
            try (exchange) {
                if (held.get()) {
                    asked.release();
                    released.await();
                }
                byte[] body = "{\"status\": \"healthy\", \"agent\": \"ONE\"}".getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().add("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        int port() {
            return http.getAddress().getPort();
        }

        @Override
        public void close() {
            released.countDown();
            http.stop(0);
        }
    }

    @Test
    void oneIsKilledAndOneFrozenAndNothingIsLostOrDoneTwice()
            throws IOException, InterruptedException, ExecutionException, SQLException {
        List<StartedServer> replicas = new ArrayList<>();
        try (ExternalPostgres postgres = ExternalPostgres.start();
                Agent agent = new Agent();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Path registry = Files.writeString(directory.resolve("agent-registry.yaml"), """
                    version: '1.0'
                    agents:
                      one: {name: ONE, connection: {url: 'http://127.0.0.1:%d'}}
                    """.formatted(agent.port()));
            try {
                // The first one migrates.
                replicas.add(start(postgres, registry, "first"));
                List<Future<StartedServer>> starting = List.of(
                        threads.submit(() -> start(postgres, registry, "second")),
                        threads.submit(() -> start(postgres, registry, "third")));
                for (Future<StartedServer> each : starting) {
                    replicas.add(each.get());
                }
                play(postgres, agent, replicas, threads);
            } finally {
                writing.set(false);
                for (StartedServer each : replicas) {
                    signal("CONT", each);
                    each.close();
                }
                client.shutdownNow();
            }
        }
    }

    private StartedServer start(ExternalPostgres postgres, Path registry, String name)
            throws IOException, InterruptedException {
        return ServerSetup.in(directory)
                .data(directory.resolve(name))
                .database(postgres)
                .options("--registry", registry.toString())
                .environment("PANOPTES_OBSERVE_LOCAL", "true")
                .environment("PANOPTES_WATCH_INTERVAL", "1h")
                .environment("PANOPTES_SCAN_SCHEDULE", "0 0 29 2 *")
                .environment("PANOPTES_SCAN_PROBE_TIMEOUT", "30s")
                .environment("PANOPTES_REPLICAS_LEASE", "2s")
                .environment("PANOPTES_LIMITS_REQUESTS_PER_SECOND", "0")
                .start();
    }

    private void play(ExternalPostgres postgres, Agent agent, List<StartedServer> replicas, ExecutorService threads)
            throws IOException, InterruptedException, ExecutionException, SQLException {
        StartedServer killed = replicas.get(0);
        StartedServer frozen = replicas.get(1);
        StartedServer steady = replicas.get(2);
        String token = killed.post("/api/v1/tokens", "{\"name\": \"load\", \"role\": \"operator\"}")
                .json()
                .path("token")
                .asString();
        List<String> urls = replicas.stream().map(StartedServer::url).toList();
        List<Follower> followers = new ArrayList<>();
        for (int first = 0; first < urls.size(); first++) {
            followers.add(new Follower(urls, first, token));
        }
        try (Connection database = postgres.connect()) {
            Await.until("everybody follows", () -> followers.stream().allMatch(Follower::follows));
            List<Future<?>> writers = new ArrayList<>();
            for (int first = 0; first < urls.size(); first++) {
                int from = first;
                writers.add(threads.submit(() -> write(urls, from, token)));
            }
            makeDue(database);
            Await.until("the first date", () -> scheduled(database) == 1);

            makeDue(database);
            killed.kill9();
            Await.until("the second date, whoever had begun it", () -> scheduled(database) == 2);

            // Only the one that is to be frozen can begin the third.
            signal("STOP", steady);
            agent.held.set(true);
            makeDue(database);
            assertThat(agent.asked.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
            signal("STOP", frozen);
            agent.held.set(false);
            signal("CONT", steady);
            Await.until("the third date, by the other", () -> scheduled(database) == 3);
            agent.released.countDown();
            signal("CONT", frozen);
            Await.until("it finds that it was too late", () -> frozen.log().contains("another one has done it"));
            assertThat(scheduled(database)).isEqualTo(3);

            makeDue(database);
            Await.until("the fourth date", () -> scheduled(database) == 4);
            writing.set(false);
            for (Future<?> each : writers) {
                each.get();
            }
            everythingIsThereAndWasToldOnce(database, followers);
        } finally {
            followers.forEach(Follower::close);
        }
    }

    /** Makes silences until told to stop, on the next replica whenever one does not answer. */
    private void write(List<String> urls, int first, String token) {
        int at = first;
        while (writing.get()) {
            String name = "write-" + names.incrementAndGet();
            HttpRequest request = HttpRequest.newBuilder(URI.create(urls.get(at % urls.size()) + "/api/v1/silences"))
                    .timeout(Duration.ofSeconds(2))
                    .header("Authorization", "Bearer " + token)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(
                            "{\"matcher\": {\"host\": \"x\"}, \"reason\": \"" + name + "\", \"duration\": \"1h\"}"))
                    .build();
            try {
                if (client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 201) {
                    acknowledged.add(name);
                } else {
                    at++;
                }
            } catch (IOException e) {
                at++;
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void everythingIsThereAndWasToldOnce(Connection database, List<Follower> followers)
            throws SQLException, InterruptedException {
        assertThat(acknowledged).hasSizeGreaterThan(100);
        List<String> kept = texts(database, "SELECT reason FROM silences");
        assertThat(kept).containsAll(acknowledged).doesNotHaveDuplicates();
        long last = Long.parseLong(
                texts(database, "SELECT last_id FROM stream_position").getFirst());
        for (Follower follower : followers) {
            Await.until(
                    "a follower has heard everything",
                    () -> follower.seen().getLast().id() == last);
            List<Follower.Event> seen = follower.seen();
            assertThat(follower.surprises()).isEmpty();
            assertThat(seen.stream().map(Follower.Event::id))
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(seen.getFirst().id(), last)
                                    .boxed()
                                    .toList());
            assertThat(seen).extracting(Follower.Event::type).doesNotContain("reset");
            List<String> told = seen.stream()
                    .filter(event -> event.type().equals("silence"))
                    .map(event -> JSON.readTree(event.data()).path("reason").asString())
                    .toList();
            assertThat(told).containsExactlyInAnyOrderElementsOf(kept);
        }
        // The frozen one's follower moves too where the machine is so slow that it misses a heartbeat.
        assertThat(followers.getFirst().moves()).as("its replica was killed").isPositive();
    }

    private static void makeDue(Connection database) throws SQLException {
        try (var statement = database.createStatement()) {
            assertThat(statement.executeUpdate("UPDATE jobs SET next_due_at = now() WHERE name = 'scan'"))
                    .isEqualTo(1);
        }
    }

    private static int scheduled(Connection database) throws SQLException {
        return Integer.parseInt(texts(database, "SELECT count(*) FROM scans WHERE cause = 'schedule'")
                .getFirst());
    }

    private static List<String> texts(Connection database, String sql) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (var statement = database.createStatement();
                ResultSet results = statement.executeQuery(sql)) {
            while (results.next()) {
                texts.add(results.getString(1));
            }
        }
        return texts;
    }

    private static void signal(String name, StartedServer server) throws IOException, InterruptedException {
        if (server.runs()) {
            new ProcessBuilder("kill", "-" + name, Long.toString(server.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
        }
    }
}
