package dev.panoptes.server.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.TestServer;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Minutes that are over are counted once, and the sum is that of all events of a day. */
@ExtendWith(TestPostgres.class)
class EventCountsTest {
    @TempDir
    Path directory;

    static void send(TestServer server, String token, UUID stream, String sensor, int first, int count)
            throws IOException, InterruptedException {
        String body = "{\"stream\":\"" + stream + "\",\"sensor\":\"" + sensor + "\",\"first\":" + first + ",\"count\":"
                + count + "}\n"
                + IntStream.range(0, count)
                        .mapToObj(_ -> "{\"event\":{\"action\":\"login\"}}\n")
                        .collect(Collectors.joining());
        assertThat(server.call(
                                "POST",
                                "/api/v1/telemetry",
                                body,
                                Map.of("Authorization", "Bearer " + token, "Content-Type", "application/x-ndjson"))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void whatCameLaterIsAddedAndWhatIsADayOldGoes(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, Map.of("observe.local", "false"))) {
            String token = server.post("/api/v1/tokens", "{\"name\":\"o\",\"role\":\"observer\",\"host\":\"web-1\"}")
                    .json()
                    .path("token")
                    .asString();
            UUID stream = UUID.randomUUID();
            AtomicReference<Instant> clock = new AtomicReference<>(Instant.now().plusSeconds(1));
            EventCounts counts = new EventCounts(server.database(), clock::get);
            assertThat(counts.total()).isZero();
            send(server, token, stream, "auth", 1, 700);
            send(server, token, UUID.randomUUID(), "dns", 1, 20);
            assertThat(counts.total()).isEqualTo(720);
            send(server, token, stream, "auth", 701, 30);
            clock.set(clock.get().plusSeconds(30));
            assertThat(counts.total()).isEqualTo(750);
            assertThat(counts.day().minutes().values().stream()
                            .mapToLong(each -> each.getOrDefault("dns", 0L))
                            .sum())
                    .isEqualTo(20);
            // Half an hour in which nothing came, then a day.
            clock.set(clock.get().plus(Duration.ofMinutes(30)));
            assertThat(counts.total()).isEqualTo(750);
            clock.set(clock.get().plus(Duration.ofHours(24)));
            assertThat(counts.total()).isZero();
            JsonNode brief = server.get("/api/v1/health/system?details=false").json();
            assertThat(brief.path("events_last_24h").asLong()).isEqualTo(750);
            assertThat(brief.path("agents").size()).isZero();
            assertThat(brief.path("agents_details").size()).isZero();
            JsonNode whole = server.get("/api/v1/health/system").json();
            assertThat(whole.path("agents_details").size()).isEqualTo(2);
            assertThat(whole.path("agents_summary")).isEqualTo(brief.path("agents_summary"));
        }
    }
}
