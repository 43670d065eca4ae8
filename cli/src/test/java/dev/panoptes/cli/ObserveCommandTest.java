package dev.panoptes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.panoptes.cli.Session.Run;
import dev.panoptes.cli.shell.ExitCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Observers that send what they saw to a real server; this one machine speaks for two hosts. */
@ExtendWith(RunningServer.Shared.class)
@Timeout(120)
final class ObserveCommandTest {
    @TempDir
    private Path directory;

    private Session session;

    @BeforeEach
    void startASession() {
        session = new Session(directory).now();
    }

    private Path token(RunningServer server, String host) throws IOException {
        Run made =
                session.run(server.withAdmin("tokens", "create", "--name", host, "--role", "observer", "--host", host));
        assertThat(made.code()).isEqualTo(ExitCode.OK);
        return Files.writeString(directory.resolve(host + ".token"), made.out());
    }

    private Run observe(RunningServer server, String host) throws IOException {
        return session.run(
                "observe",
                "--server",
                server.url(),
                "--token-file",
                token(server, host).toString());
    }

    private static HttpServer agent(String name) throws IOException {
        HttpServer agent = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        agent.createContext("/health", exchange -> {
            byte[] body = ("{\"status\": \"healthy\", \"agent\": \"" + name + "\"}").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        agent.start();
        return agent;
    }

    private static String declared(String key, String host, int port) {
        return "  " + key + ": {host: " + host + ", connection: {url: 'http://localhost:" + port
                + "'}, actions: {a: {endpoint: /a}}}\n";
    }

    private static int closedPort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private static List<String> ids(JsonNode report) {
        return report.path("issues").findValuesAsString("id").stream().sorted().toList();
    }

    @Test
    void twoHostsAreJudgedByOneServer(RunningServer server) throws IOException, InterruptedException {
        HttpServer one = agent("one");
        HttpServer stranger = agent("stranger");
        try {
            int closed = closedPort();
            // At once, as editors do: the server must not read half of it.
            Path written = server.registry().resolveSibling("written.yaml");
            Files.writeString(
                    written,
                    "hosts: {web-1: {address: 10.0.0.5}, web-2: {address: 10.0.0.6}}\nagents:\n"
                            + declared("one", "web-1", one.getAddress().getPort())
                            + declared("two", "web-2", stranger.getAddress().getPort())
                            + declared("three", "web-2", closed));
            Files.move(written, server.registry(), StandardCopyOption.ATOMIC_MOVE);
            assertThat(ids(server.scan())).isEmpty();

            Run first = observe(server, "web-1");
            assertThat(first.code()).isEqualTo(ExitCode.OK);
            assertThat(first.out())
                    .startsWith("sent what was seen on web-1: ")
                    .endsWith("1 of 1 health endpoints healthy\n");
            assertThat(ids(server.scan())).isEmpty();

            assertThat(observe(server, "web-2").out()).endsWith("1 of 2 health endpoints healthy\n");
            JsonNode report = server.scan();
            assertThat(ids(report))
                    .containsExactly("identity-mismatch-two@web-2", "port-not-listening-" + closed + "@web-2");
            assertThat(report.path("snapshots").findValuesAsString("host")).contains("web-1", "web-2");
            assertThat(report.path("unknowns").toString()).doesNotContain("port-not-listening", "identity-mismatch");

            // The agent moves in where nobody listened, and the stranger leaves.
            stranger.stop(0);
            HttpServer two = HttpServer.create(stranger.getAddress(), 0);
            two.createContext("/health", exchange -> {
                byte[] body = "{\"agent\": \"two\"}".getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            two.start();
            try {
                assertThat(observe(server, "web-2").code()).isEqualTo(ExitCode.OK);
                assertThat(ids(server.scan())).containsExactly("port-not-listening-" + closed + "@web-2");
            } finally {
                two.stop(0);
            }
        } finally {
            one.stop(0);
            stranger.stop(0);
        }
    }

    @Test
    void aHostThatTheRegistryDoesNotKnowIsRemarked(RunningServer server) throws IOException {
        Files.writeString(server.registry(), "agents:\n" + declared("one", "web-1", 9));

        Run run = observe(server, "wbe-1");

        assertThat(run.code()).isEqualTo(ExitCode.OK);
        assertThat(run.err()).contains("has no agent on the host wbe-1");
    }

    @Test
    void anotherTokenThanAnObserversIsRefused(RunningServer server) throws IOException {
        Run run = session.variable("PANOPTES_TOKEN", server.adminToken()).run("observe", "--server", server.url());

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("the token is not for this").contains("It must be an observer's");
        Run stranger = session.variable("PANOPTES_TOKEN", "pno_unknown")
                .run("observe", "--server", server.url(), "--every", "5s");
        assertThat(stranger.code()).isEqualTo(ExitCode.USAGE);
        assertThat(stranger.err()).contains("the server does not accept the token");
    }

    @Test
    void aServiceWhoseTokenIsNotThereEnds(RunningServer server) {
        Run run = session.run(
                "observe",
                "--server",
                server.url(),
                "--every",
                "60s",
                "--token-file",
                directory.resolve("none").toString());

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("there is no token").contains("does not exist");
    }

    @Test
    void theNameOfTheHostIsTheTokens(RunningServer server) throws IOException {
        String token = token(server, "web-1").toString();

        Run run = session.run("observe", "--server", server.url(), "--token-file", token, "--host", "web-2");

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("the token is for the host web-1, not for web-2");
    }

    /** What servers of any kind can answer to a snapshot, and what the observer makes of it. */
    @ParameterizedTest
    @CsvSource({
        "409, FAILED, has a newer snapshot",
        "413, FAILED, too large",
        "400, FAILED, refuses the snapshot: said so",
        "429, INCOMPLETE, asked less often",
        "503, INCOMPLETE, cannot take it now: said so",
        "401, USAGE, does not accept the token",
        "403, USAGE, not for this",
        "404, USAGE, takes no snapshots"
    })
    void everyRefusalHasItsSentenceAndItsExitCode(int status, ExitCode code, String words) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        answer(server, "/api/v1/observation", 200, "{\"host\": \"a\", \"stale_after_seconds\": 9, \"probes\": []}");
        answer(server, "/api/v1/snapshots", status, "{\"detail\": \"said so\"}");
        server.start();
        try {
            Run run = session.variable("PANOPTES_TOKEN", "pno_x")
                    .run(
                            "observe",
                            "--server",
                            "http://127.0.0.1:" + server.getAddress().getPort());
            assertThat(run.code()).isEqualTo(code);
            assertThat(run.err()).contains(words);
            assertThat(run.out()).isEmpty();
        } finally {
            server.stop(0);
        }
    }

    private static void answer(HttpServer server, String path, int status, String text) {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        server.createContext(path, exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }

    @Test
    void plainHttpIsForThisMachineOnly() {
        Run run = session.variable("PANOPTES_TOKEN", "pno_x").run("observe", "--server", "http://panoptes.example");

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("would travel in clear").contains("Use https");
    }

    @Test
    void aCommandLineThatMakesNoSenseIsRefused() {
        session.variable("PANOPTES_TOKEN", "pno_x");
        String[] server = {"observe", "--server", "http://127.0.0.1:9"};
        assertThat(session.run("observe", "--every", "5s").err()).contains("needs a server");
        assertThat(run(server, "--every", "10ms").err()).contains("at least 1s");
        assertThat(run(server, "--output", "x").err()).contains("not both");
        assertThat(run(server, "--registry", "x").err()).contains("needs --host");
        assertThat(new Session(directory).run(server).err()).contains("there is no token");
    }

    private Run run(String[] start, String... more) {
        String[] all = java.util.Arrays.copyOf(start, start.length + more.length);
        System.arraycopy(more, 0, all, start.length, more.length);
        return session.run(all);
    }
}
