package dev.panoptes.server.agents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.TestServer;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Heartbeats are counted by the quarter of an hour, and only while somebody listened. */
@ExtendWith(TestPostgres.class)
class BeatHistoryTest {
    private static final Map<String, String> SETTINGS =
            Map.of("limits.requests_per_second", "0", "observe.local", "false");
    private static final Duration GAP = Duration.ofMinutes(1);

    @TempDir
    Path directory;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-01T06:00:10Z"));

    /** As if so many heartbeats had come until a quarter is over, all the while being listened to. */
    private void quarter(TestServer server, BeatHistory history, String id, int beats) {
        now.set(now.get().plus(BeatHistory.QUARTER));
        server.database().transaction(transaction -> {
            transaction.update("UPDATE agent_beats SET beats = beats + ? WHERE agent_id = ?", beats, id);
            return transaction.update("UPDATE agent_watch SET last_at = ?", now.get());
        });
        history.review();
    }

    private static JsonNode told(TestServer server) throws IOException, InterruptedException {
        TestServer.Answer answer = server.get("/api/v1/agents/one/heartbeats");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    private static String quarters(TestServer server) throws IOException, InterruptedException {
        return told(server).path("quarters").toString();
    }

    @Test
    void aQuarterIsWholeInPartSilentOrNotListenedTo(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, SETTINGS, now::get)) {
            BeatHistory history = new BeatHistory(server.database(), now::get, GAP);
            Enrolled agent = Enrolled.on(server, "one");
            history.review();
            assertThat(told(server).path("until").isNull()).as("it never beat").isTrue();
            agent.beat(server, "{}");
            server.database()
                    .execute(transaction ->
                            transaction.update("UPDATE agent_watch SET since = ?, last_at = ?", now.get(), now.get()));
            history.review();
            history.review();
            assertThat(quarters(server)).isEqualTo("[]");
            assertThat(told(server).path("percent").isNull()).isTrue();

            quarter(server, history, agent.id(), 30);
            // The same quarter is counted once.
            history.review();
            assertThat(quarters(server)).isEqualTo("[100]");
            quarter(server, history, agent.id(), 45);
            quarter(server, history, agent.id(), 15);
            quarter(server, history, agent.id(), 0);
            assertThat(quarters(server)).as("more than expected is whole").isEqualTo("[100,100,50,0]");
            JsonNode told = told(server);
            assertThat(told.path("until").asString()).isEqualTo("2026-03-01T07:00:00Z");
            assertThat(told.path("interval").asInt()).isEqualTo(30);
            assertThat(told.path("percent").asDouble()).isEqualTo(62.5);
            assertThat(told.path("longest_silence").asInt()).isEqualTo(900);
            JsonNode week = told.path("periods").get(0);
            assertThat(week.path("days").asInt()).isEqualTo(7);
            assertThat(week.path("received").asInt()).isEqualTo(90);
            assertThat(week.path("expected").asInt()).isEqualTo(120);
            assertThat(week.path("percent").asDouble()).isEqualTo(75);

            // The server was away for an hour: nobody can say what would have come.
            now.set(now.get().plus(Duration.ofHours(1)));
            history.review();
            assertThat(quarters(server)).isEqualTo("[100,100,50,0,null,null,null,null]");
            assertThat(told(server).path("percent").asDouble()).isEqualTo(62.5);
            assertThat(told(server).path("periods").get(0).path("expected").asInt())
                    .isEqualTo(120);
            // It came back within the next quarter.
            server.database()
                    .execute(transaction -> transaction.update(
                            "UPDATE agent_watch SET since = ?", now.get().plusSeconds(60)));
            quarter(server, history, agent.id(), 20);
            assertThat(quarters(server)).endsWith(",null]").doesNotContain("67");
            quarter(server, history, agent.id(), 27);
            assertThat(quarters(server)).endsWith(",null,90]");
        }
    }

    @Test
    void aDayIsKeptInQuartersAndAMonthInDays(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, SETTINGS, now::get)) {
            BeatHistory history = new BeatHistory(server.database(), now::get, GAP);
            Enrolled agent = Enrolled.on(server, "one");
            agent.beat(server, "{}");
            server.database()
                    .execute(transaction ->
                            transaction.update("UPDATE agent_watch SET since = ?, last_at = ?", now.get(), now.get()));
            history.review();
            quarter(server, history, agent.id(), 3);
            for (int i = 0; i < 95; i++) {
                quarter(server, history, agent.id(), 30);
            }
            assertThat(told(server).path("quarters").size()).isEqualTo(96);
            assertThat(told(server).path("quarters").get(0).asInt()).isEqualTo(10);
            quarter(server, history, agent.id(), 30);
            assertThat(told(server).path("quarters").size()).isEqualTo(96);
            assertThat(told(server).path("quarters").get(0).asInt()).isEqualTo(100);
            assertThat(days(server)).isEqualTo(2);

            // Far longer away than a day.
            now.set(now.get().plus(Duration.ofDays(9)));
            server.database().execute(transaction -> transaction.update("UPDATE agent_watch SET since = ?", now.get()));
            quarter(server, history, agent.id(), 30);
            assertThat(told(server).path("quarters").size()).isEqualTo(96);
            assertThat(told(server).path("percent").isNull()).isTrue();
            JsonNode periods = told(server).path("periods");
            assertThat(periods.get(0).path("percent").isNull()).isTrue();
            assertThat(periods.get(1).path("expected").asInt()).isEqualTo(97 * 30);
            int gone = server.database()
                    .transaction(transaction -> history.forget(transaction, Instant.parse("2026-03-02T00:00:00Z"), 10));
            assertThat(gone).isEqualTo(1);
            assertThat(days(server)).isEqualTo(1);

            // Its clock went back: nothing is counted, and nothing breaks.
            now.set(now.get().minus(Duration.ofDays(1)));
            history.review();
            assertThat(told(server).path("quarters").size()).isEqualTo(96);

            server.call("DELETE", "/api/v1/agents/" + agent.id(), null);
            quarter(server, history, agent.id(), 30);
            assertThat(days(server)).isEqualTo(1);
        }
    }

    private static long days(TestServer server) {
        return server.database()
                .transaction(transaction ->
                        transaction.one("SELECT count(*) AS n FROM agent_beat_days", row -> row.bigint("n")));
    }
}
