package dev.panoptes.server.telemetry;

import dev.panoptes.server.TestServer;
import dev.panoptes.server.TestServer.Answer;
import java.io.IOException;
import java.util.Map;

/** Events on a server, for tests of other features. */
public final class SentEvents {
    private static final String STREAM = "7d7b4c3a-9e5f-4b2c-8d4e-5f606a1f2c9e";

    private SentEvents() {}

    /** Sends one event as the observer of a host of its own. @return its id */
    public static String one(TestServer server) throws IOException, InterruptedException {
        String made = "{\"name\":\"sensor\",\"role\":\"observer\",\"host\":\"sensor-1\"}";
        String token =
                server.call("POST", "/api/v1/tokens", made).json().path("token").asString();
        String batch = "{\"stream\":\"" + STREAM + "\",\"sensor\":\"auth\",\"first\":1,\"count\":1,\"lost\":[]}\n"
                + "{\"@timestamp\":\"2026-03-01T06:00:00Z\",\"event\":{\"action\":\"login\"}}\n";
        Answer answer = server.call(
                "POST",
                "/api/v1/telemetry",
                batch,
                Map.of("Authorization", "Bearer " + token, "Content-Type", "application/x-ndjson"));
        if (answer.status() != 200) {
            throw new IllegalStateException(answer.body());
        }
        return STREAM + "-1";
    }
}
