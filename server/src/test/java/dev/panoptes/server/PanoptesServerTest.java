package dev.panoptes.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(TestPostgres.class)
class PanoptesServerTest {
    @TempDir
    Path directory;

    @Test
    void answersWhatNeedsNoLogin(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, Map.of())) {
            assertThat(server.call("GET", "/livez", null, Map.of()).status()).isEqualTo(200);
            assertThat(server.call("GET", "/readyz", null, Map.of()).status()).isEqualTo(200);
            assertThat(server.call("GET", "/api/v1/health/ping", null, Map.of())
                            .json()
                            .path("status")
                            .asString())
                    .isEqualTo("ok");
            assertThat(server.call("GET", "/api/v1/users", null, Map.of()).status())
                    .isEqualTo(401);
            assertThat(server.get("/api/v1/users")
                            .json()
                            .path("items")
                            .get(0)
                            .path("name")
                            .asString())
                    .isEqualTo("admin");
            assertThat(server.get("/nowhere").code()).isEqualTo("not_found");
            assertThat(server.post("/livez", "{}").code()).isEqualTo("method_not_allowed");
            assertThat(server.post("/livez", "{}").header("Allow")).isEqualTo("GET, HEAD");
        }
    }
}
