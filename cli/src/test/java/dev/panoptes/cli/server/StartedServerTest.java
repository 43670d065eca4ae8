package dev.panoptes.cli.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The started server's own life: ready, stopped, killed, started again. */
@Tag("e2e")
@Timeout(180)
class StartedServerTest {
    private static final String TOKEN = "{\"name\": \"%s\", \"role\": \"viewer\"}";

    @TempDir
    Path directory;

    @Test
    void whatWasAcknowledgedIsThereAfterAStopAndAfterAKill() throws IOException, InterruptedException {
        ServerSetup setup = ServerSetup.in(directory);
        try (StartedServer first = setup.start()) {
            assertThat(first.call("GET", "/livez", null, Map.of()).status()).isEqualTo(200);
            assertThat(first.post("/api/v1/tokens", TOKEN.formatted("first")).status())
                    .isEqualTo(201);
            assertThat(first.stop()).isZero();
            assertThat(first.log()).doesNotContain("ERROR");
        }
        try (StartedServer second = setup.start()) {
            assertThat(second.post("/api/v1/tokens", TOKEN.formatted("second")).status())
                    .isEqualTo(201);
            second.kill9();
            try (StartedServer third = second.again()) {
                assertThat(third.get("/api/v1/tokens").body())
                        .contains("\"first\"")
                        .contains("\"second\"");
            }
        }
    }

    @Test
    void onAnExternalDatabaseNoOtherOneIsStarted() throws IOException, InterruptedException, SQLException {
        try (ExternalPostgres postgres = ExternalPostgres.start();
                StartedServer server =
                        ServerSetup.in(directory).database(postgres).start()) {
            assertThat(server.post("/api/v1/tokens", TOKEN.formatted("first")).status())
                    .isEqualTo(201);
            assertThat(server.postgres()).isEmpty();
            try (Connection connection = postgres.connect();
                    var statement = connection.createStatement();
                    var results = statement.executeQuery("SELECT name FROM api_tokens")) {
                assertThat(results.next()).isTrue();
                assertThat(results.getString("name")).isEqualTo("first");
            }
        }
    }
}
