package dev.panoptes.server.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.TestServer;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** An hour is counted once, when it is over, and kept for a week. */
@ExtendWith(TestPostgres.class)
class EventHoursTest {
    @TempDir
    Path directory;

    private static long sum(EventHours hours, String sensor) {
        return hours.week().hours().values().stream()
                .mapToLong(each -> each.getOrDefault(sensor, 0L))
                .sum();
    }

    @Test
    void hoursThatAreOverAreCountedOnceAndForgottenAfterAWeek(Databases databases)
            throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, Map.of("observe.local", "false"))) {
            String token = server.post("/api/v1/tokens", "{\"name\":\"o\",\"role\":\"observer\",\"host\":\"web-1\"}")
                    .json()
                    .path("token")
                    .asString();
            Instant now = Instant.now();
            EventCountsTest.send(server, token, UUID.randomUUID(), "auth", 1, 70);
            EventCountsTest.send(server, token, UUID.randomUUID(), "dns", 1, 3);
            AtomicReference<Instant> clock = new AtomicReference<>(Instant.now());
            EventHours hours = new EventHours(server.database(), clock::get);
            // What is not over is not counted; what is over for a moment only may still be written.
            server.database().transaction(transaction -> transaction.update("DELETE FROM event_hours"));
            clock.set(now.truncatedTo(ChronoUnit.HOURS).plus(Duration.ofMinutes(62)));
            hours.review();
            long hour = Math.floorDiv(now.getEpochSecond(), 3_600L);
            assertThat(hours.week().hours()).doesNotContainKey(hour).containsKeys(hour - 1, hour - 166);
            clock.set(Instant.now().plus(Duration.ofHours(2)));
            hours.review();
            assertThat(sum(hours, "auth")).isEqualTo(70);
            assertThat(sum(hours, "dns")).isEqualTo(3);
            // One in which nothing came is known too.
            assertThat(hours.week().hours()).containsEntry(hour - 5, Map.of());
            server.database().transaction(transaction -> transaction.update("DELETE FROM events"));
            hours.review();
            assertThat(sum(hours, "auth")).isEqualTo(70);
            clock.set(clock.get().plus(Duration.ofDays(8)));
            hours.review();
            assertThat(sum(hours, "auth")).isZero();
            long kept = server.database()
                    .transaction(transaction ->
                            transaction.one("SELECT count(*) AS n FROM event_hours", row -> row.bigint("n")));
            assertThat(kept).isLessThan(170);
        }
    }
}
