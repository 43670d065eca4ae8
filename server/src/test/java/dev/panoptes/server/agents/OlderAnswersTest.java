package dev.panoptes.server.agents;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.SignedJWT;
import dev.panoptes.server.TestServer;
import dev.panoptes.server.TestServer.Answer;
import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.Method;
import dev.panoptes.server.http.Route;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What clients of the older forms look for in answers: keys, words, times and spellings of paths. */
@ExtendWith(TestPostgres.class)
class OlderAnswersTest {
    private static final String SECOND = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ";
    private static final Map<String, String> SETTINGS =
            Map.of("limits.requests_per_second", "0", "observe.local", "false");

    @TempDir
    Path directory;

    private static List<String> keys(JsonNode object) {
        return new ArrayList<>(object.propertyNames());
    }

    @Test
    void aListedAgentHasEveryOlderKeyAndEveryOlderStatusIsTaken(Databases databases)
            throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, SETTINGS)) {
            JsonNode made = server.post(
                            "/api/v1/agents",
                            "{\"name\":\"probe\",\"agent_type\":\"security\",\"hostname\":\"h\",\"ip_address\":\"10.0.0.7\","
                                    + "\"port\":9100}")
                    .json();
            assertThat(made.path("name").asString()).isEqualTo("probe");
            JsonNode page = server.get("/api/v1/agents").json();
            assertThat(keys(page)).contains("agents", "items", "total", "page", "size", "pages");
            assertThat(page.path("agents")).isEqualTo(page.path("items"));
            JsonNode entry = page.path("agents").get(0);
            assertThat(keys(entry))
                    .contains(
                            "id",
                            "name",
                            "agent_type",
                            "hostname",
                            "ip_address",
                            "port",
                            "enabled",
                            "status",
                            "last_seen",
                            "agent_metadata");
            assertThat(entry.path("agent_type").asString()).isEqualTo("security");
            assertThat(entry.path("last_seen").isNull()).isTrue();

            String path = "/api/v1/agents/" + made.path("id").asString();
            for (String word : List.of("unknown", "online", "offline", "error", "maintenance", "active")) {
                Answer said = server.post(path + "/status", "{\"status\":\"" + word + "\",\"details\":{\"n\":1}}");
                assertThat(said.status()).as(word + ": " + said.body()).isEqualTo(201);
                assertThat(keys(said.json())).containsExactlyInAnyOrder("status", "timestamp", "details", "metrics");
                assertThat(said.json().path("status").asString()).isEqualTo(word);
                assertThat(said.json().path("timestamp").asString()).matches(SECOND);
            }
            assertThat(server.post(path + "/status", "{\"status\":\"sleepy\"}").status())
                    .isEqualTo(400);
            assertThat(server.get("/api/v1/agents")
                            .json()
                            .path("agents")
                            .get(0)
                            .path("last_seen")
                            .asString())
                    .matches(SECOND);
            for (String type : List.of("custom", "system", "network", "security")) {
                assertThat(server.post(
                                        "/api/v1/agents",
                                        "{\"name\":\"a " + type + "\",\"agent_type\":\"" + type + "\"}")
                                .status())
                        .isEqualTo(201);
            }
            assertThat(server.post("/api/v1/agents", "{\"name\":\"x\",\"agent_type\":\"king\"}")
                            .status())
                    .isEqualTo(400);

            Answer config = server.call("PUT", path + "/config", "{\"config\":{\"a\":1}}");
            assertThat(keys(config.json())).contains("config", "version", "last_updated", "agent_metadata");
            assertThat(server.get(path + "/config").json().path("last_updated").asString())
                    .matches(SECOND);
        }
    }

    @Test
    void findingsHaveEveryOlderKeyAndOlderWordsFilterAndChangeThem(Databases databases)
            throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, SETTINGS)) {
            Enrolled agent = Enrolled.on(server, "wifi-agent");
            String id = agent.call(
                            server,
                            "POST",
                            "/api/v1/findings",
                            "{\"type\":\"rogue_ap\",\"severity\":\"high\",\"description\":\"d\",\"source\":\"scan\"}")
                    .json()
                    .path("id")
                    .asString();
            for (Map.Entry<String, String> each : Map.of(
                            "open", "NEW", "in_progress", "INVESTIGATING", "resolved", "RESOLVED", "closed", "CLOSED")
                    .entrySet()) {
                Answer put = server.call("PUT", "/api/v1/findings/" + id, "{\"status\":\"" + each.getKey() + "\"}");
                assertThat(put.status()).as(put.body()).isEqualTo(200);
                assertThat(put.json().path("status").asString()).isEqualTo(each.getValue());
                for (String word : List.of(each.getKey(), each.getValue())) {
                    JsonNode page =
                            server.get("/api/v1/findings?status=" + word).json();
                    assertThat(page.path("total").asInt()).as(word).isEqualTo(1);
                    assertThat(keys(page)).contains("findings", "items", "total", "skip", "limit");
                    JsonNode one = page.path("findings").get(0);
                    assertThat(keys(one))
                            .contains(
                                    "id",
                                    "title",
                                    "source",
                                    "severity",
                                    "description",
                                    "finding_metadata",
                                    "device_id",
                                    "created_at",
                                    "updated_at");
                    assertThat(one.path("created_at").asString()).matches(SECOND);
                    assertThat(one.path("updated_at").asString()).matches(SECOND);
                }
            }
        }
    }

    @Test
    void aLoginIsATokenOfASubject(Databases databases) throws IOException, InterruptedException, ParseException {
        try (TestServer server = TestServer.start(databases, directory, SETTINGS)) {
            String once = server.post("/api/v1/users", "{\"name\":\"eva\",\"role\":\"operator\"}")
                    .json()
                    .path("one_time_password")
                    .asString();
            Answer session = server.call(
                    "POST", "/api/v1/session", "{\"name\":\"eva\",\"password\":\"" + once + "\"}", Map.of());
            Map<String, String> cookie = Map.of(
                    "Cookie",
                    String.valueOf(session.header("Set-Cookie")).split(";", 2)[0],
                    "X-CSRF-Token",
                    session.json().path("csrf_token").asString());
            server.call(
                    "PUT",
                    "/api/v1/session/password",
                    "{\"current\":\"" + once + "\",\"new\":\"a long password of the test\"}",
                    cookie);
            Answer in = server.call(
                    "POST",
                    "/api/v1/auth/login",
                    "username=eva&password=a+long+password+of+the+test",
                    Map.of("Content-Type", "application/x-www-form-urlencoded"));
            assertThat(keys(in.json())).contains("access_token", "token_type");
            SignedJWT token = SignedJWT.parse(in.json().path("access_token").asString());
            assertThat(token.getJWTClaimsSet().getSubject()).isEqualTo("eva");
            assertThat(token.getHeader().getAlgorithm().getName()).isEqualTo("HS256");
            assertThat(token.getJWTClaimsSet().getExpirationTime()).isNotNull();
        }
    }

    @Test
    void anAgentsTokenSaysWhoseItIsAndHowLongItHolds(Databases databases)
            throws IOException, InterruptedException, ParseException {
        try (TestServer server = TestServer.start(databases, directory, SETTINGS)) {
            Enrolled agent = Enrolled.on(server, "wifi-agent");
            SignedJWT token = SignedJWT.parse(agent.token());
            assertThat(token.getJWTClaimsSet().getStringClaim("agent_id")).isEqualTo(agent.id());
            assertThat(token.getJWTClaimsSet().getExpirationTime().getTime()
                            - token.getJWTClaimsSet().getIssueTime().getTime())
                    .isEqualTo(3_600_000);
            assertThat(agent.call(server, "GET", "/api/v1/auth/permissions/wifi-agent/", null)
                            .body())
                    .isEqualTo("{\"permissions\":[\"read_wifi\",\"write_findings\"]}");
            assertThat(Enrolled.on(server, "any-other")
                            .call(server, "GET", "/api/v1/auth/permissions/any-other", null)
                            .body())
                    .isEqualTo("{\"permissions\":[\"write_findings\"]}");
        }
    }

    @Test
    void everyPathWorksWithATrailingSlash(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, SETTINGS)) {
            Enrolled agent = Enrolled.on(server, "wifi-agent");
            agent.fillIn(server);
            List<String> different = new ArrayList<>();
            for (Route route : server.routes()) {
                // The stream has no end, and a scan would run for each.
                if (!route.path().startsWith("/api/v1/") || route.path().endsWith("/stream")) {
                    continue;
                }
                String path = agent.path(route.path()).replaceAll("\\{[^}]+}", "x");
                // A body that no route takes: nothing changes.
                String body = route.method().writes() ? "[]" : null;
                boolean takes = route.method() == Method.GET || !route.access().equals(Access.OPEN);
                if (takes && route.method() != Method.DELETE) {
                    int without = server.call(route.method().name(), path, body).status();
                    int with =
                            server.call(route.method().name(), path + "/", body).status();
                    if (without != with) {
                        different.add(route.method() + " " + path + ": " + without + ", with a slash " + with);
                    }
                }
            }
            assertThat(different).isEmpty();
            for (String gone : List.of("/api/v1/auth/validate", "/api/v1/auth/refresh")) {
                assertThat(server.post(gone, "{}").status())
                        .as("not served: " + gone)
                        .isEqualTo(404);
            }
        }
    }
}
