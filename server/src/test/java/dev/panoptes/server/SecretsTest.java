package dev.panoptes.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.TestServer.Answer;
import dev.panoptes.server.config.ConfigurationFile;
import dev.panoptes.server.storage.TarReader;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import dev.panoptes.server.storage.backup.BackupRefused;
import dev.panoptes.server.storage.backup.Backups;
import dev.panoptes.server.storage.backup.Contents;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Every secret that a server hands out or is given is looked for in all that a backup holds, compressed columns too. */
@ExtendWith(TestPostgres.class)
class SecretsTest {
    private static final String SESSION = "/api/v1/session";
    private static final Pattern COMPRESSED = Pattern.compile("\\\\x(1f8b(?:[0-9a-f]{2})+)");

    @TempDir
    Path directory;

    @Test
    void noSecretStandsInTheDatabaseOrInABackup(Databases databases)
            throws IOException, InterruptedException, BackupRefused {
        String hook = "a webhook secret for this test";
        String chosen = "a better password for this test";
        Path registry = Files.writeString(
                directory.resolve("agent-registry.yaml"), "agents: {one: {connection: {url: 'http://one:7001'}}}\n");
        Map<String, String> settings = Map.of(
                "observe.local",
                "false",
                "registry",
                registry.toString(),
                "alerts.webhook.url",
                "http://127.0.0.1:1/hook",
                "alerts.webhook.secret",
                hook);
        Map<String, String> secrets = new LinkedHashMap<>();
        try (TestServer server = TestServer.start(databases, directory, settings)) {
            String first = server.server().firstAdmin().orElseThrow().oneTimePassword();
            secrets.put("webhook", hook);
            secrets.put("one-time password", first);
            secrets.put("chosen password", chosen);
            secrets.put("admin.token", server.adminToken());
            secrets.put(
                    "jwt.secret",
                    Files.readString(directory.resolve("jwt.secret")).strip());
            Answer login = login(server, "admin", first);
            session(secrets, "first session", login);
            assertThat(server.call(
                                    "PUT",
                                    SESSION + "/password",
                                    "{\"current\": \"" + first + "\", \"new\": \"" + chosen + "\"}",
                                    Map.of(
                                            "Cookie", cookie(login),
                                            "X-CSRF-Token",
                                                    login.json()
                                                            .path("csrf_token")
                                                            .asString()))
                            .status())
                    .isEqualTo(204);
            session(secrets, "second session", login(server, "admin", chosen));
            assertThat(login(server, "admin", "a wrong guess at it").status()).isEqualTo(401);
            secrets.put("wrong guess", "a wrong guess at it");
            Answer user = server.post("/api/v1/users", "{\"name\": \"eva\", \"role\": \"viewer\"}");
            secrets.put("eva", user.json().path("one_time_password").asString());
            for (String role : List.of("viewer", "operator", "admin", "observer")) {
                secrets.put(role + " token", server.token(role));
            }
            server.post("/scan", "");
            assertThat(secrets.values()).allMatch(secret -> secret.length() > 15);

            String dump = dump(server, settings);
            assertThat(dump).contains("eva").contains("argon2").contains("port");
            secrets.forEach((name, secret) -> {
                byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
                assertThat(dump)
                        .as(name)
                        .doesNotContain(secret)
                        .doesNotContain(HexFormat.of().formatHex(bytes))
                        .doesNotContain(Base64.getEncoder().withoutPadding().encodeToString(bytes));
            });
        }
    }

    /** Every member of a backup as text, and what is compressed in a column behind it. */
    private String dump(TestServer server, Map<String, String> settings) throws IOException, BackupRefused {
        Path file = directory.resolve("backup.tar.gz");
        Contents contents = new Contents(
                "1.2.3",
                Instant.parse("2026-03-01T12:00:00Z"),
                ConfigurationFile.of(TestServer.configuration(settings)),
                List.of());
        Backups.write(server.database().address(), file, contents);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            TarReader tar = new TarReader(in);
            byte[] buffer = new byte[1 << 16];
            while (tar.next() != null) {
                for (int read = tar.read(buffer); read >= 0; read = tar.read(buffer)) {
                    all.write(buffer, 0, read);
                }
            }
        }
        Matcher compressed = COMPRESSED.matcher(all.toString(StandardCharsets.UTF_8));
        int columns = 0;
        while (compressed.find()) {
            byte[] column = HexFormat.of().parseHex(compressed.group(1));
            try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(column))) {
                all.writeBytes(in.readAllBytes());
            }
            columns++;
        }
        assertThat(columns).as("the report and its registry at least").isGreaterThan(1);
        return all.toString(StandardCharsets.UTF_8);
    }

    private static Answer login(TestServer server, String name, String password)
            throws IOException, InterruptedException {
        return server.call(
                "POST", SESSION, "{\"name\": \"" + name + "\", \"password\": \"" + password + "\"}", Map.of());
    }

    private static void session(Map<String, String> secrets, String name, Answer login) {
        secrets.put(name, cookie(login).split("=", 2)[1]);
        secrets.put("CSRF token of the " + name, login.json().path("csrf_token").asString());
    }

    private static String cookie(Answer login) {
        return Objects.requireNonNull(login.header("Set-Cookie")).split(";", 2)[0];
    }
}
