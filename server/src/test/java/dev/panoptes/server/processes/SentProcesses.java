package dev.panoptes.server.processes;

import dev.panoptes.server.TestServer;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/** What a proc sensor tells of a host, for tests of other features. */
public final class SentProcesses {
    private SentProcesses() {}

    /** Three processes run, one below another, and one has ended; the host's use is measured twice. @param name of the second */
    public static void of(TestServer server, String host, String name) throws IOException, InterruptedException {
        String token = server.call(
                        "POST", "/api/v1/tokens", "{\"name\":\"proc\",\"role\":\"observer\",\"host\":\"" + host + "\"}")
                .json()
                .path("token")
                .asString();
        Instant now = Instant.now();
        String events = String.join(
                "\n",
                event("process_started", 1, 0, "init", now.minusSeconds(90)),
                event("process_started", 7, 1, name, now.minusSeconds(80)),
                event("process_started", 8, 7, "worker", now.minusSeconds(70)),
                event("process_started", 9, 1, "short", now.minusSeconds(60)),
                event("process_ended", 9, 1, "short", now.minusSeconds(50)),
                usage(now.minusSeconds(100), 10),
                usage(now.minusSeconds(30), 40));
        TestServer.Answer answer = server.call(
                "POST",
                "/api/v1/telemetry",
                "{\"stream\":\"" + UUID.randomUUID() + "\",\"sensor\":\"proc\",\"first\":1,\"count\":7,\"lost\":[]}\n"
                        + events + "\n",
                Map.of("Authorization", "Bearer " + token, "Content-Type", "application/x-ndjson"));
        if (answer.status() != 200) {
            throw new IllegalStateException(answer.body());
        }
    }

    private static String event(String action, int pid, int parent, String name, Instant at) {
        return "{\"@timestamp\":\"" + at + "\",\"event\":{\"action\":\"" + action
                + "\",\"dataset\":\"panoptes.proc\"},\"process\":{\"pid\":" + pid + ",\"entity_id\":\"boot-" + pid
                + "\",\"name\":\"" + name + "\",\"command_line\":\"/usr/bin/" + name + " --run\",\"parent\":{\"pid\":"
                + parent + ",\"entity_id\":\"boot-" + parent + "\"}}}";
    }

    private static String usage(Instant at, int cpu) {
        return "{\"@timestamp\":\"" + at
                + "\",\"event\":{\"action\":\"host_usage\",\"dataset\":\"panoptes.proc\"},\"system\":{\"cpu_percent\":"
                + cpu + ",\"memory_bytes\":8589934592,\"memory_available_bytes\":4294967296,\"load_1m\":0.5,"
                + "\"pids\":[1,7,8],\"processes\":[{\"pid\":7,\"entity_id\":\"boot-7\",\"cpu_percent\":12.5,"
                + "\"memory_bytes\":1048576}]}}";
    }
}
