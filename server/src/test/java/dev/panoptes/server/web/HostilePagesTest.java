package dev.panoptes.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.TestServer;
import dev.panoptes.server.http.Json;
import dev.panoptes.server.processes.SentProcesses;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Names that are markup, very long, from right to left or pictures, a history that is long, a clock that is ahead: on every page. */
@ExtendWith({TestPostgres.class, Chromium.class})
class HostilePagesTest {
    private static final String NAME =
            "\"><script>alert(1)</script><img src=x onerror=alert(2)> مرحبا אב 🦉 ${911*977} ";
    private static final String LONG = NAME + "X".repeat(255 - NAME.length());

    @TempDir
    Path directory;

    private Map<String, String> settings() throws IOException {
        StringBuilder agents = new StringBuilder("version: '1.0'\nagents:\n");
        // Everything fails: all of them claim one port.
        for (int i = 0; i < 30; i++) {
            agents.append("  agent-%d: {name: '%s', host: a, connection: {url: 'http://agent-%d:18020'}}%n"
                    .formatted(i, i == 0 ? NAME : i == 1 ? LONG : "A" + i, i));
        }
        Path registry = Files.writeString(directory.resolve("agent-registry.yaml"), agents);
        return Map.of("registry", registry.toString(), "observe.local", "false");
    }

    private static void ok(TestServer.Answer answer) {
        assertThat(answer.status()).as(answer.body()).isBetween(200, 299);
    }

    private static void event(TestServer server, Instant at) throws IOException, InterruptedException {
        String token = server.call(
                        "POST", "/api/v1/tokens", "{\"name\":\"ahead\",\"role\":\"observer\",\"host\":\"ahead-1\"}")
                .json()
                .path("token")
                .asString();
        ok(server.call(
                "POST",
                "/api/v1/telemetry",
                "{\"stream\":\"" + UUID.randomUUID() + "\",\"sensor\":\"auth\",\"first\":1,\"count\":1,\"lost\":[]}\n"
                        + Json.writeText(
                                Map.of("@timestamp", at.toString(), "event", Map.of("action", NAME), "message", LONG))
                        + "\n",
                Map.of("Authorization", "Bearer " + token, "Content-Type", "application/x-ndjson")));
    }

    @Test
    void whateverIsStoredEveryPageStaysAPage(Databases databases, Chromium.Running chromium)
            throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, settings());
                Visitor visitor = Visitor.admin(chromium, server)) {
            ok(server.post("/scan", ""));
            SentProcesses.of(server, "web-1", "a");
            event(server, Instant.now().plusSeconds(3_600));
            ok(server.post(
                    "/api/v1/findings",
                    Json.writeText(Map.of(
                            "type",
                            "brute_force",
                            "severity",
                            "critical",
                            "title",
                            LONG,
                            "description",
                            LONG,
                            "details",
                            Map.of(NAME, LONG, "entities", List.of(Map.of("type", NAME, "id", LONG)))))));
            TestServer.Answer ticket = server.post(
                    "/api/v1/tickets", Json.writeText(Map.of("title", LONG, "description", LONG, "severity", "high")));
            ok(ticket);
            String number = ticket.json().path("id").asString();
            for (int i = 0; i < 60; i++) {
                ok(server.post("/api/v1/tickets/" + number + "/comments", Json.writeText(Map.of("body", LONG))));
            }
            String issue = server.get("/api/v1/integrity/issues")
                    .json()
                    .path("items")
                    .get(0)
                    .path("fingerprint")
                    .asString();
            for (int i = 0; i < 40; i++) {
                ok(server.post(
                        "/api/v1/integrity/issues/" + issue + (i % 2 == 0 ? "/fixing" : "/acknowledge"),
                        Json.writeText(Map.of("note", LONG))));
            }
            List<String> wrong = new ArrayList<>();
            for (String path : List.of(
                    "/dashboard",
                    "/integrity",
                    "/integrity/issues/" + issue,
                    "/fleet",
                    "/fleet/agent?id=agent-1",
                    "/fleet/agent?id=agent-1&tab=history",
                    "/fleet/host?name=a",
                    "/fleet/host?name=web-1&tab=processes",
                    "/detections",
                    "/events",
                    "/events?text=%3Cscript%3E",
                    "/tickets",
                    "/tickets/" + number,
                    "/settings/audit",
                    "/scan/last")) {
                int status = visitor.open(path).status();
                if (status != 200) {
                    wrong.add(path + " answers " + status);
                }
                if (!visitor.tooWide().isEmpty()) {
                    wrong.add(path + " is too wide for its window at " + visitor.tooWide());
                }
                String unfit = visitor.unfit();
                if (!unfit.isEmpty()) {
                    wrong.add(path + ": " + unfit);
                }
                // No picture of theirs, no script of theirs, and nothing that was evaluated.
                if (visitor.find("img[src=x]").count() > 0
                        || visitor.find("body").innerText().contains("890047")) {
                    wrong.add(path + " took a name for markup");
                }
            }
            assertThat(wrong).isEmpty();
            visitor.open("/events");
            // A time that is still to come says so instead of a negative age.
            visitor.open("/fleet/host?name=ahead-1&tab=sensors");
            visitor.says("auth");
            visitor.isQuiet();
        }
    }
}
