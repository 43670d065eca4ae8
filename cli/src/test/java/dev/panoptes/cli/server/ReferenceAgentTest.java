package dev.panoptes.cli.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reference agent in Python with a real server: it enrolls, obeys, breaks its limit, stops, outlives the server. */
class ReferenceAgentTest {
    private static final Path PROGRAM = Path.of("../examples/agents/python/agent.py");
    private static final String AGENT = "/api/v1/agents/hermes";

    @TempDir
    Path directory;

    @Test
    void itDoesWhatItIsToldAndSaysHowItIs() throws IOException, InterruptedException {
        ServerSetup setup = ServerSetup.in(directory).environment("PANOPTES_AGENTS_HEARTBEAT_INTERVAL", "1s");
        try (StartedServer server = setup.start()) {
            String token = server.post("/api/v1/enrollment-tokens", "{\"name\": \"test\"}")
                    .json()
                    .path("token")
                    .asString();
            Process agent = agent(server.url(), token);
            try {
                await(server, "", "state", "running");
                put(server, "97");
                await(server, "/status", "health", "unhealthy");
                await(server, "", "config_state", "APPLIED");
                put(server, "\"much\"");
                await(server, "", "config_state", "FAILED");
                assertThat(server.post(AGENT + "/config/rollback", "{\"version\": 1}")
                                .status())
                        .isEqualTo(200);
                await(server, "", "config_state", "APPLIED");
                assertThat(server.get(AGENT).json().path("config_version").asInt())
                        .isEqualTo(3);

                agent.destroy();
                assertThat(agent.waitFor(20, TimeUnit.SECONDS)).isTrue();
                assertThat(agent.exitValue()).isZero();
                await(server, "", "state", "stopped");

                // It needs no token any more, and goes on while the server is away.
                agent = agent(server.url(), "");
                await(server, "", "state", "running");
                server.kill9();
                assertThat(agent.waitFor(3, TimeUnit.SECONDS)).isFalse();
                agent.destroy();
                assertThat(agent.waitFor(30, TimeUnit.SECONDS)).isTrue();
                assertThat(agent.exitValue()).isZero();
            } finally {
                agent.destroyForcibly();
            }
        }
    }

    private static void put(StartedServer server, String cpu) throws IOException, InterruptedException {
        String body = "{\"settings\": {\"pretend_cpu\": " + cpu + "}}";
        assertThat(server.call("PUT", AGENT + "/config", body).status()).isEqualTo(200);
    }

    private static void await(StartedServer server, String path, String field, String value)
            throws InterruptedException {
        Await.until(
                field + " is " + value,
                () -> server.get(AGENT + path).json().path(field).asString("").equals(value));
    }

    private Process agent(String url, String token) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                "python3", PROGRAM.toAbsolutePath().normalize().toString(), "--server", url, "--name", "hermes");
        builder.environment().put("PANOPTES_ENROLLMENT_TOKEN", token);
        builder.environment()
                .put("PANOPTES_AGENT_DIR", directory.resolve("agent").toString());
        return builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("agent.log").toFile()))
                .start();
    }
}
