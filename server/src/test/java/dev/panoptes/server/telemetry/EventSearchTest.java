package dev.panoptes.server.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.TestServer;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Whatever was stored in whatever way is found, by pages that neither skip nor repeat, and that say how far they came. */
@ExtendWith(TestPostgres.class)
class EventSearchTest {
    private static final Instant BEGIN = Instant.parse("2026-03-01T00:00:00Z");
    private static final int EVERY = 700;
    private static final Duration NEVER = Duration.ofNanos(-1);
    private static final Duration LONG = Duration.ofMinutes(5);

    @TempDir
    Path directory;

    private final TelemetryStore events = new TelemetryStore();
    private final EventBlockStore blocks = new EventBlockStore();

    /** Every so many events there is one to be found; times go with numbers, but for one from the future. */
    private static String batch(UUID stream, String sensor, long first, int count) {
        return "{\"stream\":\"" + stream + "\",\"sensor\":\"" + sensor + "\",\"first\":" + first + ",\"count\":" + count
                + "}\n"
                + LongStream.range(first, first + count)
                        .mapToObj(number -> "{\"@timestamp\":\""
                                + (number == 1_500 ? Instant.parse("2031-01-01T00:00:00Z") : BEGIN.plusSeconds(number))
                                + "\",\"event\":{\"action\":\"login\"},\"user\":{\"name\":\""
                                + (number % EVERY == 0 ? "E\\u0076e" : "anna") + "\"},\"message\":\"number " + number
                                + (number % EVERY == 0 ? " has the Needle Größe" : "") + "\"}\n")
                        .collect(Collectors.joining());
    }

    private static void send(TestServer server, String token, String body) throws IOException, InterruptedException {
        assertThat(server.call(
                                "POST",
                                "/api/v1/telemetry",
                                body,
                                Map.of("Authorization", "Bearer " + token, "Content-Type", "application/x-ndjson"))
                        .status())
                .isEqualTo(200);
    }

    private static String observer(TestServer server) throws IOException, InterruptedException {
        return server.post("/api/v1/tokens", "{\"name\":\"o\",\"role\":\"observer\",\"host\":\"web-1\"}")
                .json()
                .path("token")
                .asString();
    }

    private static EventFilter filter(
            @Nullable String user, @Nullable String text, @Nullable String sensor, @Nullable String process) {
        return new EventFilter(null, null, null, sensor, null, user, null, process, text);
    }

    /** All that is found, page by page. @param pages how many there were at least */
    private List<Long> all(Database database, EventFilter filter, Duration moment, int limit, int pages) {
        EventSearch search = new EventSearch(events, blocks, moment);
        List<Long> numbers = new ArrayList<>();
        EventFilter.Key after = null;
        int asked = 0;
        while (true) {
            EventFilter.Key from = after;
            EventSearch.Found found =
                    database.transaction(transaction -> search.page(transaction, filter, from, limit));
            asked++;
            assertThat(asked).as("pages come to an end").isLessThan(200);
            found.lines().forEach(line -> numbers.add(line.number()));
            if (found.searchedTo() != null) {
                after = new EventFilter.Key(found.searchedTo(), new UUID(-1, -1), Long.MAX_VALUE);
            } else if (found.lines().size() == limit) {
                TelemetryStore.Line last = found.lines().getLast();
                after = new EventFilter.Key(last.at(), last.stream(), last.number());
            } else {
                assertThat(asked).isGreaterThanOrEqualTo(pages);
                return numbers;
            }
        }
    }

    private static List<Long> expected(int most) {
        return LongStream.iterate(most / EVERY * (long) EVERY, number -> number > 0, number -> number - EVERY)
                .boxed()
                .toList();
    }

    @Test
    void largeBatchesAreInBlocksAtOnceAndSmallOnesLater(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, Map.of("observe.local", "false"))) {
            Database database = server.database();
            String token = observer(server);
            UUID large = UUID.randomUUID();
            send(server, token, batch(large, "auth", 1, 5_000));
            assertThat(database.transaction(blocks::behind)).isZero();
            UUID small = UUID.randomUUID();
            for (int first = 1; first < 3_000; first += 100) {
                send(server, token, batch(small, "proc", first, 100));
            }
            // A batch of which half is known, and a gap.
            send(server, token, batch(large, "auth", 4_001, 2_000));
            send(server, token, batch(small, "proc", 5_001, 3_000));
            EventFilter needle = filter(null, "nEEDLE gröSSe".replace("SS", "ß"), null, null);
            List<Long> before = all(database, needle, LONG, 50, 1);
            assertThat(before).hasSize(8 + 4 + 4);
            new EventIndex(database).review();
            assertThat(database.transaction(blocks::behind)).isLessThan(EventBlock.EVENTS);
            assertThat(all(database, needle, LONG, 50, 1)).isEqualTo(before);
            assertThat(all(database, filter("Eve", null, null, null), LONG, 50, 1))
                    .isEqualTo(before);
            assertThat(all(database, filter("Eve", null, "auth", null), LONG, 50, 1))
                    .isEqualTo(expected(6_000));
            assertThat(all(database, filter(null, "needle", "dns", null), LONG, 50, 1))
                    .isEmpty();
            assertThat(all(database, filter(null, "no such text", null, null), LONG, 50, 1))
                    .isEmpty();
            assertThat(all(database, filter(null, null, null, "sshd"), LONG, 50, 1))
                    .isEmpty();
        }
    }

    @Test
    void aSearchThatTakesLongGoesOnWhereItStopped(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, Map.of("observe.local", "false"))) {
            String token = observer(server);
            UUID stream = UUID.randomUUID();
            for (int first = 1; first < 40_000; first += 10_000) {
                send(server, token, batch(stream, "auth", first, 10_000));
            }
            // Too short for blocks to tell: they are all read, some for each page.
            assertThat(all(server.database(), filter(null, "ed", "auth", null), NEVER, 1_000, 4))
                    .isEqualTo(expected(40_000));
            assertThat(all(server.database(), filter(null, "needle", null, null), NEVER, 3, 10))
                    .isEqualTo(expected(40_000));
            var page = server.get("/api/v1/events?text=%20has%20the%20needle&limit=5")
                    .json();
            assertThat(page.path("items")).hasSize(5);
            assertThat(page.path("searched_to").isNull()).isTrue();
            assertThat(page.path("next").isString()).isTrue();
        }
    }

    @Test
    void blocksGoWithTheirDays(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, Map.of("observe.local", "false"))) {
            Database database = server.database();
            send(server, observer(server), batch(UUID.randomUUID(), "auth", 1, 1_000));
            assertThat(count(database)).isEqualTo(1);
            database.transaction(transaction -> events.forget(transaction, Instant.now()));
            assertThat(count(database)).isEqualTo(1);
            database.transaction(
                    transaction -> events.forget(transaction, Instant.now().plus(Duration.ofDays(1))));
            assertThat(count(database)).isZero();
        }
    }

    private static long count(Database database) {
        return database.transaction(
                transaction -> transaction.one("SELECT count(*) AS n FROM event_blocks", row -> row.bigint("n")));
    }
}
