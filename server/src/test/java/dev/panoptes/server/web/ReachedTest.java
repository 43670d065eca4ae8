package dev.panoptes.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.TestServer;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What somebody copies from a page works where they read it. */
@ExtendWith(TestPostgres.class)
class ReachedTest {
    @TempDir
    Path directory;

    @Test
    void commandsNameTheAddressThatIsAsked(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, Map.of("observe.local", "false"))) {
            for (String page : List.of("/dashboard")) {
                assertThat(server.call(
                                        "GET",
                                        page,
                                        null,
                                        Map.of(
                                                "Accept",
                                                "text/html",
                                                "X-Forwarded-Proto",
                                                "https",
                                                "Authorization",
                                                "Bearer " + server.adminToken()))
                                .body())
                        .as(page)
                        .contains(server.url().replace("http://", "https://"));
            }
        }
        try (TestServer server = TestServer.start(
                databases, directory, Map.of("observe.local", "false", "server_url", "https://panoptes.example/"))) {
            assertThat(server.call(
                                    "GET",
                                    "/dashboard",
                                    null,
                                    Map.of("Accept", "text/html", "Authorization", "Bearer " + server.adminToken()))
                            .body())
                    .contains("https://panoptes.example")
                    .doesNotContain("https://panoptes.example//")
                    .doesNotContain(server.url());
        }
    }
}
