package dev.panoptes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.panoptes.cli.StartedProgram.Ended;
import dev.panoptes.cli.server.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The real program in its own process: what only a process has, namely signals, pipes and an exit code. */
@Tag("e2e")
@Timeout(60)
final class StartedProgramTest {
    @TempDir
    private Path directory;

    private Path registry;

    @BeforeEach
    void writeRegistry() throws IOException {
        registry = directory.resolve("agent-registry.yaml");
        Files.writeString(
                registry,
                "agents: {one: {connection: {url: 'http://one:7001'}}, two: {connection: {url: 'http://two:7001'}}}\n");
    }

    @Test
    void theExitCodeIsTheVerdictAndTheRegistryIsFoundInTheCurrentDirectory() throws IOException, InterruptedException {
        Ended ended = StartedProgram.in(directory, "scan", "--offline", "--format", "json")
                .end();

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.out())
                .startsWith("{")
                .contains("\"port-conflict-7001\"")
                .contains("\"path\": \"agent-registry.yaml\"");
        assertThat(ended.err()).isEmpty();
    }

    @Test
    void anInterruptedScanExitsWith130AndWithoutAReport() throws IOException, InterruptedException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Files.writeString(
                    registry,
                    "agents: {one: {connection: {url: 'http://one:" + silent.getLocalPort()
                            + "', timeout_ms: 30000}, actions: {a: {endpoint: /a}}}}\n");
            Path report = directory.resolve("report.json");
            silent.setSoTimeout(30_000);
            StartedProgram scan =
                    StartedProgram.in(directory, "scan", "--format", "json", "--output", report.toString());
            try (Socket asked = silent.accept()) {
                scan.signal("INT");
                Ended ended = scan.end();

                assertThat(asked.isConnected()).isTrue();
                assertThat(ended.code()).isEqualTo(130);
                assertThat(ended.out()).isEmpty();
                assertThat(ended.err()).isEqualTo("panoptes: interrupted\n");
            }
            try (var files = Files.list(directory)) {
                assertThat(files).containsExactly(registry);
            }
        }
    }

    @Test
    void aReaderThatStopsReadingIsNoError() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "\"$@\" | head -c 1", "sh"));
        command.addAll(StartedProgram.command(List.of(), "explain"));
        Ended ended = StartedProgram.of(directory, command).end();

        assertThat(ended.out()).hasSize(1);
        assertThat(ended.err()).isEmpty();
    }

    @Test
    void anObserverThatIsStoppedEndsWell() throws IOException, InterruptedException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        CountDownLatch asked = new CountDownLatch(2);
        answer(server, "/api/v1/observation", "{\"host\": \"a\", \"stale_after_seconds\": 9, \"probes\": []}", asked);
        answer(server, "/api/v1/snapshots", "{}", asked);
        server.start();
        try {
            Path token = Files.writeString(directory.resolve("token"), "pno_x");
            String url = "http://127.0.0.1:" + server.getAddress().getPort();
            StartedProgram observer = StartedProgram.in(
                    directory, "observe", "--server", url, "--token-file", token.toString(), "--every", "1h");
            assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
            observer.signal("TERM");
            Ended ended = observer.end();

            assertThat(ended.code()).as(ended.err()).isZero();
            assertThat(ended.err()).doesNotContain("interrupted").doesNotContain("defect");
        } finally {
            server.stop(0);
        }
    }

    private static void answer(HttpServer server, String path, String text, CountDownLatch asked) {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        server.createContext(path, exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
            asked.countDown();
        });
    }

    /** With one more fault the fleet is a copy below our folder for temporary files, so that what is left can be seen. */
    @ParameterizedTest
    @CsvSource({"TERM, 143", "INT, 130", "KILL, 137"})
    void aDemoThatIsSignalledLeavesNothingRunning(String signal, int code) throws IOException, InterruptedException {
        Path temporary = Files.createDirectory(directory.resolve("temporary")).toRealPath();
        List<String> options = List.of(
                "-Djava.io.tmpdir=" + temporary,
                "-Dpanoptes.home=" + Path.of("..").toAbsolutePath());
        StartedProgram demo = StartedProgram.of(directory, StartedProgram.command(options, "demo", "--fault", "clone"));
        Await.until(
                "an agent of the fleet runs",
                () -> !StartedProgram.runningBelow(temporary).isEmpty());

        demo.signal(signal);
        Ended ended = demo.end();

        assertThat(ended.code()).as(ended.err()).isEqualTo(code);
        assertThat(ended.out()).isEmpty();
        Await.until(
                "no agent runs", () -> StartedProgram.runningBelow(temporary).isEmpty());
        if (!signal.equals("KILL")) {
            assertThat(ended.err()).endsWith("panoptes: interrupted\n").doesNotContain("stopped");
            try (var files = Files.list(temporary)) {
                assertThat(files).isEmpty();
            }
        }
    }
}
