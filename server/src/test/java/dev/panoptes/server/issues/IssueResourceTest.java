package dev.panoptes.server.issues;

import static dev.panoptes.server.issues.Reports.everything;
import static dev.panoptes.server.issues.Reports.issue;
import static dev.panoptes.server.issues.Reports.portConflict;
import static dev.panoptes.server.issues.Reports.report;
import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.server.TestServer;
import dev.panoptes.server.TestServer.Answer;
import dev.panoptes.server.changes.Actor;
import dev.panoptes.server.changes.Change;
import dev.panoptes.server.changes.Changes;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What clients see of issues and waivers. */
@ExtendWith(TestPostgres.class)
class IssueResourceTest {
    private static final String ISSUES = "/api/v1/integrity/issues";
    private static final Issue CONFLICT = portConflict(8020, "Hermes_A", "atlas");
    private static final Issue OFFLINE =
            issue("port-not-listening", Severity.HIGH, "web-1", "8014", 8014, List.of("iris"), "socket");

    @TempDir
    Path directory;

    private Instant now = Instant.parse("2026-03-01T10:00:00Z");
    private TestServer server;

    @BeforeEach
    void start(Databases databases) throws InterruptedException {
        server = TestServer.start(databases, directory, Map.of("limits.requests_per_second", "0"), () -> now);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void scan(Issue... found) {
        now = now.plusSeconds(60);
        Issues issues = new Issues(server.database(), new Changes(() -> now, List.of()), () -> now);
        server.database().execute(transaction -> issues.merge(transaction, report(now, found), everything()));
    }

    /** Without what the server's own first scan finds: it has no registry here. */
    private List<String> ids(String query) throws IOException, InterruptedException {
        List<String> ids = new ArrayList<>();
        server.get(ISSUES + query)
                .json()
                .path("items")
                .forEach(item -> ids.add(item.path("id").asString()));
        ids.remove("registry-parse-error");
        return ids;
    }

    @Test
    void anIssueTellsWhatItFollowsFromAndNoLongerOnceThatIsGone() throws IOException, InterruptedException {
        Issue effect = OFFLINE.following(CONFLICT.id());
        scan(CONFLICT, effect);
        assertThat(one(effect).path("cause").asString()).isEqualTo(CONFLICT.id());
        assertThat(one(CONFLICT).path("cause").isNull()).isTrue();
        scan(CONFLICT, effect);
        assertThat(one(effect).path("cause").asString()).isEqualTo(CONFLICT.id());
        scan(OFFLINE);
        assertThat(one(OFFLINE).path("cause").isNull()).isTrue();
    }

    private JsonNode one(Issue issue) throws IOException, InterruptedException {
        return server.get(ISSUES + "/" + issue.fingerprint()).json();
    }

    @Test
    void theListIsFilteredAndTheWorstComeFirst() throws IOException, InterruptedException {
        scan(OFFLINE, CONFLICT);
        scan(CONFLICT);
        assertThat(ids("")).containsExactly("port-conflict-8020");
        assertThat(ids("?state=all")).containsExactly("port-conflict-8020", "port-not-listening-8014@web-1");
        assertThat(ids("?state=resolved")).containsExactly("port-not-listening-8014@web-1");
        assertThat(ids("?state=new,resolved&severity=high,low")).containsExactly("port-not-listening-8014@web-1");
        assertThat(ids("?state=all&check=port-conflict")).containsExactly("port-conflict-8020");
        assertThat(ids("?state=all&host=web-1")).containsExactly("port-not-listening-8014@web-1");
        assertThat(ids("?agent=hermes-a")).containsExactly("port-conflict-8020");
        assertThat(ids("?agent=hermes")).isEmpty();
        assertThat(ids("?text=ABOUT%208020")).containsExactly("port-conflict-8020");
        assertThat(ids("?text=%25")).isEmpty();
        for (String wrong : List.of("?state=gone", "?severity=worst", "?severity=", "?cursor=xx", "?limit=0")) {
            assertThat(server.get(ISSUES + wrong).status()).as(wrong).isEqualTo(400);
        }
    }

    @Test
    void anIssueBelongsToWhoeverTakesItUpOrIsGivenIt() throws IOException, InterruptedException {
        scan(CONFLICT, OFFLINE);
        String one = ISSUES + "/" + CONFLICT.fingerprint();
        assertThat(one(CONFLICT).path("owner").isNull()).isTrue();
        String eva = server.token("operator");
        Map<String, String> asEva = Map.of("Authorization", "Bearer " + eva);
        assertThat(server.call("POST", one + "/acknowledge", "{}", asEva)
                        .json()
                        .path("owner")
                        .asString())
                .isEqualTo("test");
        // Saying the same again takes it from nobody.
        server.post(one + "/acknowledge", "{}");
        assertThat(one(CONFLICT).path("owner").asString()).isEqualTo("test");
        assertThat(one(CONFLICT).path("timeline").size()).isEqualTo(2);
        server.post(one + "/acknowledge", "{\"owner\": \" k.lane \", \"note\": \"yours\"}");
        assertThat(one(CONFLICT).path("owner").asString()).isEqualTo("k.lane");
        assertThat(one(CONFLICT).path("timeline").get(0).path("note").asString())
                .isEqualTo("for k.lane: yours");
        // Who works on it has it.
        server.post(one + "/fixing", "{}");
        assertThat(one(CONFLICT).path("owner").asString()).isEqualTo("local");
        assertThat(ids("?owner=local")).containsExactly("port-conflict-8020");
        assertThat(ids("?owner=k.lane")).isEmpty();
        for (String wrong :
                List.of("{\"owner\": \" \"}", "{\"owner\": 1}", "{\"owner\": \"" + "x".repeat(201) + "\"}")) {
            assertThat(server.post(one + "/acknowledge", wrong).status())
                    .as(wrong)
                    .isEqualTo(400);
        }
        scan(OFFLINE);
        assertThat(one(CONFLICT).path("owner").asString()).as("who resolved it").isEqualTo("local");
        scan(CONFLICT, OFFLINE);
        assertThat(one(CONFLICT).path("state").asString()).isEqualTo("regressed");
        assertThat(one(CONFLICT).path("owner").isNull()).isTrue();
    }

    @Test
    void pagesNeitherSkipNorRepeatWhileIssuesComeAndGo() throws IOException, InterruptedException {
        Issue[] many = IntStream.range(9000, 9025)
                .mapToObj(port -> portConflict(port, "a", "b"))
                .toArray(Issue[]::new);
        scan(many);
        List<String> seen = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = server.get(ISSUES + "?limit=10" + (cursor.isEmpty() ? "" : "&cursor=" + cursor))
                    .json();
            page.path("items").forEach(item -> seen.add(item.path("id").asString()));
            seen.remove("registry-parse-error");
            cursor = page.path("next").asString("");
            Issue[] more = java.util.Arrays.copyOf(many, 26);
            more[25] = portConflict(9100 + seen.size(), "c", "d");
            scan(more);
        } while (!cursor.isEmpty());
        assertThat(seen).hasSize(25).doesNotHaveDuplicates();
    }

    @Test
    void anIssueIsShownAsTheReportHoldsItWithItsLife() throws IOException, InterruptedException {
        scan(CONFLICT);
        JsonNode shown = server.get(ISSUES + "/" + CONFLICT.fingerprint()).json();
        assertThat(shown.path("id").asString()).isEqualTo("port-conflict-8020");
        assertThat(shown.path("severity").asString()).isEqualTo("critical");
        assertThat(shown.path("port").asInt()).isEqualTo(8020);
        assertThat(shown.path("evidence").get(0).path("line").asInt()).isEqualTo(7);
        assertThat(shown.path("first_seen").asString()).isEqualTo("2026-03-01T10:01:00Z");
        assertThat(shown.path("state").asString()).isEqualTo("new");
        assertThat(shown.path("waiver").isNull()).isTrue();
        assertThat(shown.path("timeline")).hasSize(1);
        assertThat(server.get(ISSUES + "/port-conflict-8020").json()).isEqualTo(shown);
        assertThat(server.get(ISSUES + "/nothing").status()).isEqualTo(404);
    }

    @Test
    void peopleTakeAnIssueUpAndTheTimelineTellsWho() throws IOException, InterruptedException {
        scan(CONFLICT);
        String one = ISSUES + "/" + CONFLICT.fingerprint();
        assertThat(server.post(one + "/acknowledge", "{\"note\": \"looking\"}")
                        .json()
                        .path("state")
                        .asString())
                .isEqualTo("acknowledged");
        assertThat(server.call("POST", one + "/fixing", null)
                        .json()
                        .path("state")
                        .asString())
                .isEqualTo("fixing");
        scan();
        Answer refused = server.call("POST", one + "/acknowledge", null);
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.code()).isEqualTo("conflict");
        JsonNode timeline = server.get("/api/v1/agents/atlas/timeline").json().path("items");
        assertThat(timeline.findValuesAsString("to")).containsExactly("resolved", "fixing", "acknowledged", "new");
        assertThat(timeline.findValuesAsString("actor")).containsExactly("scan", "local", "local", "scan");
        assertThat(timeline.get(2).path("note").asString()).isEqualTo("looking");
    }

    @Test
    void theTimelineOfAnAgentHoldsItsIssuesItsStateAndItsConfiguration() throws IOException, InterruptedException {
        scan(CONFLICT);
        Answer made = server.post("/api/v1/agents", "{\"name\": \"atlas\", \"agent_type\": \"custom\"}");
        assertThat(made.status()).as(made.body()).isEqualTo(201);
        String id = made.json().path("agent_id").asString();
        Changes changes = new Changes(() -> now, List.of());
        server.database()
                .execute(transaction -> changes.record(
                        transaction,
                        new Change(
                                "configuration",
                                id,
                                null,
                                null,
                                "1",
                                Actor.SYSTEM,
                                "first",
                                Map.of("agent", "atlas"))));
        for (String name : List.of("atlas", "Atlas", id)) {
            JsonNode items =
                    server.get("/api/v1/agents/" + name + "/timeline").json().path("items");
            assertThat(items.findValuesAsString("kind")).as(name).contains("issue", "agent", "configuration");
            assertThat(items.get(0).path("note").asString()).isEqualTo("first");
            assertThat(items.get(0).path("severity").isNull()).isTrue();
        }
        Answer unknown = server.get("/api/v1/agents/nobody/timeline");
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.code()).isEqualTo("not_found");
    }

    @Test
    void aWaiverHoldsThroughItsLastDayAndCanBeRevoked() throws IOException, InterruptedException {
        scan(CONFLICT, OFFLINE);
        String body = "{\"owner\": \"eva\", \"reason\": \"moved in May\", \"expires\": \"2026-03-02\"}";
        assertThat(server.post(ISSUES + "/port-conflict-8020/waive", body)
                        .json()
                        .path("state")
                        .asString())
                .isEqualTo("waived");
        assertThat(server.post(ISSUES + "/port-conflict-8020/acknowledge", "{}").status())
                .isEqualTo(409);
        scan(CONFLICT, OFFLINE);
        JsonNode shown = server.get(ISSUES + "/port-conflict-8020").json();
        assertThat(shown.path("state").asString()).isEqualTo("waived");
        assertThat(shown.path("waiver").path("owner").asString()).isEqualTo("eva");
        String id = server.get("/api/v1/waivers")
                .json()
                .path("items")
                .get(0)
                .path("id")
                .asString();
        assertThat(server.call("DELETE", "/api/v1/waivers/" + id, null).status())
                .isEqualTo(204);
        assertThat(server.call("DELETE", "/api/v1/waivers/" + id, null).status())
                .isEqualTo(404);
        assertThat(ids("?state=new")).contains("port-conflict-8020");
        assertThat(server.get("/api/v1/audit").json().path("items").findValuesAsString("action"))
                .startsWith("waiver.revoke", "waiver.create");
    }

    @Test
    void waiversThatEndOpenTheirIssuesAgainAndThoseWhoListenAreTold() throws IOException, InterruptedException {
        scan(CONFLICT, OFFLINE);
        String expiry = "\"owner\": \"eva\", \"reason\": \"until tomorrow\", \"expiry\": \"2026-03-02\"}";
        assertThat(server.post("/api/v1/waivers", "{\"issue\": \"port-conflict-8020\", " + expiry)
                        .status())
                .isEqualTo(201);
        assertThat(server.post("/api/v1/waivers", "{\"issue\": \"not-there-yet\", " + expiry)
                        .status())
                .isEqualTo(201);
        List<Change> told = new ArrayList<>();
        Changes changes = new Changes(() -> now, List.of((transaction, all, at) -> told.addAll(all)));
        Waivers waivers = new Waivers(server.database(), changes, () -> now);
        now = Instant.parse("2026-03-02T23:59:00Z");
        assertThat(waivers.expire()).isZero();
        now = now.plus(Duration.ofMinutes(1));
        assertThat(waivers.expire()).isEqualTo(1);
        assertThat(waivers.expire()).isZero();
        assertThat(told).hasSize(1);
        assertThat(told.getFirst().data().get("id")).isEqualTo("port-conflict-8020");
        assertThat(told.getFirst().to()).isEqualTo("new");
        assertThat(ids("?state=new")).hasSize(2);
    }

    @Test
    void aNewWaiverReplacesTheOneBefore() throws IOException, InterruptedException {
        scan(CONFLICT);
        String body = "{\"owner\": \"eva\", \"reason\": \"r\", \"expires\": \"2026-03-02\"}";
        server.post(ISSUES + "/" + CONFLICT.fingerprint() + "/waive", body);
        server.post(ISSUES + "/" + CONFLICT.fingerprint() + "/waive", body.replace("03-02", "04-02"));
        JsonNode all = server.get("/api/v1/waivers").json().path("items");
        assertThat(all).hasSize(2);
        assertThat(all.findValues("revoked_at").stream().filter(JsonNode::isNull))
                .hasSize(1);
        assertThat(server.get(ISSUES + "/port-conflict-8020")
                        .json()
                        .path("waiver")
                        .path("expires")
                        .asString())
                .isEqualTo("2026-04-02");
    }

    @Test
    void aWaiverNeedsAnOwnerAReasonAndAnEnd() throws IOException, InterruptedException {
        scan(CONFLICT);
        String one = ISSUES + "/port-conflict-8020/waive";
        for (String wrong : List.of(
                "{}",
                "{\"owner\": \"eva\", \"reason\": \"r\"}",
                "{\"owner\": \"eva\", \"reason\": \" \", \"expires\": \"2026-03-02\"}",
                "{\"owner\": \"eva\", \"reason\": \"r\", \"expires\": null}",
                "{\"owner\": \"eva\", \"reason\": \"r\", \"expires\": \"tomorrow\"}",
                "{\"owner\": \"eva\", \"reason\": \"r\", \"expires\": \"2026-02-28\"}",
                "{\"owner\": \"eva\", \"reason\": \"r\", \"expires\": \"9999-12-31\"}",
                "{\"owner\": \"eva\", \"reason\": \"r\", \"expires\": \"2026-03-02\", \"more\": 1}")) {
            assertThat(server.post(one, wrong).status()).as(wrong).isEqualTo(400);
        }
        assertThat(server.get("/api/v1/waivers").json().path("items")).isEmpty();
        assertThat(ids("?state=new")).hasSize(1);
    }
}
