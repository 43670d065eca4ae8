package dev.panoptes.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.panoptes.server.TestServer;
import dev.panoptes.server.TestServer.Answer;
import dev.panoptes.server.agents.Enrolled;
import dev.panoptes.server.detections.SentAttack;
import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.Route;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import dev.panoptes.server.telemetry.SentEvents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The description and the server say the same. */
@ExtendWith(TestPostgres.class)
class ApiContractTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final JsonNode API = JSON.readTree(ApiDescription.json());
    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    @TempDir
    Path directory;

    @Test
    void everyRouteIsDescribedWithWhoMayCallItAndNothingElseIs(Databases databases) throws InterruptedException {
        Map<String, String> described = new TreeMap<>();
        ApiDescription.calls().forEach(call -> described.put(call.method() + " " + call.path(), call.access()));
        try (TestServer server = TestServer.start(databases, directory, Map.of("observe.local", "false"))) {
            Map<String, String> served = new TreeMap<>();
            for (Route route : server.routes()) {
                served.put(route.method() + " " + route.path(), word(route.access()));
            }
            assertThat(described).isEqualTo(served);
        }
    }

    private static String word(Access access) {
        return switch (access) {
            case Access.Open() -> "open";
            case Access.Persons() -> "person";
            case Access.Observers() -> "observer";
            case Access.Agents() -> "agent";
            case Access.Enrollees() -> "enrollment";
            case Access.AgentOr(var role, String permission) ->
                "agent or " + role.id() + (permission.isEmpty() ? "" : ": " + permission);
            case Access.AtLeast least -> least.role().id();
        };
    }

    @Test
    void everyExampleFitsItsSchema() {
        List<String> wrong = new ArrayList<>();
        int count = 0;
        for (JsonNode media : API.findParents("example")) {
            if (media.has("schema")) {
                count++;
                validate(media.path("schema"), media.path("example")).forEach(error -> wrong.add(media + ": " + error));
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(count).isGreaterThan(10);
    }

    @Test
    void whatTheServerAnswersFitsTheDescription(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, conflict())) {
            String report = server.post("/scan", "").json().path("report_id").asString();
            String issue = issue(server);
            assertThat(server.post("/api/v1/integrity/issues/" + issue + "/acknowledge", "{\"note\": \"x\"}")
                            .status())
                    .isEqualTo(200);
            server.token("viewer");
            Enrolled agent = Enrolled.on(server, "security-agent");
            agent.fillIn(server);
            String event = SentEvents.one(server);
            String incident = SentAttack.incident(server);
            List<String> wrong = new ArrayList<>();
            int count = 0;
            for (Route route : server.routes()) {
                boolean mine = route.access() instanceof Access.AtLeast
                        || route.access() instanceof Access.Open
                        || route.access() instanceof Access.AgentOr;
                boolean endless = response(route, "200").path("content").has("text/event-stream");
                if (route.method().writes() || !mine || endless || route.path().equals("/")) {
                    continue;
                }
                String path = agent.path(route.path()
                                .replace("{report_id}", report)
                                .replace("{fingerprint}", issue)
                                .replace("{event_id}", event)
                                .replace("{incident_id}", incident)
                                .replace("{rule_id}", "reverse_shell_netcat")
                                .replace("{file}", "panoptes.css")
                                .replace("{host}", "sensor-1")
                                .replace("{part}", "tokens")
                                .replace("{id}", "one"))
                        + (route.path().equals("/export/fix.patch") ? "?issue=" + issue : "");
                Answer answer = server.get(path);
                String type = String.valueOf(answer.header("Content-Type")).split(";", 2)[0];
                JsonNode media = response(route, "200").path("content").path(type);
                if (answer.status() != 200 || media.isMissingNode()) {
                    wrong.add(path + ": " + answer.status() + " " + type);
                } else if (type.equals("application/json")) {
                    count++;
                    validate(media.path("schema"), answer.json()).forEach(error -> wrong.add(path + ": " + error));
                }
            }
            assertThat(wrong).isEmpty();
            assertThat(count).isGreaterThan(15);
        }
    }

    @Test
    void aRefusalFitsTheDescription(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, Map.of("observe.local", "false"))) {
            JsonNode schema = API.path("components").path("schemas").path("Problem");
            for (Answer answer : List.of(
                    server.get("/nowhere"),
                    server.post("/livez", "{}"),
                    server.post("/api/v1/users", "{\"role\": \"king\", \"crown\": 1}"),
                    server.call("GET", "/status", null, Map.of()))) {
                assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
                assertThat(validate(schema, answer.json())).isEmpty();
                assertThat(answer.json().path("status").asInt()).isEqualTo(answer.status());
            }
        }
    }

    @Test
    void theDescriptionIsWholeInItself() {
        List<String> wrong = new ArrayList<>();
        Set<String> operations = new HashSet<>();
        Set<String> tags = new HashSet<>(API.path("tags").findValuesAsString("name"));
        API.findValues("$ref").forEach(reference -> {
            if (API.at(reference.asString().substring(1)).isMissingNode()) {
                wrong.add("no " + reference);
            }
        });
        Schema dialect = SCHEMAS.getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));
        List<JsonNode> schemas = new ArrayList<>(API.findValues("schema"));
        API.path("components").path("schemas").forEach(schemas::add);
        // A report has a field of this name, a number.
        schemas.removeIf(JsonNode::isNumber);
        schemas.forEach(schema -> dialect.validate(schema).forEach(error -> wrong.add(schema + ": " + error)));
        everyCall((path, method, call) -> {
            String name = method + " " + path;
            if (!operations.add(call.path("operationId").asString())) {
                wrong.add(name + ": its operationId is another's");
            }
            if (!tags.containsAll(
                    call.path("tags").valueStream().map(JsonNode::asString).toList())) {
                wrong.add(name + ": an unknown tag");
            }
            Set<String> declared = new TreeSet<>();
            call.path("parameters").forEach(parameter -> {
                JsonNode whole = resolved(parameter);
                if (whole.path("in").asString().equals("path")) {
                    declared.add("{" + whole.path("name").asString() + "}");
                }
            });
            Set<String> used = new TreeSet<>();
            java.util.regex.Pattern.compile("\\{[^}]+}")
                    .matcher(path)
                    .results()
                    .forEach(each -> used.add(each.group()));
            if (!declared.equals(used)) {
                wrong.add(name + ": " + declared + " are declared");
            }
        });
        assertThat(wrong).isEmpty();
        assertThat(operations).hasSizeGreaterThan(40);
    }

    @Test
    void everyBodyHasAnExample() {
        List<String> without = new ArrayList<>();
        everyCall((path, method, call) -> {
            List<JsonNode> bodies = new ArrayList<>();
            resolved(call.path("requestBody")).path("content").forEach(bodies::add);
            call.path("responses").properties().forEach(response -> {
                JsonNode json = resolved(response.getValue()).path("content").path("application/json");
                if (!json.isMissingNode() && !path.equals("/openapi.json")) {
                    bodies.add(json);
                }
            });
            if (bodies.stream().anyMatch(body -> !body.has("example"))) {
                without.add(method + " " + path);
            }
        });
        assertThat(without).isEmpty();
    }

    /** What is written down as an example is sent to a server, and what comes back is as it is written down. */
    @Test
    void everyExampleOfARequestIsTaken(Databases databases) throws IOException, InterruptedException {
        Instant now = Instant.parse("2026-03-01T06:00:00Z");
        try (TestServer server = TestServer.start(databases, directory, conflict(), () -> now)) {
            String issue = issue(server);
            String user = server.post("/api/v1/users", "{\"name\": \"zoe\", \"role\": \"operator\"}")
                    .json()
                    .path("id")
                    .asString();
            String observer = server.token("observer");
            Enrolled agent = Enrolled.on(server, "security-agent");
            agent.fillIn(server);
            String incident = SentAttack.incident(server);
            List<String> wrong = new ArrayList<>();
            int count = 0;
            for (Route route : server.routes()) {
                JsonNode body = resolved(call(route).path("requestBody"))
                        .path("content")
                        .path("application/json")
                        .path("example");
                if (body.isMissingNode()) {
                    continue;
                }
                count++;
                String path = agent.path(route.path()
                        .replace("{fingerprint}", issue)
                        .replace("{incident_id}", incident)
                        .replace("{host}", "web-1")
                        .replace("{sensor}", "dns")
                        .replace("{id}", user));
                String method = route.method().name();
                Answer answer = switch (route.access()) {
                    case Access.Observers() ->
                        server.call("POST", path, body.toString(), Map.of("Authorization", "Bearer " + observer));
                    case Access.Agents() -> agent.call(server, method, path, body.toString());
                    case Access.Enrollees() ->
                        server.call(
                                method,
                                path,
                                body.toString(),
                                Map.of("Authorization", "Bearer " + Enrolled.enrollmentToken(server)));
                    case Access.Open _, Access.AtLeast _, Access.AgentOr _, Access.Persons _ ->
                        server.call(method, path, body.toString());
                };
                JsonNode schema = response(route, Integer.toString(answer.status()))
                        .path("content")
                        .path(String.valueOf(answer.header("Content-Type")).split(";", 2)[0])
                        .path("schema");
                // Nobody's password is in the description.
                boolean right = answer.status() < 300
                        || route.path().startsWith("/api/v1/session")
                        || route.path().equals("/api/v1/auth/token");
                if (!right || schema.isMissingNode()) {
                    wrong.add(route.path() + ": " + answer.status() + " " + answer.body());
                } else {
                    validate(schema, answer.json()).forEach(error -> wrong.add(path + ": " + error));
                }
            }
            assertThat(wrong).isEmpty();
            assertThat(count).isGreaterThan(8);
        }
    }

    @Test
    void everyRefusalIsDescribed(Databases databases) throws IOException, InterruptedException {
        Map<String, String> settings = Map.of("observe.local", "false", "limits.requests_per_second", "0");
        try (TestServer server = TestServer.start(databases, directory, settings)) {
            String viewer = server.token("viewer");
            List<String> wrong = new ArrayList<>();
            Set<Integer> seen = new TreeSet<>();
            for (Route route : server.routes()) {
                String body = route.method().writes() ? "{\"zz\": 1}" : null;
                if (response(route, "200").path("content").has("text/event-stream")) {
                    // It has no end.
                    continue;
                }
                String path = route.path().replaceAll("\\{[^}]+}", "00000000-0000-4000-8000-000000000000");
                for (Answer answer : List.of(
                        server.call(route.method().name(), path, body, Map.of()),
                        server.call(route.method().name(), path, body, Map.of("Authorization", "Bearer " + viewer)),
                        server.call(route.method().name(), path, body),
                        server.call(route.method().name(), path + "?limit=0&next=a&next=b", body),
                        server.call(route.method().name(), route.path().replaceAll("\\{[^}]+}", "a%01b"), body),
                        server.call(
                                route.method().name(),
                                path,
                                body,
                                Map.of(
                                        "Authorization",
                                        "Bearer " + server.adminToken(),
                                        "Content-Type",
                                        "text/plain")))) {
                    seen.add(answer.status());
                    if (response(route, Integer.toString(answer.status())).isMissingNode()) {
                        wrong.add(route.method() + " " + route.path() + ": " + answer.status());
                    }
                }
            }
            assertThat(wrong).isEmpty();
            assertThat(seen).contains(200, 400, 401, 403, 404, 415);
        }
    }

    private interface EachCall {
        void see(String path, String method, JsonNode call);
    }

    private static void everyCall(EachCall each) {
        API.path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(call -> each.see(path.getKey(), call.getKey(), call.getValue())));
    }

    private static JsonNode call(Route route) {
        return API.path("paths").path(route.path()).path(route.method().name().toLowerCase(Locale.ROOT));
    }

    private static JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? API.at(node.path("$ref").asString().substring(1)) : node;
    }

    private Map<String, String> conflict() throws IOException {
        Path registry = Files.writeString(directory.resolve("agent-registry.yaml"), """
            version: '1.0'
            agents:
              one: {name: ONE, connection: {url: 'http://one:18020'}}
              two: {name: TWO, connection: {url: 'http://two:18020'}}
            """);
        return Map.of("registry", registry.toString(), "observe.local", "false", "limits.requests_per_second", "0");
    }

    private static String issue(TestServer server) throws IOException, InterruptedException {
        server.post("/scan", "");
        return server.get("/api/v1/integrity/issues")
                .json()
                .path("items")
                .get(0)
                .path("id")
                .asString();
    }

    private static JsonNode response(Route route, String status) {
        JsonNode responses = call(route).path("responses");
        return resolved(responses.path(responses.has(status) ? status : "default"));
    }

    /** References of the description point to its components, which travel along. */
    private static List<String> validate(JsonNode schema, JsonNode value) {
        ObjectNode whole = JSON.createObjectNode();
        whole.putArray("allOf").add(schema);
        whole.set("components", API.path("components"));
        Schema compiled = SCHEMAS.getSchema(whole);
        return compiled.validate(value).stream().map(Object::toString).toList();
    }
}
