package dev.panoptes.server.agents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.TestServer;
import dev.panoptes.server.TestServer.Answer;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** An agent of a test server, as a real one: enrolled with a token, calling with one of its own. */
public final class Enrolled {
    private final JsonNode registered;
    private final String token;
    private String finding = "00000000-0000-4000-8000-000000000000";
    private String ticket = "0";
    private String rollout = "00000000-0000-4000-8000-000000000000";

    private Enrolled(JsonNode registered, String token) {
        this.registered = registered;
        this.token = token;
    }

    /** A token for one more agent. */
    public static String enrollmentToken(TestServer server) throws IOException, InterruptedException {
        return server.post("/api/v1/enrollment-tokens", "{\"name\": \"test\", \"uses\": 1000}")
                .json()
                .path("token")
                .asString();
    }

    public static Enrolled on(TestServer server, String name) throws IOException, InterruptedException {
        return with(server, enrollmentToken(server), "{\"agent_name\": \"" + name + "\"}");
    }

    /** @param body what it registers with */
    public static Enrolled with(TestServer server, String enrollment, String body)
            throws IOException, InterruptedException {
        Answer answer = server.call("POST", "/api/v1/agents/register", body, bearer(enrollment));
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        JsonNode registered = answer.json();
        return new Enrolled(registered, accessToken(server, registered));
    }

    private static String accessToken(TestServer server, JsonNode registered) throws IOException, InterruptedException {
        Answer answer = server.call(
                "POST",
                "/api/v1/auth/token",
                "{\"agent_id\": " + registered.path("id") + ", \"credentials\": " + registered.path("credentials")
                        + "}",
                Map.of());
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json().path("access_token").asString();
    }

    /** The same agent with a new access token. */
    public Enrolled again(TestServer server) throws IOException, InterruptedException {
        return new Enrolled(registered, accessToken(server, registered));
    }

    static Map<String, String> bearer(String token) {
        return Map.of("Authorization", "Bearer " + token);
    }

    public String id() {
        return registered.path("id").asString();
    }

    public String token() {
        return token;
    }

    public JsonNode registered() {
        return registered;
    }

    public Answer call(TestServer server, String method, String path, @Nullable String body)
            throws IOException, InterruptedException {
        return server.call(method, path, body, bearer(token));
    }

    public Answer beat(TestServer server, String body) throws IOException, InterruptedException {
        return call(server, "POST", "/api/v1/agents/" + id() + "/heartbeat", body);
    }

    /** Has it beat, be configured, measure and find, so that there is something to read. */
    public void fillIn(TestServer server) throws IOException, InterruptedException {
        Map<String, String> calls = new LinkedHashMap<>();
        calls.put("/api/v1/agents/" + id() + "/heartbeat", "{\"status\": \"running\", \"resources\": {\"cpu\": 12.5}}");
        calls.put("/api/v1/metrics/" + id(), "{\"errors\": 5}");
        calls.put("/api/v1/findings", "{\"type\": \"scan\", \"severity\": \"low\", \"description\": \"x\"}");
        for (Map.Entry<String, String> each : calls.entrySet()) {
            Answer answer = call(server, "POST", each.getKey(), each.getValue());
            assertThat(answer.status()).as(answer.body()).isBetween(200, 201);
            if (each.getKey().endsWith("findings")) {
                finding = answer.json().path("id").asString();
            }
        }
        ticket = server.post("/api/v1/tickets", "{\"title\": \"x\"}")
                .json()
                .path("id")
                .toString();
        String name = registered.path("name").asString();
        assertThat(server.call("PUT", "/api/v1/config-schemas/" + name, "{\"type\": \"object\"}")
                        .status())
                .isEqualTo(200);
        rollout = server.call("PUT", "/api/v1/agents/" + id() + "/config?stages=100", "{\"settings\": {\"a\": 0}}")
                .json()
                .path("id")
                .asString();
        assertThat(server.call("PUT", "/api/v1/agents/" + id() + "/config", "{\"settings\": {\"a\": 1}}")
                        .status())
                .isEqualTo(200);
    }

    /** A path of the description with what there is of this agent. */
    public String path(String described) {
        return described
                .replace("{agent_id}", id())
                .replace("{agent_name}", registered.path("name").asString())
                .replace("{finding_id}", finding)
                .replace("{ticket_id}", ticket)
                .replace("{rollout_id}", rollout);
    }
}
