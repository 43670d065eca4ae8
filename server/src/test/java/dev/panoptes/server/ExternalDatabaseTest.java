package dev.panoptes.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.panoptes.server.config.Configuration;
import dev.panoptes.server.life.CannotStart;
import dev.panoptes.server.storage.ExternalPostgres;
import dev.panoptes.server.storage.TestPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a PostgreSQL server of the operator's, which goes away and comes back. */
class ExternalDatabaseTest {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";

    @TempDir
    Path directory;

    @Test
    void anOutageIsToldWithATimeToComeBackAndEndsByItself() throws IOException, InterruptedException, CannotStart {
        TestPostgres.reachable(directory);
        try (ExternalPostgres postgres = ExternalPostgres.start(directory)) {
            postgres.awaitReady();
            Configuration configuration = TestServer.configuration(
                    Map.of("database.url", postgres.url(), "jwt_secret", SECRET, "watch.interval", "1h"));
            ServerOptions options =
                    new ServerOptions("1.2.3", InstantSource.system(), ZoneOffset.UTC, directory, Map.of());
            Path data = directory.resolve("data");
            try (PanoptesServer server = PanoptesServer.start(configuration, data, options);
                    HttpClient client = HttpClient.newHttpClient()) {
                String token = Files.readString(data.resolve("admin.token")).strip();
                assertThat(create(client, server, token, "before").statusCode()).isEqualTo(201);

                postgres.kill();
                HttpResponse<String> refused = create(client, server, token, "during");
                assertThat(refused.statusCode()).isEqualTo(503);
                assertThat(refused.headers().firstValue("Retry-After")).isPresent();
                assertThat(refused.body()).contains("\"unavailable\"").doesNotContain("127.0.0.1:");
                assertThat(call(client, server, token, "GET", "/livez", "").statusCode())
                        .isEqualTo(200);
                assertThat(call(client, server, token, "GET", "/readyz", "").statusCode())
                        .isEqualTo(503);
                assertThat(call(client, server, token, "GET", "/health", "").statusCode())
                        .isEqualTo(200);
                assertThat(call(client, server, token, "GET", "/metrics", "").body())
                        .contains("panoptes_database_up 0.0\n")
                        .contains("panoptes_heap_bytes ")
                        .doesNotContain("panoptes_outbox_messages");

                postgres.startAgain();
                postgres.awaitReady();
                long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
                while (call(client, server, token, "GET", "/readyz", "").statusCode() != 200) {
                    assertThat(System.nanoTime()).isLessThan(end);
                }
                assertThat(call(client, server, token, "GET", "/api/v1/users", "")
                                .body())
                        .contains("\"before\"")
                        .doesNotContain("\"during\"");
            }
        }
    }

    @Test
    void withoutASecretItIsRefusedInOneSentence() {
        Configuration configuration = TestServer.configuration(Map.of("database.url", "postgres://u:p@127.0.0.1:1/x"));
        ServerOptions options = new ServerOptions("1.2.3", InstantSource.system(), ZoneOffset.UTC, directory, Map.of());
        assertThatThrownBy(() -> PanoptesServer.start(configuration, directory.resolve("data"), options))
                .isInstanceOf(CannotStart.class)
                .hasMessageContaining("JWT_SECRET must be set with an external database");
    }

    @Test
    void aServerThatIsNotThereIsOneClearMessageWithoutThePassword() {
        Configuration configuration = TestServer.configuration(
                Map.of("database.url", "postgres://u:hidden@127.0.0.1:1/x", "jwt_secret", SECRET));
        ServerOptions options = new ServerOptions("1.2.3", InstantSource.system(), ZoneOffset.UTC, directory, Map.of());
        assertThatThrownBy(() -> PanoptesServer.start(configuration, directory.resolve("data"), options))
                .isInstanceOf(CannotStart.class)
                .hasMessageContaining("postgres://u@127.0.0.1:1/x")
                .hasMessageNotContaining("hidden");
    }

    private static HttpResponse<String> create(HttpClient client, PanoptesServer server, String token, String name)
            throws IOException, InterruptedException {
        String body = "{\"name\": \"" + name + "\", \"role\": \"viewer\"}";
        return call(client, server, token, "POST", "/api/v1/users", body);
    }

    private static HttpResponse<String> call(
            HttpClient client, PanoptesServer server, String token, String method, String path, String body)
            throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(server.url() + path))
                        .timeout(Duration.ofSeconds(30))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
