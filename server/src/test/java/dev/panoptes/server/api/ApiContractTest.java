package dev.panoptes.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.panoptes.server.TestServer;
import dev.panoptes.server.TestServer.Answer;
import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.Route;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
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
        Path registry = Files.writeString(directory.resolve("agent-registry.yaml"), """
                version: '1.0'
                agents:
                  one: {name: ONE, connection: {url: 'http://one:18020'}}
                  two: {name: TWO, connection: {url: 'http://two:18020'}}
                """);
        Map<String, String> settings = Map.of("registry", registry.toString(), "observe.local", "false");
        try (TestServer server = TestServer.start(databases, directory, settings)) {
            String report = server.post("/scan", "").json().path("report_id").asString();
            String issue = server.get("/api/v1/integrity/issues")
                    .json()
                    .path("items")
                    .get(0)
                    .path("id")
                    .asString();
            assertThat(server.post("/api/v1/integrity/issues/" + issue + "/acknowledge", "{\"note\": \"x\"}")
                            .status())
                    .isEqualTo(200);
            server.token("viewer");
            List<String> wrong = new ArrayList<>();
            int count = 0;
            for (Route route : server.routes()) {
                boolean mine =
                        !(route.access() instanceof Access.Persons || route.access() instanceof Access.Observers);
                if (route.method().writes() || !mine || route.path().equals("/")) {
                    continue;
                }
                String path = route.path()
                        .replace("{report_id}", report)
                        .replace("{fingerprint}", issue)
                        .replace("{id}", "one");
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

    private static JsonNode response(Route route, String status) {
        JsonNode response = API.path("paths")
                .path(route.path())
                .path(route.method().name().toLowerCase(Locale.ROOT))
                .path("responses")
                .path(status);
        return response.has("$ref") ? API.at(response.path("$ref").asString().substring(1)) : response;
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
