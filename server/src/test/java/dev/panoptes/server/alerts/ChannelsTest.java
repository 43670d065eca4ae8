package dev.panoptes.server.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.TestServer;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@ExtendWith(TestPostgres.class)
class ChannelsTest {
    @TempDir
    Path directory;

    /** A server tells the event bus of its start; here nobody listens. */
    @Test
    void aChannelThatFailsIsToldOfWithWhatWaits(Databases databases) throws IOException, InterruptedException {
        int closed;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = free.getLocalPort();
        }
        Map<String, String> settings =
                Map.of("event_bus.url", "http://127.0.0.1:" + closed, "limits.requests_per_second", "0");
        try (TestServer server = TestServer.start(databases, directory, settings)) {
            JsonNode channel = channel(server);
            long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (channel.path("failures").asInt() == 0 && System.nanoTime() < end) {
                channel = channel(server);
            }
            assertThat(channel.path("failures").asInt()).isPositive();
            assertThat(channel.path("waiting").asInt()).isPositive();
            assertThat(channel.path("oldest_waiting_at").asString("")).startsWith("20");
            assertThat(channel.path("last_sent_at").isNull()).isTrue();
        }
    }

    private static JsonNode channel(TestServer server) throws IOException, InterruptedException {
        JsonNode channels = server.get("/api/v1/alerts/channels").json().path("items");
        assertThat(channels).hasSize(1);
        return channels.get(0);
    }
}
