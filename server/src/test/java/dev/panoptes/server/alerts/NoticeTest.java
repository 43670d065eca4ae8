package dev.panoptes.server.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.TestServer;
import dev.panoptes.server.agents.Enrolled;
import dev.panoptes.server.detections.SentAttack;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** People are told of incidents, of tickets and of limits. */
@ExtendWith(TestPostgres.class)
class NoticeTest {
    @TempDir
    Path directory;

    @Test
    void ticketsAndLimitsAreToldWhenTheyBeginAndWhenTheyEnd(Databases databases)
            throws IOException, InterruptedException {
        try (Receiver receiver = new Receiver();
                TestServer server = TestServer.start(
                        databases,
                        directory,
                        Map.of("hermes.url", receiver.url().toString(), "observe.local", "false"))) {
            Enrolled agent = Enrolled.on(server, "varys");
            agent.beat(server, "{\"resources\": {\"cpu\": 93}}");
            agent.beat(server, "{\"resources\": {\"cpu\": 94}}");
            agent.beat(server, "{\"resources\": {\"cpu\": 9}}");
            server.post("/api/v1/tickets", "{\"title\": \"look at varys\", \"severity\": \"high\"}");
            server.call("PATCH", "/api/v1/tickets/1", "{\"assignee\": \"eva\"}");
            server.call("PATCH", "/api/v1/tickets/1", "{\"status\": \"resolved\", \"note\": \"it was the disk\"}");

            List<String> expected = List.of(
                    "ℹ️ [PANOPTES] Limit violated: varys uses more cpu than it may\nby panoptes",
                    "ℹ️ [PANOPTES] Limit kept again: varys uses more cpu than it may\n"
                            + "by panoptes: back within its limit",
                    "⚠️ [PANOPTES] Ticket 1 is opened: look at varys\nby local",
                    "⚠️ [PANOPTES] Ticket 1 is resolved: look at varys\nby local: it was the disk");
            long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (texts(receiver).size() < expected.size() && System.nanoTime() < end) {
                LockSupport.parkNanos(20_000_000);
            }
            assertThat(texts(receiver)).containsExactlyElementsOf(expected);
        }
    }

    @Test
    void anIncidentIsToldWhenItOpensWhenItBecomesWorseAndWhenItIsOver(Databases databases)
            throws IOException, InterruptedException {
        try (Receiver receiver = new Receiver();
                TestServer server = TestServer.start(
                        databases,
                        directory,
                        Map.of("hermes.url", receiver.url().toString(), "observe.local", "false"))) {
            String id = SentAttack.incident(server);
            server.call("PATCH", "/api/v1/incidents/" + id, "{\"state\": \"acknowledged\"}");
            SentAttack.incident(server, "chmod", "chmod 4755 /tmp/.x/sh");
            SentAttack.incident(server, "shred", "shred -u /var/log/auth.log");
            server.call("PATCH", "/api/v1/incidents/" + id, "{\"state\": \"resolved\"}");

            long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (texts(receiver).size() < 3 && System.nanoTime() < end) {
                LockSupport.parkNanos(20_000_000);
            }
            assertThat(texts(receiver)).hasSize(3).allMatch(text -> text.contains(id + " on attacked-1"));
            assertThat(texts(receiver).get(0)).contains("[PANOPTES] Incident: ");
            assertThat(texts(receiver).get(1)).contains("[PANOPTES] Incident is now critical: ");
            assertThat(texts(receiver).get(2)).contains("[PANOPTES] Incident is resolved: ");
        }
    }

    @Test
    void aChannelIsTriedWithAMessageThatSaysSo(Databases databases) throws IOException, InterruptedException {
        try (Receiver receiver = new Receiver();
                TestServer server = TestServer.start(
                        databases,
                        directory,
                        Map.of("hermes.url", receiver.url().toString(), "observe.local", "false"))) {
            TestServer.Answer sent = server.call("POST", "/api/v1/alerts/channels/hermes/test", null);
            assertThat(sent.json().path("delivered").asBoolean())
                    .as(sent.body())
                    .isTrue();
            assertThat(receiver.got())
                    .anyMatch(got -> got.body().contains("Test message from Panoptes")
                            && got.body().contains("Nothing is wrong"));

            receiver.says("{\"status\": \"failed\", \"error\": \"no chat\"}");
            TestServer.Answer refused = server.call("POST", "/api/v1/alerts/channels/hermes/test", null);
            assertThat(refused.json().path("delivered").asBoolean()).isFalse();
            assertThat(refused.json().path("why").asString()).isNotEmpty();

            assertThat(server.call("POST", "/api/v1/alerts/channels/pigeon/test", null)
                            .status())
                    .isEqualTo(404);
            assertThat(server.call(
                                    "POST",
                                    "/api/v1/alerts/channels/hermes/test",
                                    null,
                                    Map.of("Authorization", "Bearer " + server.token("viewer")))
                            .status())
                    .isEqualTo(403);
        }
    }

    private static List<String> texts(Receiver receiver) {
        return receiver.got().stream()
                .map(got -> got.json().path("message").asString())
                .filter(text -> text.contains("Ticket") || text.contains("Limit") || text.contains("Incident"))
                .toList();
    }
}
