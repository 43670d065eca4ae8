package dev.panoptes.cli.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.cli.server.StartedServer.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything that is secret, used rightly and wrongly, with the log at its most talkative. */
class SecretsInLogsTest {
    private static final String JWT_SECRET = "jwt-secret-0123456789-abcdefghijklmnopq";
    private static final String WEBHOOK_SECRET = "webhook-secret-0123456789";
    private static final String WRONG = "wrong-password-that-nobody-has";
    private static final String PASSWORD = "a better password 4711";

    @TempDir
    Path temporary;

    @Test
    void noSecretIsInTheLogInAnAnswerOrInAReport() throws IOException, InterruptedException {
        Path directory = Files.createDirectories(temporary.resolve("work"));
        Path registry = Files.writeString(directory.resolve("agent-registry.yaml"), """
                version: '1.0'
                agents:
                  one: {name: ONE, connection: {url: 'http://somebody:url-secret-4711@one:18020'}}
                  two: {name: TWO, connection: {url: 'http://two:18020?token=url-secret-4711'}}
                """);
        ServerSetup setup = ServerSetup.in(directory)
                .options("--registry", registry.toString())
                .environment("PANOPTES_LOG", "debug")
                .environment("JWT_SECRET", JWT_SECRET)
                .environment("PANOPTES_OBSERVE_LOCAL", "false")
                .environment("PANOPTES_ALERTS_WEBHOOK_URL", "http://127.0.0.1:1/hook")
                .environment("PANOPTES_ALERTS_WEBHOOK_SECRET", WEBHOOK_SECRET);
        try (StartedServer server = setup.start()) {
            List<String> secrets =
                    new ArrayList<>(List.of(JWT_SECRET, WEBHOOK_SECRET, WRONG, PASSWORD, "url-secret-4711"));
            String oneTime = Files.readString(server.dataDirectory().resolve("admin.password"))
                    .strip();
            secrets.add(server.adminToken());
            StringBuilder answers = new StringBuilder();

            answers.append(login(server, WRONG).body());
            Answer in = login(server, oneTime);
            String cookie = Objects.requireNonNull(in.header("Set-Cookie")).split(";", 2)[0];
            secrets.add(cookie.split("=", 2)[1]);
            String csrf = in.json().path("csrf_token").asString();
            assertThat(server.call(
                                    "PUT",
                                    "/api/v1/session/password",
                                    "{\"current\": \"" + oneTime + "\", \"new\": \"" + PASSWORD + "\"}",
                                    Map.of("Cookie", cookie, "X-CSRF-Token", csrf))
                            .status())
                    .isEqualTo(204);
            Answer token = server.call("POST", "/api/v1/tokens", "{\"name\": \"t\", \"role\": \"viewer\"}");
            secrets.add(token.json().path("token").asString());
            Map<String, String> bearer = Map.of("Authorization", "Bearer " + secrets.getLast());
            answers.append(server.call("GET", "/status", null, bearer).body());
            answers.append(server.call(
                            "GET",
                            "/status?token=" + secrets.getLast(),
                            null,
                            Map.of("Authorization", "Bearer " + WRONG))
                    .body());
            answers.append(server.call("POST", "/api/v1/session", "{\"password\": \"" + WRONG + "\", \"x\": 1}")
                    .body());
            server.call("POST", "/scan", null);
            for (String path : List.of(
                    "/scan",
                    "/issues",
                    "/ports",
                    "/registry/validate",
                    "/api/v1/audit",
                    "/api/v1/tokens",
                    "/api/v1/users",
                    "/api/v1/http_sd",
                    "/api/v1/health/agents",
                    "/metrics",
                    "/api/v1/alerts")) {
                Answer answer = server.call("GET", path, null);
                assertThat(answer.status()).as(path).isEqualTo(200);
                answers.append(answer.body());
            }
            assertThat(server.stop()).isZero();

            String log = server.log();
            assertThat(log).contains("http method=POST path=/api/v1/session");
            for (String secret : secrets) {
                assertThat(secret).hasSizeGreaterThan(12);
                assertThat(log).doesNotContain(secret);
                assertThat(answers.toString()).doesNotContain(secret);
            }
            // The one-time password is told once, for people, when it is made; never again.
            assertThat(log.split(oneTime, -1)).hasSizeLessThanOrEqualTo(2);
            assertThat(answers.toString()).doesNotContain(oneTime);
        }
    }

    private static Answer login(StartedServer server, String password) throws IOException, InterruptedException {
        return server.call(
                "POST", "/api/v1/session", "{\"name\": \"admin\", \"password\": \"" + password + "\"}", Map.of());
    }
}
