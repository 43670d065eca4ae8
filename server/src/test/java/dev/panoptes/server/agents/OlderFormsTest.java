package dev.panoptes.server.agents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.TestServer;
import dev.panoptes.server.TestServer.Answer;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Clients written from the original documents, call by call. */
@ExtendWith(TestPostgres.class)
class OlderFormsTest {
    private static final Map<String, String> SETTINGS = Map.of(
            "limits.requests_per_second",
            "0",
            "observe.local",
            "false",
            "http.cors_origins",
            "https://console.example");

    @TempDir
    Path directory;

    @Test
    void theDocumentsCallsInTheirOrder(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, SETTINGS)) {
            Answer registered = server.call(
                    "POST", "/api/v1/agents/register", """
                    {"agent_name":"security-agent","version":"1.0.0","description":"Security monitoring agent",
                     "capabilities":["log_analysis","threat_detection"],
                     "requirements":{"cpu":1,"memory":"1GB","disk":"100MB"}}
                    """, Enrolled.bearer(Enrolled.enrollmentToken(server)));
            assertThat(registered.status()).isEqualTo(201);
            assertThat(registered.json().propertyNames())
                    .contains("id", "agent_id", "credentials", "permissions", "heartbeat_interval");
            String id = registered.json().path("agent_id").asString();
            Answer token = server.call(
                    "POST",
                    "/api/v1/auth/token",
                    "{\"agent_id\":\"security-agent\",\"credentials\":"
                            + registered.json().path("credentials") + "}",
                    Map.of());
            assertThat(token.json().path("token_type").asString()).isEqualTo("bearer");
            Map<String, String> own =
                    Enrolled.bearer(token.json().path("access_token").asString());

            assertThat(server.call(
                                    "PUT",
                                    "/api/v1/agents/security-agent/config",
                                    "{\"rules\":[],\"settings\":{},\"limits\":{}}")
                            .body())
                    .isEqualTo("{\"rules\":[],\"settings\":{},\"limits\":{}}");
            Answer config = server.call("GET", "/api/v1/agents/security-agent/config", null, own);
            assertThat(config.body()).isEqualTo("{\"rules\":[],\"settings\":{},\"limits\":{}}");
            assertThat(config.header("ETag")).contains("1");
            assertThat(server.call("GET", "/api/v1/auth/permissions/security-agent", null, own)
                            .body())
                    .isEqualTo("{\"permissions\":[\"read_logs\",\"write_findings\"]}");
            assertThat(server.call(
                                    "POST",
                                    "/api/v1/metrics/" + id,
                                    "{\"events_processed\":1000,\"errors\":5,\"processing_time\":0.5}",
                                    own)
                            .status())
                    .isEqualTo(201);
            assertThat(server.call("POST", "/api/v1/agents/" + id + "/heartbeat", "{\"status\":\"running\"}", own)
                            .status())
                    .isEqualTo(200);
            JsonNode status = server.call("GET", "/api/v1/agents/" + id + "/status", null, own)
                    .json();
            assertThat(status.path("status").asString()).isEqualTo("running");
            assertThat(status.path("health").asString()).isEqualTo("healthy");
            assertThat(status.path("metrics").path("errors").asInt()).isEqualTo(5);
            assertThat(status.path("resources").isObject()).isTrue();
            JsonNode metrics = server.call("GET", "/api/v1/metrics/security-agent", null, own)
                    .json();
            assertThat(metrics.path("events_processed").asInt()).isEqualTo(1000);
            assertThat(metrics.path("processing_time").asDouble()).isEqualTo(0.5);
            JsonNode health = server.call("GET", "/api/v1/health/security-agent", null, own)
                    .json();
            assertThat(health.path("status").asString()).isEqualTo("healthy");
            assertThat(health.path("last_heartbeat").asString()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
            assertThat(server.call(
                                    "POST",
                                    "/api/v1/findings",
                                    "{\"type\":\"x\",\"severity\":\"info\",\"description\":\"d\",\"details\":{}}",
                                    own)
                            .json()
                            .path("severity")
                            .asString())
                    .isEqualTo("informational");
        }
    }

    @Test
    void anOlderClientMakesListsChangesAndEndsAgents(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, SETTINGS)) {
            for (String name : List.of("alpha", "beta", "gamma")) {
                Answer made = server.post(
                        "/api/v1/agents/",
                        "{\"name\":\"" + name + "\",\"agent_type\":\"network\"," + "\"hostname\":\"h-" + name
                                + "\",\"ip_address\":\"10.0.0.7\",\"port\":9100}");
                assertThat(made.status()).isEqualTo(201);
            }
            JsonNode page = server.get(
                            "/api/v1/agents?skip=1&limit=1&sort_by=name&sort_direction=desc&agent_type=network")
                    .json();
            assertThat(page.path("total").asInt()).isEqualTo(3);
            assertThat(page.path("page").asInt()).isEqualTo(2);
            assertThat(page.path("size").asInt()).isEqualTo(1);
            assertThat(page.path("pages").asInt()).isEqualTo(3);
            JsonNode beta = page.path("agents").get(0);
            assertThat(beta.path("name").asString()).isEqualTo("beta");
            assertThat(beta.path("hostname").asString()).isEqualTo("h-beta");
            assertThat(beta.path("status").asString()).isEqualTo("unknown");
            assertThat(server.get("/api/v1/agents?search=GAM")
                            .json()
                            .path("total")
                            .asInt())
                    .isEqualTo(1);
            assertThat(server.get("/api/v1/agents?status=wrong").status()).isEqualTo(400);

            String one = "/api/v1/agents/" + beta.path("id").asString();
            Answer said = server.post(one + "/status", "{\"status\":\"maintenance\",\"details\":{\"why\":\"update\"}}");
            assertThat(said.status()).isEqualTo(201);
            assertThat(said.json().path("details").path("why").asString()).isEqualTo("update");
            assertThat(server.get("/api/v1/agents?status=maintenance")
                            .json()
                            .path("total")
                            .asInt())
                    .isEqualTo(1);
            assertThat(server.call("PUT", one, "{\"name\":\"beta\",\"enabled\":false}")
                            .json()
                            .path("enabled")
                            .asBoolean())
                    .isFalse();
            assertThat(server.get("/api/v1/agents?enabled=false")
                            .json()
                            .path("total")
                            .asInt())
                    .isEqualTo(1);
            assertThat(server.call("PUT", one + "/config/", "{\"config\":{\"a\":[1,2]}}")
                            .json()
                            .path("config")
                            .path("a")
                            .size())
                    .isEqualTo(2);
            assertThat(server.call("DELETE", one, null).status()).isEqualTo(204);
            assertThat(server.get("/api/v1/agents").json().path("total").asInt())
                    .isEqualTo(2);
        }
    }

    @Test
    void eachKindOfAgentAnswersItsConfigurationAsItsDocumentSaysWhicheverBodyWasPut(Databases databases)
            throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, SETTINGS)) {
            Enrolled enrolled = Enrolled.on(server, "security-agent");
            String listed = server.post("/api/v1/agents", "{\"name\":\"probe\",\"agent_type\":\"custom\"}")
                    .json()
                    .path("id")
                    .asString();
            String document = "{\"rules\":[{\"id\":\"r\"}],\"settings\":{\"a\":1},\"limits\":{\"cpu\":50}}";
            for (String agent : List.of(enrolled.id(), listed)) {
                String path = "/api/v1/agents/" + agent + "/config";
                boolean older = agent.equals(listed);
                for (String body : List.of(document, "{\"config\":{\"settings\":{\"b\":2}}}")) {
                    Answer put = server.call("PUT", path, body);
                    assertThat(put.status()).as(agent + " " + put.body()).isEqualTo(200);
                    Answer got = server.get(path);
                    assertThat(got.header("ETag")).isNotNull();
                    if (older) {
                        assertThat(got.json().propertyNames())
                                .contains("config", "version", "last_updated", "agent_metadata");
                    } else {
                        assertThat(got.json().propertyNames()).containsExactly("rules", "settings", "limits");
                    }
                }
            }
            assertThat(server.call("DELETE", "/api/v1/agents/" + listed, null).status())
                    .isEqualTo(204);
        }
    }

    @Test
    void findingsSpeakBothVocabularies(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, SETTINGS)) {
            Enrolled agent = Enrolled.on(server, "wifi-agent");
            String body = "{\"type\":\"rogue_ap\",\"severity\":\"High\",\"title\":\"t\",\"description\":\"d\","
                    + "\"device_id\":\"ap-1\",\"finding_metadata\":{\"n\":1}}";
            List<Integer> statuses = new ArrayList<>();
            JsonNode told = null;
            for (int i = 0; i < 3; i++) {
                Answer answer = agent.call(server, "POST", "/api/v1/findings", body);
                statuses.add(answer.status());
                told = answer.json();
            }
            assertThat(statuses).containsExactly(201, 200, 200);
            assertThat(told.path("count").asInt()).isEqualTo(3);
            assertThat(told.path("finding_metadata").path("n").asInt()).isEqualTo(1);
            assertThat(told.path("device_id").asString()).isEqualTo("ap-1");
            String one = "/api/v1/findings/" + told.path("id").asString();
            assertThat(server.get("/api/v1/findings?status=open")
                            .json()
                            .path("total")
                            .asInt())
                    .isEqualTo(1);
            assertThat(server.call("PUT", one, "{\"status\":\"in_progress\"}")
                            .json()
                            .path("status")
                            .asString())
                    .isEqualTo("INVESTIGATING");
            assertThat(server.call("PATCH", one, "{\"status\":\"resolved\"}")
                            .json()
                            .path("status")
                            .asString())
                    .isEqualTo("RESOLVED");
            // Found again after it was resolved, it is a new one; and then the old one cannot be open beside it.
            assertThat(agent.call(server, "POST", "/api/v1/findings", body).status())
                    .isEqualTo(201);
            assertThat(server.call("PATCH", one, "{\"status\":\"NEW\"}").status())
                    .isEqualTo(409);
            JsonNode list = server.get("/api/v1/findings?skip=0&limit=1").json();
            assertThat(list.path("total").asInt()).isEqualTo(2);
            assertThat(list.path("limit").asInt()).isEqualTo(1);
            assertThat(list.path("findings")).isEqualTo(list.path("items"));
        }
    }

    @Test
    void aFormLogsInForABearerTokenThatEndsWithItsSession(Databases databases)
            throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, SETTINGS)) {
            String once = server.post("/api/v1/users", "{\"name\":\"eva\",\"role\":\"operator\"}")
                    .json()
                    .path("one_time_password")
                    .asString();
            assertThat(login(server, "eva", once).status()).isEqualTo(403);
            Answer session = server.call(
                    "POST", "/api/v1/session", "{\"name\":\"eva\",\"password\":\"" + once + "\"}", Map.of());
            Map<String, String> cookie = new LinkedHashMap<>();
            cookie.put("Cookie", String.valueOf(session.header("Set-Cookie")).split(";", 2)[0]);
            cookie.put("X-CSRF-Token", session.json().path("csrf_token").asString());
            String password = "a long password of the test";
            assertThat(server.call(
                                    "PUT",
                                    "/api/v1/session/password",
                                    "{\"current\":\"" + once + "\",\"new\":\"" + password + "\"}",
                                    cookie)
                            .status())
                    .isEqualTo(204);

            Answer in = login(server, "eva", password);
            assertThat(in.json().path("token_type").asString()).isEqualTo("bearer");
            Map<String, String> bearer =
                    Enrolled.bearer(in.json().path("access_token").asString());
            assertThat(server.call("GET", "/api/v1/auth/me", null, bearer)
                            .json()
                            .path("role")
                            .asString())
                    .isEqualTo("operator");
            assertThat(server.call("POST", "/api/v1/agents", "{\"name\":\"x\"}", bearer)
                            .status())
                    .isEqualTo(201);
            assertThat(login(server, "eva", "wrong").status()).isEqualTo(401);
            String id = server.get("/api/v1/users")
                    .json()
                    .path("items")
                    .valueStream()
                    .filter(user -> user.path("name").asString().equals("eva"))
                    .findFirst()
                    .orElseThrow()
                    .path("id")
                    .asString();
            server.call("PATCH", "/api/v1/users/" + id, "{\"disabled\":true}");
            assertThat(server.call("GET", "/api/v1/auth/me", null, bearer).status())
                    .isEqualTo(401);
        }
    }

    private static Answer login(TestServer server, String name, String password)
            throws IOException, InterruptedException {
        return server.call(
                "POST",
                "/api/v1/auth/login",
                "username=" + name + "&password=" + password.replace(" ", "+"),
                Map.of("Content-Type", "application/x-www-form-urlencoded"));
    }

    @Test
    void errorsHaveAMessageAndPagesOfAnAllowedOriginMayCall(Databases databases)
            throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, SETTINGS)) {
            JsonNode problem = server.get("/api/v1/agents/nobody/").json();
            assertThat(problem.path("message")).isEqualTo(problem.path("detail"));
            assertThat(problem.path("code").asString()).isEqualTo("not_found");

            Map<String, String> page =
                    Map.of("Origin", "https://console.example", "Access-Control-Request-Method", "GET");
            Answer asked = server.call("OPTIONS", "/api/v1/agents", null, page);
            assertThat(asked.status()).isEqualTo(204);
            assertThat(asked.header("Access-Control-Allow-Origin")).isEqualTo("https://console.example");
            assertThat(asked.header("Access-Control-Allow-Credentials")).isNull();
            Map<String, String> call = new LinkedHashMap<>(Enrolled.bearer(server.adminToken()));
            call.put("Origin", "https://console.example");
            assertThat(server.call("GET", "/api/v1/agents", null, call).header("Access-Control-Allow-Origin"))
                    .isEqualTo("https://console.example");
            call.put("Origin", "https://evil.example");
            assertThat(server.call("GET", "/api/v1/agents", null, call).header("Access-Control-Allow-Origin"))
                    .isNull();
            assertThat(server.call(
                                    "OPTIONS",
                                    "/api/v1/agents",
                                    null,
                                    Map.of("Origin", "https://evil.example", "Access-Control-Request-Method", "GET"))
                            .status())
                    .isEqualTo(405);
        }
    }
}
