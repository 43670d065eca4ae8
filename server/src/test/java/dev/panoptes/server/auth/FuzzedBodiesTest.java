package dev.panoptes.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.TestServer;
import dev.panoptes.server.TestServer.Answer;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Bodies that a fuzzer found to be taken, or to break something. */
@ExtendWith(TestPostgres.class)
class FuzzedBodiesTest {
    @TempDir
    Path directory;

    @Test
    void whatMeansNothingIsRefusedAndNothingIsStored(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, Map.of("observe.local", "false"))) {
            int before = server.get("/api/v1/tokens").json().path("items").size();
            for (String body : List.of(
                    "{\"name\": \"x\", \"role\": \"operator\", \"host\": \"\"}",
                    "{\"name\": \"x\", \"role\": \"observer\", \"host\": \"\"}",
                    "{\"name\": \"x\", \"role\": \"observer\", \"host\": \"a\\nb\"}",
                    "{\"name\": \"x\\ny\", \"role\": \"operator\"}",
                    "{\"name\": \"x\", \"role\": \"operator\", \"expires_in\": null}")) {
                assertThat(server.post("/api/v1/tokens", body).status())
                        .as(body)
                        .isEqualTo(400);
            }
            assertThat(server.get("/api/v1/tokens").json().path("items").size()).isEqualTo(before);
            String id = server.get("/api/v1/users")
                    .json()
                    .path("items")
                    .get(0)
                    .path("id")
                    .asString();
            Answer reset = server.call("PATCH", "/api/v1/users/" + id, "{\"reset_password\": null}");
            assertThat(reset.status()).isEqualTo(400);
            assertThat(server.post("/api/v1/users", "{\"name\": \"__main__\", \"role\": \"viewer\"}")
                            .body())
                    .contains("must begin with a letter or digit");
        }
    }

    @Test
    void withoutARegistryNoFreshCheckLooksGreen(Databases databases) throws IOException, InterruptedException {
        Map<String, String> settings = Map.of(
                "observe.local",
                "false",
                "registry",
                directory.resolve("not-there.yaml").toString());
        try (TestServer server = TestServer.start(databases, directory, settings)) {
            for (String path : List.of("/ports", "/agents/verify", "/registry/validate")) {
                assertThat(server.get(path).json().path("issues").size())
                        .as(path)
                        .isPositive();
            }
        }
    }

    @Test
    void aProfileGivesTheServicesThatNobodySet(Databases databases) {
        var profiled = TestServer.configuration(Map.of("profile", "leveredge"));
        assertThat(profiled.get(dev.panoptes.server.config.Settings.HERMES_URL)).hasToString("http://localhost:8014");
        assertThat(profiled.get(dev.panoptes.server.config.Settings.LAUNCH_DATE))
                .hasToString("2026-03-01");
        var set = TestServer.configuration(Map.of("profile", "leveredge", "hermes.url", "http://elsewhere:1"));
        assertThat(set.get(dev.panoptes.server.config.Settings.HERMES_URL)).hasToString("http://elsewhere:1");
    }
}
