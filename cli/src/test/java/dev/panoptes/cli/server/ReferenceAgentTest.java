package dev.panoptes.cli.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

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

    @Test
    void itProvesWhoItIsAndWhatAnswersInItsPlaceDoesNot() throws IOException, InterruptedException {
        Path code = Files.createDirectories(directory.resolve("agents/hermes"));
        for (String file : List.of("agent.py", "panoptes_agent.py", "panoptes_ed25519.py")) {
            Files.copy(PROGRAM.resolveSibling(file), code.resolve(file));
        }
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path registry = Files.writeString(directory.resolve("agent-registry.yaml"), """
                version: '1.0'
                agents:
                  hermes: {name: hermes, connection: {url: 'http://127.0.0.1:%d'}, actions: {a: {endpoint: /a, method: GET}}}
                """.formatted(port));
        ServerSetup setup = ServerSetup.in(directory)
                .environment("PANOPTES_AGENTS_HEARTBEAT_INTERVAL", "1s")
                .options(
                        "--registry",
                        registry.toString(),
                        "--agents-path",
                        directory.resolve("agents").toString());
        try (StartedServer server = setup.start()) {
            String token = server.post("/api/v1/enrollment-tokens", "{\"name\": \"test\"}")
                    .json()
                    .path("token")
                    .asString();
            Process agent = agent(code.resolve("agent.py"), server.url(), token, "--listen", "127.0.0.1:" + port);
            Process impostor = null;
            try {
                await(server, "", "state", "running");
                // A scan that ran already may have asked before it listened.
                Await.until(
                        "it is verified", () -> scanned(server).path("verified").asBoolean(false));
                assertThat(server.get(AGENT)
                                .json()
                                .path("identity")
                                .path("proof")
                                .asString(""))
                        .isEqualTo("proved");
                assertThat(issues(server)).doesNotContain("identity-proof-hermes");

                // Something else takes its port and its id, as whoever read the id somewhere could. It has another key.
                String id = server.get(AGENT).json().path("id").asString();
                agent.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
                Path identity = directory.resolve("agent/hermes.json");
                Files.writeString(
                        identity,
                        Files.readString(identity)
                                .replaceFirst("\"key\": \"[0-9a-f]{64}\"", "\"key\": \"" + "7".repeat(64) + "\""));
                impostor = agent(code.resolve("agent.py"), server.url(), "", "--listen", "127.0.0.1:" + port);
                Await.until("the impostor answers", () -> {
                    JsonNode proved = scanned(server);
                    return proved.path("proof").asString("").equals("wrong");
                });
                JsonNode wrong = scanned(server);
                assertThat(wrong.path("verified").asBoolean(true)).isFalse();
                assertThat(issues(server)).contains("identity-proof-hermes");
                assertThat(server.get(AGENT).json().path("id").asString()).isEqualTo(id);
            } finally {
                agent.destroyForcibly();
                if (impostor != null) {
                    impostor.destroyForcibly();
                }
            }
        }
    }

    /** What the agent's identity is after one more scan. */
    private static JsonNode scanned(StartedServer server) throws IOException, InterruptedException {
        assertThat(server.post("/scan", "").status()).isEqualTo(200);
        return server.get(AGENT).json().path("identity");
    }

    private static List<String> issues(StartedServer server) throws IOException, InterruptedException {
        List<String> ids = new ArrayList<>();
        server.get("/api/v1/integrity/issues?state=open")
                .json()
                .path("items")
                .forEach(issue -> ids.add(issue.path("id").asString("")));
        return ids;
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
        return agent(PROGRAM.toAbsolutePath().normalize(), url, token);
    }

    private Process agent(Path program, String url, String token, String... options) throws IOException {
        List<String> command =
                new ArrayList<>(List.of("python3", program.toString(), "--server", url, "--name", "hermes"));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        builder.environment().put("PANOPTES_ENROLLMENT_TOKEN", token);
        builder.environment()
                .put("PANOPTES_AGENT_DIR", directory.resolve("agent").toString());
        return builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("agent.log").toFile()))
                .start();
    }
}
