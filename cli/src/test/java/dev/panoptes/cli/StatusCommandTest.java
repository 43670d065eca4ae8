package dev.panoptes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.panoptes.cli.Session.Run;
import dev.panoptes.cli.shell.ExitCode;
import dev.panoptes.cli.status.ServerStatus;
import dev.panoptes.cli.status.StatusJson;
import dev.panoptes.cli.status.StatusText;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@ExtendWith(RunningServer.Shared.class)
final class StatusCommandTest {
    private static final String ONE = "{connection: {url: 'http://one:7001'}, actions: {a: {endpoint: /a}}}";
    private static final String TWO = "{connection: {url: 'http://two:7001'}, actions: {a: {endpoint: /a}}}";

    @TempDir
    private Path directory;

    private Session session;
    private HttpServer fake;

    @BeforeEach
    void startASession() throws IOException {
        session = new Session(directory).now();
        fake = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        fake.start();
    }

    @AfterEach
    void stop() {
        fake.stop(0);
    }

    @Test
    void whetherItTakesCallsIsToldWithoutAToken(RunningServer server) {
        Run run = session.run("status", "--ready", "--server", server.url());
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.OK);
        assertThat(run.out()).isEqualTo("ready\n");

        Run nobody = session.run(
                "status",
                "--ready",
                "--server",
                "http://127.0.0.1:" + fake.getAddress().getPort());
        assertThat(nobody.code()).isEqualTo(ExitCode.USAGE);
        assertThat(nobody.err()).startsWith("panoptes: not ready: ");
    }

    @Test
    void itTellsWhatTheServerFound(RunningServer server) throws IOException, InterruptedException {
        Files.writeString(server.registry(), "agents: {one: " + ONE + ", two: " + TWO + "}\n");
        server.scan();
        Run run = session.run(server.withAdmin("status"));
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.FAILED);
        assertThat(run.out())
                .startsWith("Panoptes 1.2.3 at " + server.url() + ": CRITICAL\n  last scan ")
                .contains(
                        "worst open issue critical",
                        "  critical port-conflict-7001  ",
                        "Alerts: no channel is configured");
        assertThat(run.out().lines().count()).isLessThanOrEqualTo(24);

        Files.writeString(server.registry(), "agents: {one: " + ONE + "}\n");
        server.scan();
        Run json = session.run(server.withAdmin("status", "--json"));
        assertThat(json.code()).as(json.out()).isEqualTo(ExitCode.OK);
        JsonNode status = new JsonMapper().readTree(json.out());
        assertThat(status.path("status").asString()).isEqualTo("healthy");
        assertThat(status.path("open_issues").path("critical").asInt()).isZero();
        assertThat(status.path("last_scan").path("agents").asInt()).isEqualTo(1);
        assertThat(status.path("worst_severity").isNull()).isTrue();
    }

    @Test
    void aViewersTokenIsEnoughAndAnObserversIsNot(RunningServer server) throws IOException {
        Path viewer = Files.writeString(
                directory.resolve("viewer"),
                session.run(server.withAdmin("tokens", "create", "--name", "v")).out());
        assertThat(session.run("status", "--server", server.url(), "--token-file", viewer.toString())
                        .out())
                .startsWith("Panoptes 1.2.3");
        Path observer = Files.writeString(
                directory.resolve("observer"),
                session.run(server.withAdmin("tokens", "create", "--name", "o", "--role", "observer", "--host", "x"))
                        .out());
        Run refused = session.run("status", "--server", server.url(), "--token-file", observer.toString());
        assertThat(refused.code()).isEqualTo(ExitCode.USAGE);
        assertThat(refused.err()).contains("Your role does not allow this");
    }

    @Test
    void withoutATokenItIsToldToGiveOne(RunningServer server) {
        Run run = session.run("status", "--server", server.url());

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("Log in, or send a token").contains("--token-file");
    }

    private void answer(String path, int status, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        fake.createContext(path, exchange -> {
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }

    private Run askTheFake() {
        return session.variable("PANOPTES_TOKEN", "x")
                .run(
                        "status",
                        "--server",
                        "http://127.0.0.1:" + fake.getAddress().getPort());
    }

    @Test
    void aServerWithoutItsDatabaseCannotSay() {
        answer("/health", 200, "{\"version\": \"1\"}");
        answer("/readyz", 503, "{\"detail\": \"The database cannot be reached right now\"}");

        Run run = askTheFake();

        assertThat(run.code()).isEqualTo(ExitCode.INCOMPLETE);
        assertThat(run.out()).contains(": UNKNOWN\n  cannot say: The database cannot be reached right now\n");
    }

    @Test
    void beforeTheFirstScanAndLongAfterTheLastNothingCanBeSaid() {
        answer("/", 200, "{\"items\": []}");
        Run none = askTheFake();
        assertThat(none.code()).isEqualTo(ExitCode.INCOMPLETE);
        assertThat(none.out()).contains("cannot say: there was no scan yet");

        answer("/api/v1/scans", 200, "{\"items\": [{\"completed_at\": \"2026-01-01T00:00:00Z\"}]}");
        Run old = new Session(directory)
                .variable("PANOPTES_TOKEN", "x")
                .run(
                        "status",
                        "--server",
                        "http://127.0.0.1:" + fake.getAddress().getPort());
        assertThat(old.code()).isEqualTo(ExitCode.INCOMPLETE);
        assertThat(old.out()).contains("cannot say: the last scan is more than a day old");
    }

    @Test
    void aScanThatCouldJudgeNothingIsNoGoodNews() {
        answer("/", 200, "{\"items\": []}");
        answer(
                "/api/v1/scans",
                200,
                "{\"items\": [{\"completed_at\": \"" + Instant.now()
                        + "\", \"total_checks\": 3, \"unknown_checks\": 3}]}");

        assertThat(askTheFake().out()).contains("cannot say: the last scan could judge nothing");
    }

    @Test
    void whereThereIsNoServerItSaysSo() {
        int port = fake.getAddress().getPort();
        fake.stop(0);

        Run run = session.variable("PANOPTES_TOKEN", "x").run("status", "--server", "http://127.0.0.1:" + port);

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).startsWith("panoptes: no server answers at");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void theScreenAndTheJsonAreAsReviewed() throws IOException {
        Instant now = Session.NOW;
        Map<String, Integer> open = new LinkedHashMap<>();
        open.put("critical", 1);
        open.put("high", 2);
        open.put("medium", 0);
        open.put("low", 4);
        open.put("info", 0);
        ServerStatus status = new ServerStatus(
                "https://panoptes.example:8022",
                "1.2.3",
                true,
                new ServerStatus.Scan("1a2b3c4d", "watch", now.minus(Duration.ofSeconds(40)), 241, 7, 12, 97.0, 97.096),
                open,
                1,
                List.of(
                        new ServerStatus.Issue(
                                "identity-mismatch-two@web-2",
                                "critical",
                                "new",
                                "web-2",
                                "What answers as two says that it is STRANGER, and this title is so long that it is"
                                        + " cut"),
                        new ServerStatus.Issue(
                                "port-not-listening-8014", "high", "acknowledged", "local", "hermes is down")),
                List.of(
                        new ServerStatus.Host("local", now.minus(Duration.ofSeconds(40)), false),
                        new ServerStatus.Host("web-1", now.minus(Duration.ofHours(5)), true),
                        new ServerStatus.Host("web-2", null, true)),
                List.of(
                        new ServerStatus.Channel("hermes", 0, null, 0, 0, now.minus(Duration.ofMinutes(3))),
                        new ServerStatus.Channel("webhook", 4, now.minus(Duration.ofDays(3)), 6, 2, null)),
                List.of());

        assertThat(status.exitCode()).isEqualTo(ExitCode.FAILED);
        Golden.check("status.txt", new StatusText(now, 100).write(status));
        Golden.check("status.json", new StatusJson().write(status));
    }
}
