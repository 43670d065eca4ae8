package dev.panoptes.server.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.panoptes.server.TestServer;
import dev.panoptes.server.TestServer.Answer;
import dev.panoptes.server.api.Described;
import dev.panoptes.server.storage.DatabaseAddress;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import dev.panoptes.server.stream.Client.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The stream as a client sees it. */
@ExtendWith(TestPostgres.class)
class StreamTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String TWINS = """
            version: '1.0'
            agents:
              one: {name: ONE, connection: {url: 'http://one:18020'}, actions: {a: {endpoint: /a, method: GET}}}
              two: {name: TWO, connection: {url: 'http://two:18020'}, actions: {a: {endpoint: /a, method: GET}}}
            """;
    private static final String WELL = TWINS.replace("two:18020", "two:18021");

    @TempDir
    Path directory;

    private Map<String, String> settings() throws IOException {
        Path registry = directory.resolve("agent-registry.yaml");
        if (!Files.exists(registry)) {
            Files.writeString(registry, WELL);
        }
        return Map.of(
                "registry", registry.toString(),
                "observe.local", "false",
                "watch.interval", "1h",
                "limits.streams", "3",
                "limits.requests_per_second", "0");
    }

    private TestServer replica(Databases databases, DatabaseAddress address, String name)
            throws IOException, InterruptedException {
        Path own = Files.createDirectory(directory.resolve(name));
        return TestServer.start(databases, address, own, settings(), null);
    }

    private static Client listen(TestServer server, String token, String query, Map<String, String> more)
            throws IOException, InterruptedException {
        Map<String, String> headers = new java.util.HashMap<>(more);
        headers.put("Authorization", "Bearer " + token);
        return new Client(server.url() + "/api/v1/stream" + query, headers);
    }

    @Test
    void everyChangeIsToldInItsOrderAndAsDescribed(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, settings());
                Client client = listen(server, server.token("viewer"), "", Map.of())) {
            client.awaitBegun();
            Files.writeString(directory.resolve("agent-registry.yaml"), TWINS);
            String report = server.post("/scan", "").json().path("report_id").asString();
            List<Event> scan = client.until("scan");
            assertThat(scan.getLast().json().path("report_id").asString()).isEqualTo(report);
            assertThat(scan).extracting(Event::type).contains("issue", "alert");
            String fingerprint = scan.stream()
                    .filter(event -> event.type().equals("issue"))
                    .findFirst()
                    .orElseThrow()
                    .json()
                    .path("fingerprint")
                    .asString();

            server.post("/api/v1/integrity/issues/" + fingerprint + "/acknowledge", "{}");
            Event acknowledged = client.next();
            assertThat(acknowledged.json().path("to").asString()).isEqualTo("acknowledged");
            String expires = LocalDate.now(ZoneOffset.UTC).plusDays(10).toString();
            String waiver = "{\"owner\": \"me\", \"reason\": \"known\", \"expires\": \"" + expires + "\"}";
            assertThat(server.post("/api/v1/integrity/issues/" + fingerprint + "/waive", waiver)
                            .status())
                    .isEqualTo(200);
            List<Event> waived = List.of(client.next(), client.next());
            assertThat(waived).extracting(Event::type).containsExactly("waiver", "issue");
            Answer silence = server.post(
                    "/api/v1/silences", "{\"matcher\": {\"host\": \"x\"}, \"reason\": \"disk\", \"duration\": \"1h\"}");
            server.call(
                    "DELETE", "/api/v1/silences/" + silence.json().path("id").asString(), null);
            List<Event> silences = List.of(client.next(), client.next());
            assertThat(silences)
                    .extracting(event -> event.json().path("action").asString())
                    .containsExactly("made", "ended");

            List<Event> all = new ArrayList<>(scan);
            all.add(acknowledged);
            all.addAll(waived);
            all.addAll(silences);
            assertThat(all.stream().map(Event::id))
                    .containsExactlyElementsOf(LongStream.range(0, all.size())
                            .map(i -> all.getFirst().id() + i)
                            .boxed()
                            .toList());
            for (Event event : all) {
                assertThat(violations(event)).as(event.toString()).isEmpty();
            }
        }
    }

    private static List<String> violations(Event event) {
        String name = "Stream" + event.type().substring(0, 1).toUpperCase(java.util.Locale.ROOT)
                + event.type().substring(1);
        JsonNode components = Described.components();
        ObjectNode whole = JSON.createObjectNode();
        ObjectNode described =
                (ObjectNode) components.path("schemas").path(name).deepCopy();
        described.put("additionalProperties", false);
        whole.putArray("allOf").add(described);
        whole.set("components", components);
        Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(whole);
        return schema.validate(event.json()).stream().map(Object::toString).toList();
    }

    @Test
    void aClientThatMovesToAnotherReplicaMissesNothingAndSeesNothingTwice(Databases databases)
            throws IOException, InterruptedException {
        DatabaseAddress address = databases.freshAddress();
        try (TestServer one = replica(databases, address, "one");
                TestServer two = replica(databases, address, "two")) {
            String token = one.token("viewer");
            String last;
            List<Event> seen = new ArrayList<>();
            try (Client first = listen(one, token, "", Map.of())) {
                first.awaitBegun();
                // What the other replica does is heard here.
                two.post("/scan", "");
                seen.addAll(first.until("scan"));
                last = first.lastId();
            }
            one.post("/scan", "");
            two.post("/scan", "");
            try (Client second = listen(two, token, "?last_event_id=0", Map.of("Last-Event-ID", last))) {
                seen.addAll(second.until("scan"));
                seen.addAll(second.until("scan"));
                one.post("/scan", "");
                seen.addAll(second.until("scan"));
                assertThat(second.drain()).isEmpty();
            }
            assertThat(seen).hasSize(4).extracting(Event::type).containsOnly("scan");
            assertThat(seen.getLast().id() - seen.getFirst().id()).isEqualTo(3);
            Set<String> reports = new LinkedHashSet<>();
            seen.forEach(event -> reports.add(event.json().path("report_id").asString()));
            assertThat(reports).hasSize(4);
        }
    }

    @Test
    void whoAsksForWhatIsGoneIsToldSo(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, settings())) {
            String token = server.token("viewer");
            server.post("/scan", "");
            StreamStore store = new StreamStore();
            server.database().execute(transaction -> {
                transaction.update("UPDATE stream_events SET at = at - interval '2 days'");
            });
            server.database().execute(transaction -> store.forget(transaction, Duration.ofDays(1)));
            long last = server.database().transaction(store::reach).last();
            server.post("/scan", "");
            try (Client old = listen(server, token, "?last_event_id=" + (last - 1), Map.of());
                    Client future = listen(server, token, "?last_event_id=" + (last + 1_000), Map.of());
                    Client right = listen(server, token, "?last_event_id=" + last, Map.of())) {
                assertThat(old.next().type()).isEqualTo("reset");
                assertThat(future.next().json().path("last_id").asLong()).isEqualTo(last + 1);
                assertThat(right.next().type()).isEqualTo("scan");
                server.post("/scan", "");
                assertThat(List.of(old.next(), future.next(), right.next()))
                        .extracting(Event::id)
                        .containsOnly(last + 2);
            }
            try (Client wrong = listen(server, token, "?last_event_id=x", Map.of())) {
                assertThat(wrong.status()).isEqualTo(400);
            }
        }
    }

    @Test
    void aRevokedTokenASessionThatEndsAndAStopEndTheStream(Databases databases)
            throws IOException, InterruptedException {
        TestServer server = TestServer.start(databases, directory, settings());
        try (server) {
            JsonNode made = server.post("/api/v1/tokens", "{\"name\": \"short\", \"role\": \"viewer\"}")
                    .json();
            try (Client revoked = listen(server, made.path("token").asString(), "", Map.of())
                            .awaitBegun();
                    Client staying =
                            listen(server, server.adminToken(), "", Map.of()).awaitBegun();
                    Client third =
                            listen(server, server.adminToken(), "", Map.of()).awaitBegun();
                    Client tooMany = listen(server, server.adminToken(), "", Map.of())) {
                assertThat(tooMany.status()).isEqualTo(503);
                server.call("DELETE", "/api/v1/tokens/" + made.path("id").asString(), null);
                assertThat(revoked.endsWithin(6)).isTrue();
                // Its place is free again.
                try (Client next = listen(server, server.adminToken(), "", Map.of())) {
                    assertThat(next.status()).isEqualTo(200);
                }
                server.post("/scan", "");
                assertThat(staying.next().type()).isEqualTo("scan");
                long before = System.nanoTime();
                server.server().close();
                assertThat(staying.endsWithin(1)).isTrue();
                assertThat(third.endsWithin(1)).isTrue();
                assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(4));
            }
        }
    }

    @Test
    void aListenerThatWasCutOffMissesNothing(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, settings());
                Client client = listen(server, server.adminToken(), "", Map.of())) {
            client.awaitBegun();
            int cut = server.database()
                    .transaction(transaction -> transaction.list("""
                            SELECT pg_terminate_backend(pid) AS cut FROM pg_stat_activity
                            WHERE datname = current_database() AND query = 'LISTEN panoptes_stream'
                            """, row -> row.bool("cut")))
                    .size();
            assertThat(cut).isEqualTo(1);
            server.post("/scan", "");
            assertThat(client.next().type()).isEqualTo("scan");
            server.post("/scan", "");
            assertThat(client.next().type()).isEqualTo("scan");
        }
    }
}
