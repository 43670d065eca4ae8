package dev.panoptes.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.TestServer;
import dev.panoptes.server.agents.Enrolled;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A number that is short where it is sent and long where the database gives it back. */
@ExtendWith(TestPostgres.class)
class LargeNumbersTest {
    @TempDir
    Path directory;

    @Test
    void aNumberOfManyDigitsBreaksNoPage(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, Map.of("observe.local", "false"))) {
            Enrolled agent = Enrolled.on(server, "security-agent");
            String config = agent.path("/api/v1/agents/{agent_id}/config");
            for (String number : List.of("1e308", "-1e308", "1e-307")) {
                assertThat(server.call(
                                        "PUT",
                                        config,
                                        "{\"rules\": [], \"settings\": {\"n\": " + number + "}, \"limits\": {}}")
                                .status())
                        .isEqualTo(200);
                for (String page : List.of(
                        "/settings",
                        "/settings/audit",
                        "/settings/tokens",
                        "/fleet",
                        agent.path("/fleet/agent?key={agent_id}&tab=config"),
                        agent.path("/fleet/agent?key={agent_id}&tab=history"))) {
                    assertThat(server.call(
                                            "GET",
                                            page,
                                            null,
                                            Map.of(
                                                    "Authorization",
                                                    "Bearer " + server.adminToken(),
                                                    "Accept",
                                                    "text/html"))
                                    .status())
                            .as(number + " on " + page)
                            .isIn(200, 404);
                }
                assertThat(server.get("/api/v1/audit").status()).isEqualTo(200);
                assertThat(server.get(config).json().path("settings").path("n").asDouble())
                        .isEqualTo(Double.parseDouble(number));
            }
        }
    }
}
