package dev.panoptes.cli.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.net.httpserver.HttpServer;
import dev.panoptes.cli.server.StartedServer.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The integrity calls, field by field, as clients of the original make them: against the started program. */
@Tag("e2e")
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class Contract {
    enum On {
        EMBEDDED,
        EXTERNAL
    }

    private static final List<String> ISSUE =
            List.of("id", "category", "severity", "title", "description", "affected", "recommendation", "detected_at");

    private final On on;

    private Path directory;

    private @Nullable ExternalPostgres postgres;
    private StartedServer server;
    private HttpServer janus;

    Contract(On on) {
        this.on = on;
    }

    /** Two agents on one port, and a third that answers with another's name. */
    @BeforeAll
    void start(@TempDir Path temporary) throws IOException, InterruptedException {
        directory = temporary;
        janus = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        janus.createContext("/health", exchange -> {
            byte[] body = "{\"agent\": \"TERMINUS\"}".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            try (exchange) {
                exchange.getResponseBody().write(body);
            }
        });
        janus.start();
        Path registry = Files.writeString(directory.resolve("agent-registry.yaml"), """
                version: '1.0'
                agents:
                  varys:
                    name: VARYS
                    connection: {url: 'http://varys:18020'}
                    actions: {list: {endpoint: /list, method: GET}}
                  cerberus:
                    name: CERBERUS
                    connection: {url: 'http://cerberus:18020'}
                    actions: {guard: {endpoint: /guard, method: POST}}
                  janus:
                    name: JANUS
                    connection: {url: 'http://127.0.0.1:%d'}
                    actions: {look: {endpoint: /look, method: GET}}
                chains:
                  morning: {steps: [{agent: varys, action: list}]}
                """.formatted(
                        janus.getAddress().getPort()));
        ServerSetup setup = ServerSetup.in(directory)
                .options("--registry", registry.toString())
                .environment("PANOPTES_OBSERVE_LOCAL", "true");
        if (on == On.EXTERNAL) {
            postgres = ExternalPostgres.start();
            setup = setup.database(postgres);
        }
        server = setup.start();
    }

    @AfterAll
    void stop() throws IOException, InterruptedException {
        assertThat(server.stop()).isZero();
        server.close();
        janus.stop(0);
        if (postgres != null) {
            postgres.close();
        }
    }

    private Answer open(String method, String path) throws IOException, InterruptedException {
        return server.call(method, path, null, Map.of());
    }

    private JsonNode ok(String path) throws IOException, InterruptedException {
        Answer answer = server.get(path);
        assertThat(answer.status()).as(path + ": " + answer.body()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).as(path).startsWith("application/json");
        return answer.json();
    }

    private JsonNode scan() throws IOException, InterruptedException {
        Answer answer = server.call("POST", "/scan", null);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    @Test
    void healthIsOpenAndSaysWhoAnswers() throws IOException, InterruptedException {
        JsonNode report = scan();
        Answer answer = open("GET", "/health");
        JsonNode health = answer.json();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(health.path("status").asString()).isEqualTo("healthy");
        assertThat(health.path("agent").asString()).isEqualTo("PANOPTES");
        assertThat(health.path("role").asString()).isEqualTo("Integrity Guardian");
        assertThat(server.url()).endsWith(":" + health.path("port").asInt());
        assertThat(health.path("version").asString()).isNotEmpty();
        assertThat(Instant.parse(health.path("timestamp").asString()))
                .isCloseTo(Instant.now(), within(1, java.time.temporal.ChronoUnit.MINUTES));
        assertThat(health.path("last_scan").asString())
                .isGreaterThanOrEqualTo(report.path("scan_completed").asString());
        assertThat(health.path("registered_agents").asInt()).isEqualTo(3);
        assertThat(health.has("days_to_launch")).isFalse();
    }

    @Test
    void aScanIsItsReport() throws IOException, InterruptedException {
        JsonNode report = scan();
        assertThat(report.path("report_id").asString()).matches("[0-9a-f]{8}");
        assertThat(Instant.parse(report.path("scan_started").asString()))
                .isBefore(Instant.parse(report.path("scan_completed").asString()));
        int passed = report.path("passed_checks").asInt();
        int failed = report.path("failed_checks").asInt();
        int unknown = report.path("unknown_checks").asInt();
        assertThat(passed + failed + unknown)
                .isEqualTo(report.path("total_checks").asInt())
                .isPositive();
        assertThat(report.path("health_score").asDouble())
                .isEqualTo(Math.round(1000.0 * passed / (passed + failed)) / 10.0);
        assertThat(report.path("coverage").isNumber()).isTrue();
        assertThat(report.path("worst_severity").asString()).isEqualTo("critical");
        assertThat(report.path("summary").propertyNames()).contains("critical", "high", "medium", "low", "info");
        assertThat(report.path("summary").path("critical").asInt()).isEqualTo(2);
        assertThat(report.path("issues").findValuesAsString("id"))
                .contains("port-conflict-18020", "identity-mismatch-janus");
        assertThat(failed).isEqualTo(report.path("issues").size());
        for (JsonNode issue : report.path("issues")) {
            assertThat(issue.propertyNames()).containsAll(ISSUE);
            assertThat(issue.propertyNames()).contains("check", "fingerprint", "host", "evidence", "state");
            assertThat(issue.path("affected").isArray()).isTrue();
            assertThat(issue.path("evidence").size())
                    .as(issue.path("id").asString())
                    .isPositive();
            assertThat(Instant.parse(issue.path("detected_at").asString())).isNotNull();
        }
    }

    @Test
    void theLastReportIsServedFromThenOn() throws IOException, InterruptedException {
        String id = scan().path("report_id").asString();
        JsonNode stored = ok("/api/v1/scans/" + id);
        assertThat(stored.path("report_id").asString()).isEqualTo(id);
        assertThat(ok("/scan")).isEqualTo(ok("/scan/last"));
        assertThat(ok("/scan").propertyNames()).isEqualTo(stored.propertyNames());
    }

    @Test
    void statusIsTheLastReportInAWord() throws IOException, InterruptedException {
        JsonNode report = scan();
        JsonNode status = ok("/status");
        assertThat(status.path("status").asString()).isEqualTo("critical");
        assertThat(status.path("critical_issues").asInt())
                .isEqualTo(report.path("summary").path("critical").asInt());
        assertThat(status.path("high_issues").asInt())
                .isEqualTo(report.path("summary").path("high").asInt());
        assertThat(status.path("total_issues").asInt())
                .isEqualTo(report.path("failed_checks").asInt());
        assertThat(status.path("issues").size()).isBetween(2, 10);
        assertThat(status.path("issues").get(0).propertyNames()).containsAll(ISSUE);
        assertThat(status.path("issues").get(0).path("severity").asString()).isEqualTo("critical");
    }

    @Test
    void theDashboardIsTheLastReportInFigures() throws IOException, InterruptedException {
        JsonNode report = scan();
        JsonNode dashboard = ok("/dashboard");
        assertThat(dashboard.path("system_status").asString()).isEqualTo("critical");
        assertThat(dashboard.path("registered_agents").asInt()).isEqualTo(3);
        assertThat(dashboard.path("registered_chains").asInt()).isEqualTo(1);
        assertThat(dashboard.path("critical_issues").asInt()).isEqualTo(2);
        assertThat(dashboard.path("high_issues").asInt())
                .isEqualTo(report.path("summary").path("high").asInt());
        assertThat(Instant.parse(dashboard.path("last_scan").asString())).isNotNull();
        assertThat(dashboard.path("health_score").asDouble())
                .isEqualTo(report.path("health_score").asDouble());
        assertThat(dashboard.path("top_issues").size()).isBetween(2, 5);
    }

    @Test
    void issuesAreThoseOfTheLastReportBySeverity() throws IOException, InterruptedException {
        scan();
        JsonNode all = ok("/issues");
        assertThat(all.path("count").asInt()).isEqualTo(all.path("issues").size());
        JsonNode critical = ok("/issues?severity=critical");
        assertThat(critical.path("count").asInt()).isEqualTo(2);
        assertThat(critical.path("issues").findValuesAsString("id"))
                .containsExactlyInAnyOrder("port-conflict-18020", "identity-mismatch-janus");
        Answer refused = server.get("/issues?severity=terrible");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.code()).isEqualTo("invalid_request");
    }

    @Test
    void portsAgentsAndTheRegistryAreJudgedAfresh() throws IOException, InterruptedException {
        JsonNode ports = ok("/ports");
        assertThat(ports.path("checks").asInt()).isPositive();
        assertThat(ports.path("conflicts").findValuesAsString("id")).containsExactly("port-conflict-18020");
        assertThat(ports.path("issues").findValuesAsString("id")).contains("port-conflict-18020");
        JsonNode agents = ok("/agents/verify");
        assertThat(agents.path("checks").asInt()).isPositive();
        assertThat(agents.path("mismatches").findValuesAsString("id")).containsExactly("identity-mismatch-janus");
        assertThat(agents.path("issues").isArray()).isTrue();
        JsonNode registry = ok("/registry/validate");
        assertThat(registry.path("checks").asInt()).isPositive();
        assertThat(registry.path("valid").isBoolean()).isTrue();
        assertThat(registry.path("issues").isArray()).isTrue();
        assertThat(registry.path("valid").asBoolean())
                .isEqualTo(registry.path("issues").isEmpty());
    }

    @Test
    void whoAsksForAScanWhileOneRunsJoinsIt() throws ExecutionException, InterruptedException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<String> ask = () -> scan().path("report_id").asString();
            List<Future<String>> asked = threads.invokeAll(java.util.Collections.nCopies(12, ask));
            java.util.Set<String> reports = new java.util.HashSet<>();
            for (Future<String> each : asked) {
                reports.add(each.get());
            }
            // All come at once; who came before a scan ended has its report.
            assertThat(reports).hasSizeLessThan(12);
        }
    }

    @Test
    void thePagesOfOrchestratorsAreOpen() throws IOException, InterruptedException {
        assertThat(open("GET", "/livez").json().path("status").asString()).isEqualTo("ok");
        assertThat(open("GET", "/readyz").json().path("status").asString()).isEqualTo("ok");
        JsonNode ping = open("GET", "/api/v1/health/ping").json();
        assertThat(ping.path("status").asString()).isEqualTo("ok");
        assertThat(Instant.parse(ping.path("timestamp").asString())).isNotNull();
    }

    @Test
    void figuresAreInTheTextFormatOfPrometheus() throws IOException, InterruptedException {
        assertThat(open("GET", "/metrics").status()).isEqualTo(401);
        Answer answer = server.get("/metrics");
        assertThat(answer.status()).as(server.log()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).startsWith("text/plain; version=0.0.4");
        assertThat(answer.body().lines())
                .allMatch(line -> line.matches("# (HELP|TYPE) panoptes_[a-z_]+ .+"
                        + "|panoptes_[a-z_]+(\\{[^}]*})? [-+0-9.eE]+|panoptes_[a-z_]+(\\{[^}]*})? \\+Inf"))
                .anyMatch(line -> line.startsWith("panoptes_"));
        assertThat(answer.body()).doesNotContain("pid=").doesNotContain("path=");
    }

    @Test
    void everyRefusalIsAProblemWithACodeAndWithoutInnards() throws IOException, InterruptedException {
        problem(open("GET", "/status"), 401, "authentication_error");
        assertThat(open("GET", "/status").header("WWW-Authenticate")).isEqualTo("Bearer");
        problem(
                server.call("GET", "/status", null, Map.of("Authorization", "Bearer wrong")),
                401,
                "authentication_error");
        problem(server.get("/nowhere"), 404, "not_found");
        problem(server.get("/api/v1/scans/00000000"), 404, "not_found");
        Answer method = server.call("DELETE", "/status", null);
        problem(method, 405, "method_not_allowed");
        assertThat(method.header("Allow")).isEqualTo("GET, HEAD");
        for (String body : List.of(
                "{",
                "[]",
                "\"text\"",
                "{\"name\": 1, \"role\": \"viewer\"}",
                "{\"name\": \"x\"}",
                "{\"name\": \"x\", \"role\": \"viewer\", \"unknown\": 1}",
                "{\"name\": \"x\", \"name\": \"y\", \"role\": \"viewer\"}",
                "{\"name\": \"x\\u0000\", \"role\": \"viewer\"}",
                "{\"name\": \"x\", \"role\": \"king\"}",
                "[".repeat(5_000) + "]".repeat(5_000))) {
            Answer answer = server.post("/api/v1/tokens", body);
            assertThat(answer.status()).as(body).isBetween(400, 422);
            problem(answer, answer.status(), answer.code());
        }
        JsonNode errors = server.post("/api/v1/tokens", "{\"name\": \"x\", \"role\": \"king\", \"crown\": 1}")
                .json()
                .path("errors");
        assertThat(errors.findValuesAsString("pointer")).contains("/role", "/crown");
        problem(server.post("/api/v1/tokens", "{\"name\": \"" + "x".repeat(2 << 20) + "\"}"), 413, "too_large");
        assertThat(ok("/api/v1/tokens").path("items").findValuesAsString("name"))
                .doesNotContain("x", "y");
    }

    private void problem(Answer answer, int status, String code) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        JsonNode problem = answer.json();
        assertThat(problem.propertyNames()).contains("type", "title", "status", "detail", "instance", "code");
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("code").asString()).isEqualTo(code);
        assertThat(answer.body())
                .doesNotContainIgnoringCase("exception")
                .doesNotContain("SELECT")
                .doesNotContain(directory.toString());
    }

    @Test
    void aCallerWhoAsksTooOftenIsToldWhenToComeBack() throws IOException, InterruptedException {
        // Anonymous callers are counted by address: nobody else is slowed down.
        Answer limited = null;
        for (int i = 0; i < 2_000 && limited == null; i++) {
            Answer answer = open("GET", "/status");
            limited = answer.status() == 429 ? answer : null;
        }
        assertThat(limited).isNotNull();
        problem(limited, 429, "rate_limited");
        assertThat(Integer.parseInt(String.valueOf(limited.header("Retry-After"))))
                .isPositive();
        assertThat(server.get("/status").status()).isEqualTo(200);
    }

    @Test
    void theFirstAdminIsTheOneWhosePasswordWasPrintedOnce() throws IOException, InterruptedException {
        Path file = server.dataDirectory().resolve("admin.password");
        String password = Files.readString(file).strip();
        assertThat(server.log()).containsOnlyOnce(password);
        for (Path each : List.of(file, server.dataDirectory().resolve("admin.token"))) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
                    .isEqualTo("rw-------");
        }
        Answer login = server.call(
                "POST", "/api/v1/session", "{\"name\": \"admin\", \"password\": \"" + password + "\"}", Map.of());
        assertThat(login.status()).as(login.body()).isIn(200, 201);
        assertThat(login.json().path("password_change_required").asBoolean()).isTrue();
        assertThat(login.json().path("role").asString()).isEqualTo("admin");
        assertThat(login.header("Set-Cookie")).containsIgnoringCase("HttpOnly").containsIgnoringCase("SameSite=Strict");
    }

    @Test
    void theSecondStartIsReadySoonAndMakesNoOtherAdmin() throws IOException, InterruptedException {
        Path other = Files.createDirectory(directory.resolve("other"));
        ServerSetup setup = ServerSetup.in(other);
        if (postgres != null) {
            try {
                setup = setup.database(postgres).environment("DATABASE_URL", postgres.create("second"));
            } catch (java.sql.SQLException e) {
                throw new IllegalStateException(e);
            }
        }
        try (StartedServer first = setup.start()) {
            String password = Files.readString(first.dataDirectory().resolve("admin.password"));
            assertThat(first.stop()).isZero();
            try (StartedServer second = first.again()) {
                System.getLogger("start").log(System.Logger.Level.INFO, on + " second start: " + second.startTime());
                // About one second alone on the machine; a test is not.
                assertThat(second.startTime()).isLessThan(Duration.ofSeconds(15));
                assertThat(second.log()).doesNotContain("first admin").doesNotContain(password.strip());
                assertThat(Files.readString(second.dataDirectory().resolve("admin.password")))
                        .isEqualTo(password);
                assertThat(second.stop()).isZero();
            }
        }
    }
}
