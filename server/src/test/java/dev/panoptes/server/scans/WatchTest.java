package dev.panoptes.server.scans;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.TestServer;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The watch cycle finds by itself what somebody changed, and does not fill the disk while nothing changes. */
@ExtendWith(TestPostgres.class)
class WatchTest {
    private static final String WELL = """
            version: '1.0'
            agents:
              one: {name: ONE, connection: {url: 'http://one:18020'}, actions: {a: {endpoint: /a, method: GET}}}
              two: {name: TWO, connection: {url: 'http://two:18021'}, actions: {a: {endpoint: /a, method: GET}}}
            """;

    @TempDir
    Path directory;

    @Test
    void aChangeIsFoundWithoutAskingAndSameCyclesReplaceEachOther(Databases databases)
            throws IOException, InterruptedException {
        Path registry = Files.writeString(directory.resolve("agent-registry.yaml"), WELL);
        Map<String, String> settings = Map.of(
                "registry",
                registry.toString(),
                "observe.local",
                "false",
                "watch.interval",
                "50ms",
                "limits.requests_per_second",
                "0");
        try (TestServer server = TestServer.start(databases, directory, settings)) {
            long first = awaitNewer(server, 0);
            long later = awaitNewer(server, awaitNewer(server, awaitNewer(server, first)));
            JsonNode quiet = server.get("/api/v1/scans").json().path("items");
            assertThat(quiet.size())
                    .as("start, the cycle after it, and the newest")
                    .isLessThanOrEqualTo(3);

            Files.writeString(registry, WELL.replace("two:18021", "two:18020"));
            JsonNode status = server.get("/status").json();
            long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (!status.path("status").asString().equals("critical")) {
                assertThat(System.nanoTime()).isLessThan(end);
                later = awaitNewer(server, later);
                status = server.get("/status").json();
            }
            List<String> causes =
                    server.get("/api/v1/scans").json().path("items").findValuesAsString("cause");
            assertThat(causes).contains("watch").containsOnlyOnce("start");
        }
    }

    /** The id of the newest scan, once it is newer than this one. */
    private static long awaitNewer(TestServer server, long id) throws IOException, InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (true) {
            JsonNode items = server.get("/api/v1/scans?limit=1").json().path("items");
            if (items.size() == 1 && items.get(0).path("id").asLong() > id) {
                return items.get(0).path("id").asLong();
            }
            assertThat(System.nanoTime()).isLessThan(end);
        }
    }
}
