package dev.panoptes.server.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.TestServer;
import dev.panoptes.server.TestServer.Answer;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(TestPostgres.class)
class SilenceResourceTest {
    private static final String SILENCES = "/api/v1/silences";

    @TempDir
    Path directory;

    @Test
    void aSilenceHasAMatcherAReasonAndAnEndAndCanBeEnded(Databases databases) throws IOException, InterruptedException {
        Instant now = Instant.parse("2026-03-01T10:00:00Z");
        try (TestServer server = TestServer.start(databases, directory, Map.of(), () -> now)) {
            for (String wrong : List.of(
                    "{}",
                    "{\"matcher\": {}, \"reason\": \"r\", \"duration\": \"1h\"}",
                    "{\"matcher\": {\"check\": \" \"}, \"reason\": \"r\", \"duration\": \"1h\"}",
                    "{\"matcher\": {\"pid\": \"1\"}, \"reason\": \"r\", \"duration\": \"1h\"}",
                    "{\"matcher\": {\"severity\": \"bad\"}, \"reason\": \"r\", \"duration\": \"1h\"}",
                    "{\"matcher\": {\"agent\": 7}, \"reason\": \"r\", \"duration\": \"1h\"}",
                    "{\"matcher\": {\"agent\": \"hermes\"}, \"reason\": \"r\"}",
                    "{\"matcher\": {\"agent\": \"hermes\"}, \"reason\": \"\", \"duration\": \"1h\"}",
                    "{\"matcher\": {\"agent\": \"hermes\"}, \"reason\": \"r\", \"expires_at\": \"2026-02-28T00:00:00Z\"}",
                    "{\"matcher\": {\"agent\": \"hermes\"}, \"reason\": \"r\", \"expires_at\": \"+999999999-01-01T00:00:00Z\"}",
                    "{\"matcher\": {\"agent\": \"\\u0000\"}, \"reason\": \"r\", \"duration\": \"1h\"}")) {
                Answer answer = server.post(SILENCES, wrong);
                assertThat(answer.status()).as(wrong + " " + answer.body()).isEqualTo(400);
            }
            assertThat(server.get(SILENCES).json().path("items")).isEmpty();
            Answer made = server.post(
                    SILENCES, "{\"matcher\": {\"agent\": \"hermes\"}, \"reason\": \"move\", \"duration\": \"2h\"}");
            assertThat(made.status()).isEqualTo(201);
            assertThat(made.json().path("expires_at").asString()).isEqualTo("2026-03-01T12:00:00Z");
            assertThat(made.json().path("matcher").path("agent").asString()).isEqualTo("hermes");
            String one = SILENCES + "/" + made.json().path("id").asString();
            assertThat(server.call("DELETE", one, null).status()).isEqualTo(204);
            assertThat(server.call("DELETE", one, null).status()).isEqualTo(404);
            assertThat(server.get(SILENCES).json().path("items")).hasSize(1);
            assertThat(server.get("/api/v1/audit").json().path("items").findValuesAsString("action"))
                    .startsWith("silence.end", "silence.create");
            assertThat(server.get("/api/v1/alerts").status()).isEqualTo(200);
        }
    }
}
