package dev.panoptes.server.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.http.Authenticator;
import dev.panoptes.server.http.CallCounts;
import dev.panoptes.server.http.Handler;
import dev.panoptes.server.http.HttpServer;
import dev.panoptes.server.http.HttpSettings;
import dev.panoptes.server.http.Pages;
import dev.panoptes.server.http.Principal;
import dev.panoptes.server.http.Problem;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Role;
import dev.panoptes.server.life.CannotStart;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A client that stops reading holds nothing for long, and another one does not notice it. */
@ExtendWith(TestPostgres.class)
class SlowReaderTest {
    private static final Authenticator EVERYBODY = new Authenticator() {
        @Override
        public Principal authenticate(Credentials credentials) {
            return new Principal.Local("test", Role.VIEWER);
        }

        @Override
        public Principal authenticateAgain(Credentials credentials) {
            return authenticate(credentials);
        }
    };

    private static final Pages NO_PAGES = new Pages() {
        @Override
        public Map<String, Handler> byPath() {
            return Map.of();
        }

        @Override
        public Response problem(Problem problem, String id) {
            throw new AssertionError(problem.detail());
        }
    };

    @Test
    void aReaderThatTakesNothingIsCutAndItsPlaceIsFree(Databases databases)
            throws IOException, InterruptedException, CannotStart {
        HttpSettings settings = new HttpSettings(
                "127.0.0.1",
                0,
                null,
                false,
                0,
                Duration.ofSeconds(10),
                Duration.ofSeconds(2),
                java.util.List.of(),
                List.of());
        try (Database database = new Database(databases.freshAddress(), 4);
                StreamFeed feed = new StreamFeed(database);
                Streams streams = new Streams(2, 1_000, Duration.ofMillis(300));
                HttpServer http = new HttpServer(
                        settings, List.of(new StreamResource(feed, streams)), NO_PAGES, EVERYBODY, new CallCounts())) {
            feed.start();
            streams.start();
            http.start();
            try (Socket stuck = new Socket("127.0.0.1", http.port());
                    Client healthy = new Client(http.url() + "/api/v1/stream", Map.of()).awaitBegun()) {
                stuck.getOutputStream()
                        .write("GET /api/v1/stream HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                await(streams, 2);
                StreamEvent large = new StreamEvent("host", Map.of("name", "x".repeat(200_000)));
                database.execute(transaction -> new StreamStore().append(transaction, Collections.nCopies(100, large)));
                for (int id = 1; id <= 100; id++) {
                    assertThat(healthy.next().id()).isEqualTo(id);
                }
                await(streams, 1);
                long last = Long.parseLong(healthy.lastId());
                assertThat(last).isEqualTo(100);
                try (Client back = new Client(http.url() + "/api/v1/stream?last_event_id=98", Map.of())) {
                    assertThat(back.next().id()).isEqualTo(99);
                }
            }
        }
    }

    private static void await(Streams streams, int count) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (streams.count() != count) {
            assertThat(System.nanoTime()).isLessThan(end);
            LockSupport.parkNanos(5_000_000);
        }
    }
}
