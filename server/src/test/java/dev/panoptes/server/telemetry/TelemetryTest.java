package dev.panoptes.server.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.TestServer;
import dev.panoptes.server.TestServer.Answer;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Batches come in, in any order and more than once; the ledger says exactly what is there and what is missing. */
@ExtendWith(TestPostgres.class)
class TelemetryTest {
    private static final String STREAM = UUID.randomUUID().toString();

    @TempDir
    Path directory;

    private static String batch(String stream, long first, int count, String lost) {
        return "{\"stream\":\"" + stream + "\",\"sensor\":\"auth\",\"first\":" + first + ",\"count\":" + count
                + ",\"lost\":"
                + lost + "}\n"
                + LongStream.range(first, first + count)
                        .mapToObj(TelemetryTest::event)
                        .collect(Collectors.joining());
    }

    private static String event(long number) {
        return "{\"@timestamp\":\"2026-03-01T06:00:" + String.format(java.util.Locale.ROOT, "%02d", number % 60)
                + "Z\",\"event\":{\"action\":\"login\",\"id\":\"" + STREAM + "-" + number
                + "\"},\"user\":{\"name\":\"anna"
                + number + "\"},\"related\":{\"ip\":[\"192.0.2." + number % 250 + "\"]},\"process\":{\"executable\":"
                + "\"/usr/sbin/sshd\"},\"note\":\"tab\\t back\\\\slash \\u0000\"}\n";
    }

    private static String observer(TestServer server, String host) throws IOException, InterruptedException {
        Answer made = server.call(
                "POST",
                "/api/v1/tokens",
                "{\"name\":\"o-" + host + "\",\"role\":\"observer\",\"host\":\"" + host + "\"}");
        return made.json().path("token").asString();
    }

    private static Answer send(TestServer server, String token, String body) throws IOException, InterruptedException {
        return server.call(
                "POST",
                "/api/v1/telemetry",
                body,
                Map.of("Authorization", "Bearer " + token, "Content-Type", "application/x-ndjson"));
    }

    private static JsonNode ledger(TestServer server) throws IOException, InterruptedException {
        return server.call("GET", "/api/v1/telemetry/streams", null)
                .json()
                .path("items")
                .get(0);
    }

    @Test
    void everythingIsStoredOnceAndWhatIsMissingIsTold(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, Map.of("observe.local", "false"))) {
            String token = observer(server, "web-1");
            assertThat(send(server, token, batch(STREAM, 1, 5, "[]"))
                            .json()
                            .path("acknowledged")
                            .asLong())
                    .isEqualTo(5);
            // Again, and some more.
            assertThat(send(server, token, batch(STREAM, 1, 8, "[]"))
                            .json()
                            .path("acknowledged")
                            .asLong())
                    .isEqualTo(8);
            // Told as lost, then a gap that nobody explains.
            assertThat(send(
                                    server,
                                    token,
                                    batch(
                                            STREAM,
                                            15,
                                            2,
                                            "[{\"from\":9,\"to\":11,\"reason\":\"disk_full\",\"count\":3}]"))
                            .json()
                            .path("acknowledged")
                            .asLong())
                    .isEqualTo(16);
            JsonNode entry = ledger(server);
            assertThat(entry.path("events").asLong()).isEqualTo(10);
            assertThat(entry.path("duplicates").asLong()).isEqualTo(5);
            assertThat(entry.path("missing").asLong()).isEqualTo(6);
            assertThat(entry.path("gaps").toString())
                    .contains("\"from\":9,\"to\":11,\"count\":3,\"reason\":\"disk_full\"")
                    .contains("\"from\":12,\"to\":14,\"count\":3,\"reason\":\"unexplained\"");
        }
    }

    @Test
    void eventsAreFoundByWhatTheySay(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, Map.of("observe.local", "false"))) {
            String token = observer(server, "web-1");
            send(server, token, batch(STREAM, 1, 20, "[]"));
            assertThat(count(server, "")).isEqualTo(20);
            assertThat(count(server, "?user=anna7")).isEqualTo(1);
            assertThat(count(server, "?ip=192.0.2.9")).isEqualTo(1);
            assertThat(count(server, "?process=sshd")).isEqualTo(20);
            assertThat(count(server, "?process=shd")).isZero();
            assertThat(count(server, "?sensor=auth&action=login&host=web-1")).isEqualTo(20);
            assertThat(count(server, "?text=ANNA1%25")).isZero();
            assertThat(count(server, "?text=ANNA1")).isEqualTo(11);
            assertThat(count(server, "?from=2026-03-01T06:00:05Z&to=2026-03-01T06:00:08Z"))
                    .isEqualTo(3);
            JsonNode one =
                    server.call("GET", "/api/v1/events/" + STREAM + "-3", null).json();
            assertThat(one.path("event").path("user").path("name").asString()).isEqualTo("anna3");
            assertThat(one.path("event").path("note").asString()).isEqualTo("tab\t back\\slash \0");
            assertThat(server.call("GET", "/api/v1/events/nothing", null).status())
                    .isEqualTo(404);
            // Pages neither skip nor repeat.
            String cursor = "";
            int seen = 0;
            while (cursor != null) {
                JsonNode page = server.call("GET", "/api/v1/events?limit=7&cursor=" + cursor, null)
                        .json();
                seen += page.path("items").size();
                cursor = page.path("next").isNull() ? null : page.path("next").asString();
            }
            assertThat(seen).isEqualTo(20);
        }
    }

    private static int count(TestServer server, String query) throws IOException, InterruptedException {
        return server.call("GET", "/api/v1/events" + query, null)
                .json()
                .path("items")
                .size();
    }

    @Test
    void aStreamBelongsToItsHost(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, Map.of("observe.local", "false"))) {
            send(server, observer(server, "web-1"), batch(STREAM, 1, 1, "[]"));
            assertThat(send(server, observer(server, "web-2"), batch(STREAM, 2, 1, "[]"))
                            .status())
                    .isEqualTo(403);
        }
    }

    @Test
    void whatIsNoBatchIsRefusedWhole(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, Map.of("observe.local", "false"))) {
            String token = observer(server, "web-1");
            for (String body : List.of(
                    "",
                    "{}",
                    "[]",
                    "{\"stream\":\"x\",\"sensor\":\"auth\",\"first\":1,\"count\":0}",
                    batch(STREAM, 0, 1, "[]"),
                    batch(STREAM, 1, 2, "[]") + event(3),
                    batch(STREAM, 1, 2, "[]").replaceFirst("\"count\":2", "\"count\":3"),
                    batch(STREAM, 1, 2, "[{\"from\":1,\"to\":1,\"reason\":\"rate\"}]"),
                    batch(STREAM, 1, 1, "[]").replace("\"note\"", "\"event\""),
                    batch(STREAM, 1, 1, "[]").replace("2026-03-01T", "yesterday"),
                    batch(STREAM, 1, 1, "7"))) {
                assertThat(send(server, token, body).status()).as(body).isEqualTo(400);
            }
            assertThat(ledger(server)).isNull();
        }
    }
}
