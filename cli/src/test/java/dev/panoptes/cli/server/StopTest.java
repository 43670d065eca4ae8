package dev.panoptes.cli.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.panoptes.cli.server.StartedServer.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM: what is in flight ends, nothing is torn, the exit code is 0, all within ten seconds. */
@Tag("e2e")
@Timeout(180)
class StopTest {
    private static final Duration LONGEST_STOP = Duration.ofSeconds(10);

    @TempDir
    Path directory;

    @Test
    void underLoadItKeepsWhatItAcknowledged()
            throws IOException, InterruptedException, ExecutionException, java.sql.SQLException {
        Path registry = directory.resolve("agent-registry.yaml");
        try (Load load = new Load(registry);
                StartedServer server = ServerSetup.in(directory)
                        .options("--registry", registry.toString())
                        .environment("PANOPTES_LIMITS_REQUESTS_PER_SECOND", "0")
                        .start()) {
            load.prepare(server);
            load.go(server);
            Await.until("writes are acknowledged", () -> load.acknowledgedCount() > 20);
            long asked = System.nanoTime();
            server.terminate();
            assertThat(server.exit(LONGEST_STOP)).isZero();
            System.getLogger("stop")
                    .log(
                            System.Logger.Level.INFO,
                            "stopped under load after " + Duration.ofNanos(System.nanoTime() - asked));
            load.pause();
            assertThat(server.log()).doesNotContain(" ERROR ");
            assertThat(load.surprises()).isEmpty();
            // Stopped in good order: the database has nothing to recover.
            assertThat(server.postgres()).isEmpty();
            try (StartedServer next = server.again();
                    var connection = CrashTest.connect(next)) {
                assertThat(load.wrong(next, connection)).isEmpty();
            }
        }
    }

    @Test
    void aScanThatEndsSoonIsWaitedForAndOneThatDoesNotIsCutOffWithAWord()
            throws IOException, InterruptedException, ExecutionException {
        CountDownLatch never = new CountDownLatch(1);
        Answer soon = stopDuringScan(Duration.ofSeconds(2), never);
        assertThat(soon.status()).as(soon.body()).isEqualTo(200);
        assertThat(soon.json().path("report_id").asString()).matches("[0-9a-f]{8}");
        try (StartedServer next = setup(0).start()) {
            assertThat(next.get("/api/v1/scans/" + soon.json().path("report_id").asString())
                            .status())
                    .isEqualTo(200);
        }
        Answer late = stopDuringScan(Duration.ofSeconds(60), never);
        assertThat(late.status()).as(late.body()).isEqualTo(503);
        assertThat(late.code()).isEqualTo("unavailable");
        assertThat(late.header("Retry-After")).isNotNull();
    }

    private ServerSetup setup(int port) throws IOException {
        Path registry = Files.writeString(
                directory.resolve("agent-registry.yaml"),
                "agents: {slow: {connection: {url: 'http://127.0.0.1:" + (port == 0 ? 18_020 : port)
                        + "', timeout_ms: 60000}, actions: {a: {endpoint: /a, method: GET}}}}\n");
        return ServerSetup.in(directory)
                .options("--registry", registry.toString())
                .environment("PANOPTES_SCAN_PROBE_TIMEOUT", "60s")
                .environment("PANOPTES_WATCH_INTERVAL", "1h");
    }

    /** The scan's probe waits for an agent that takes its time; meanwhile comes SIGTERM. */
    private Answer stopDuringScan(Duration slow, CountDownLatch never)
            throws IOException, InterruptedException, ExecutionException {
        CountDownLatch asked = new CountDownLatch(2);
        HttpServer agent = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            agent.setExecutor(threads);
            agent.createContext("/", exchange -> {
                boolean first = asked.getCount() == 2;
                asked.countDown();
                try (exchange) {
                    if (!first && never.await(slow.toMillis(), TimeUnit.MILLISECONDS)) {
                        return;
                    }
                    byte[] body = "{\"agent\": \"slow\"}".getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            agent.start();
            // The scan of the start asks once and is answered at once.
            try (StartedServer server = setup(agent.getAddress().getPort()).start()) {
                Await.until(
                        "the scan of the start has ended", () -> server.log().contains("cause=start"));
                Future<Answer> scan = threads.submit(() -> server.call("POST", "/scan", null));
                assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
                long began = System.nanoTime();
                server.terminate();
                assertThat(server.exit(LONGEST_STOP)).isZero();
                System.getLogger("stop")
                        .log(
                                System.Logger.Level.INFO,
                                "stopped during a scan after " + Duration.ofNanos(System.nanoTime() - began));
                assertThat(server.log()).doesNotContain(" ERROR ");
                return scan.get();
            } finally {
                agent.stop(0);
                threads.shutdownNow();
            }
        }
    }
}
