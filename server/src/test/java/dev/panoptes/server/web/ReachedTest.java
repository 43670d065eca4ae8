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
        for (String proxies : List.of("none", "127.0.0.0/8")) {
            Map<String, String> settings = Map.of("observe.local", "false", "http.trusted_proxies", proxies);
            try (TestServer server = TestServer.start(databases, directory, settings)) {
                String page = server.call(
                                "GET",
                                "/dashboard",
                                null,
                                Map.of(
                                        "Accept",
                                        "text/html",
                                        "X-Forwarded-Proto",
                                        "https",
                                        "Authorization",
                                        "Bearer " + server.adminToken()))
                        .body();
                // Anybody can say that there is a proxy.
                assertThat(page)
                        .as(proxies)
                        .contains(
                                proxies.equals("none")
                                        ? server.url()
                                        : server.url().replace("http://", "https://"));
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
