package dev.panoptes.server.scans;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.TestServer;
import dev.panoptes.server.TestServer.Answer;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The integrity calls as a client of the original system makes them. */
@ExtendWith(TestPostgres.class)
class ScanTest {
    private static final String CONFLICT = """
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
        chains:
          morning: {steps: [{agent: varys, action: list}]}
        """;
    private static final String HEALED = CONFLICT.replace("cerberus:18020", "cerberus:18025");

    @TempDir
    Path directory;

    private Path registry;

    @BeforeEach
    void writeRegistry() throws IOException {
        registry = Files.writeString(directory.resolve("agent-registry.yaml"), CONFLICT);
    }

    private TestServer start(Databases databases, Map<String, String> more) throws InterruptedException {
        Map<String, String> settings = new java.util.HashMap<>(
                Map.of("registry", registry.toString(), "observe.local", "false", "watch.interval", "1h"));
        settings.putAll(more);
        return TestServer.start(databases, directory, settings);
    }

    @Test
    void aScanIsAnsweredWithItsReportAndServedFromThenOn(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = start(databases, Map.of())) {
            JsonNode report = server.post("/scan", "").json();
            assertThat(report.path("report_id").asString()).matches("[0-9a-f]{8}");
            assertThat(report.path("issues").findValuesAsString("id")).contains("port-conflict-18020");
            for (String path : new String[] {
                "/scan",
                "/scan/last",
                "/api/v1/scans/" + report.path("report_id").asString()
            }) {
                assertThat(server.get(path).json()).as(path).isEqualTo(report);
            }
            JsonNode status = server.get("/status").json();
            assertThat(status.path("status").asString()).isEqualTo("critical");
            assertThat(status.path("critical_issues").asInt()).isEqualTo(1);
            assertThat(status.path("total_issues").asInt())
                    .isEqualTo(report.path("failed_checks").asInt());
            assertThat(status.path("issues").get(0).path("id").asString()).isEqualTo("port-conflict-18020");

            JsonNode dashboard = server.get("/dashboard").json();
            assertThat(dashboard.path("system_status").asString()).isEqualTo("critical");
            assertThat(dashboard.path("registered_agents").asInt()).isEqualTo(2);
            assertThat(dashboard.path("registered_chains").asInt()).isEqualTo(1);
            assertThat(dashboard.path("last_scan").asString())
                    .isEqualTo(report.path("scan_completed").asString());
            assertThat(dashboard.path("health_score").asDouble())
                    .isEqualTo(report.path("health_score").asDouble());

            JsonNode health = server.call("GET", "/health", null, Map.of()).json();
            assertThat(health.propertyNames())
                    .containsExactly(
                            "status",
                            "agent",
                            "role",
                            "port",
                            "version",
                            "timestamp",
                            "last_scan",
                            "registered_agents");
            assertThat(health.path("agent").asString()).isEqualTo("PANOPTES");
            assertThat(health.path("role").asString()).isEqualTo("Integrity Guardian");
            assertThat(server.url()).endsWith(":" + health.path("port").asInt());
            assertThat(health.path("registered_agents").asInt()).isEqualTo(2);
        }
    }

    @Test
    void theRegistryThatWasJudgedIsKeptThoughItsFileHasChangedMeanwhile(Databases databases)
            throws IOException, InterruptedException {
        try (ServerSocket agent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String judged = """
                version: '1.0'
                agents:
                  one: {name: ONE, connection: {url: 'http://127.0.0.1:%d', health: /health}}
                """.formatted(agent.getLocalPort());
            Files.writeString(registry, judged);
            try (TestServer server = start(databases, Map.of("observe.local", "true", "scan.probe_timeout", "1m"))) {
                try (Socket _ = agent.accept()) {
                    // The agent is asked, so the registry that names it has been read.
                    Files.writeString(registry, HEALED);
                }
                Thread.ofVirtual().start(() -> hangUp(agent));
                String digest = server.get("/scan/last")
                        .json()
                        .path("registry")
                        .path("digest")
                        .asString();
                byte[] kept = server.database()
                        .transaction(transaction -> transaction.one(
                                "SELECT body FROM registry_revisions WHERE digest = ?",
                                row -> row.bytes("body"),
                                digest));
                try (GZIPInputStream unpacked = new GZIPInputStream(new ByteArrayInputStream(kept))) {
                    assertThat(new String(unpacked.readAllBytes(), StandardCharsets.UTF_8))
                            .isEqualTo(judged);
                }
            }
        }
    }

    /** Whatever else is asked ends at once, until the socket is closed. */
    private static void hangUp(ServerSocket agent) {
        try {
            while (true) {
                agent.accept().close();
            }
        } catch (IOException e) {
            assertThat(agent.isClosed()).isTrue();
        }
    }

    @Test
    void issuesAreFilteredBySeverityAndAnUnknownOneIsRefused(Databases databases)
            throws IOException, InterruptedException {
        try (TestServer server = start(databases, Map.of())) {
            server.post("/scan", "");
            JsonNode critical = server.get("/issues?severity=critical").json();
            assertThat(critical.path("count").asInt()).isEqualTo(1);
            assertThat(critical.path("issues").get(0).path("affected").size()).isEqualTo(2);
            assertThat(server.get("/issues").json().path("count").asInt()).isGreaterThanOrEqualTo(1);
            Answer refused = server.get("/issues?severity=terrible");
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.code()).isEqualTo("invalid_request");
        }
    }

    @Test
    void theFreshCallsRunTheirChecksAndStoreNothing(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = start(databases, Map.of())) {
            String before = server.post("/scan", "").json().path("report_id").asString();
            Files.writeString(registry, HEALED);
            assertThat(server.get("/ports").json().path("conflicts").size()).isZero();
            JsonNode validity = server.get("/registry/validate").json();
            assertThat(validity.path("valid").asBoolean()).isTrue();
            assertThat(validity.path("checks").asInt()).isPositive();
            assertThat(server.get("/agents/verify").json().path("mismatches").isArray())
                    .isTrue();
            assertThat(server.get("/scan/last").json().path("report_id").asString())
                    .isEqualTo(before);
            assertThat(server.get("/status").json().path("status").asString()).isEqualTo("critical");
        }
    }

    @Test
    void anIssueThatIsGoneIsResolvedAndOneThatComesBackHasRegressed(Databases databases)
            throws IOException, InterruptedException {
        try (TestServer server = start(databases, Map.of())) {
            server.post("/scan", "");
            Files.writeString(registry, HEALED);
            server.post("/scan", "");
            assertThat(server.get("/issues?severity=critical")
                            .json()
                            .path("count")
                            .asInt())
                    .isZero();
            Files.writeString(registry, CONFLICT);
            JsonNode report = server.post("/scan", "").json();
            JsonNode issue = report.path("issues").get(0);
            assertThat(issue.path("id").asString()).isEqualTo("port-conflict-18020");
            assertThat(issue.path("state").asString()).isEqualTo("regressed");
            assertThat(issue.path("first_seen").asString())
                    .isLessThan(report.path("scan_started").asString());
        }
    }

    @Test
    void whereNothingWasJudgedThereIsNoScore(Databases databases) throws IOException, InterruptedException {
        Files.delete(registry);
        try (TestServer server = start(databases, Map.of())) {
            server.post("/scan", "");
            // What is waived counts for nothing, and without a registry there is nothing else.
            Answer waived = server.post(
                    "/api/v1/integrity/issues/registry-parse-error/waive",
                    "{\"owner\": \"eva\", \"reason\": \"it is being moved\", \"expires\": \"%s\"}"
                            .formatted(LocalDate.now(ZoneOffset.UTC).plusDays(7)));
            assertThat(waived.status()).as(waived.body()).isEqualTo(200);
            JsonNode report = server.post("/scan", "").json();
            assertThat(report.path("passed_checks").asInt()
                            + report.path("failed_checks").asInt())
                    .isZero();
            assertThat(report.path("health_score").isNull()).isTrue();
            assertThat(server.get("/dashboard").json().path("health_score").isNull())
                    .isTrue();
            assertThat(server.get("/api/v1/scans")
                            .json()
                            .path("items")
                            .get(0)
                            .path("health_score")
                            .isNull())
                    .isTrue();
            assertThat(server.get("/metrics").body()).doesNotContain("panoptes_health_score");
        }
    }

    @Test
    void aMissingRegistryIsAnIssueAndNoFailedStart(Databases databases) throws IOException, InterruptedException {
        Files.delete(registry);
        try (TestServer server = start(databases, Map.of())) {
            JsonNode report = server.post("/scan", "").json();
            assertThat(report.path("issues").findValuesAsString("check")).contains("registry-parse-error");
            assertThat(server.get("/registry/validate").json().path("valid").asBoolean())
                    .isFalse();
            Files.writeString(registry, HEALED);
            assertThat(server.post("/scan", "").json().path("issues").findValuesAsString("check"))
                    .doesNotContain("registry-parse-error");
        }
    }

    @Test
    void aReportIsSentCompressedToWhoCanReadIt(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = start(databases, Map.of());
                HttpClient client = HttpClient.newHttpClient()) {
            byte[] plain = server.post("/scan", "").body().getBytes(java.nio.charset.StandardCharsets.UTF_8);
            HttpResponse<byte[]> response = client.send(
                    HttpRequest.newBuilder(URI.create(server.url() + "/scan/last"))
                            .header("Authorization", "Bearer " + server.adminToken())
                            .header("Accept-Encoding", "gzip")
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            assertThat(response.headers().firstValue("Content-Encoding")).contains("gzip");
            assertThat(new GZIPInputStream(new ByteArrayInputStream(response.body())).readAllBytes())
                    .isEqualTo(plain);
        }
    }

    @Test
    void daysToLaunchAreCountedWhileThereIsADate(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = start(databases, Map.of("launch_date", "2999-01-01"))) {
            assertThat(server.call("GET", "/health", null, Map.of())
                            .json()
                            .path("days_to_launch")
                            .asLong())
                    .isGreaterThan(100_000);
        }
    }

    @Test
    void theStoredScansAreListedPageByPage(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = start(databases, Map.of())) {
            for (int i = 0; i < 3; i++) {
                server.post("/scan", "");
            }
            JsonNode first = server.get("/api/v1/scans?limit=2").json();
            JsonNode rest = server.get("/api/v1/scans?limit=1000&cursor="
                            + first.path("next").asString())
                    .json();
            assertThat(first.path("items").size()).isEqualTo(2);
            assertThat(rest.path("items").size()).isGreaterThanOrEqualTo(1);
            assertThat(rest.path("next").isNull()).isTrue();
            assertThat(first.path("items").get(1).path("id").asLong())
                    .isGreaterThan(rest.path("items").get(0).path("id").asLong());
            assertThat(server.get("/api/v1/scans?cursor=nonsense").status()).isEqualTo(400);
            assertThat(server.get("/api/v1/scans?limit=0").status()).isEqualTo(400);
        }
    }
}
