package dev.panoptes.server.tickets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.TestServer;
import dev.panoptes.server.TestServer.Answer;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** At most one ticket of an issue is open, whoever opens it, and however it came to be open. */
@ExtendWith(TestPostgres.class)
class TicketOfIssueTest {
    private static final Map<String, String> SETTINGS =
            Map.of("limits.requests_per_second", "0", "observe.local", "false");

    @TempDir
    Path directory;

    private static Answer open(TestServer server, String issue) throws IOException, InterruptedException {
        return server.post("/api/v1/tickets", "{\"title\": \"t\", \"issue\": \"" + issue + "\"}");
    }

    private static Answer set(TestServer server, String id, String status) throws IOException, InterruptedException {
        return server.call("PATCH", "/api/v1/tickets/" + id, "{\"status\": \"" + status + "\"}");
    }

    @Test
    void aSecondIsRefusedAndNamesTheFirstUntilThatOneIsClosed(Databases databases)
            throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, SETTINGS)) {
            String first = open(server, "a").json().path("id").asString();
            Answer again = open(server, "a");
            assertThat(again.status()).isEqualTo(409);
            assertThat(again.json().path("detail").asString()).contains("Ticket " + first + " ");
            assertThat(open(server, "b").status()).isEqualTo(201);
            assertThat(server.post("/api/v1/tickets", "{\"title\": \"of none\"}")
                            .status())
                    .isEqualTo(201);
            assertThat(server.post("/api/v1/tickets", "{\"title\": \"of none\"}")
                            .status())
                    .isEqualTo(201);

            assertThat(set(server, first, "in_progress").status()).isEqualTo(200);
            assertThat(open(server, "a").status()).isEqualTo(409);
            assertThat(set(server, first, "resolved").status()).isEqualTo(200);
            String second = open(server, "a").json().path("id").asString();
            assertThat(second).isNotEqualTo(first);

            Answer reopened = set(server, first, "open");
            assertThat(reopened.status()).isEqualTo(409);
            assertThat(reopened.json().path("detail").asString()).contains("Ticket " + second + " ");
            assertThat(set(server, second, "closed").status()).isEqualTo(200);
            assertThat(set(server, first, "open").status()).isEqualTo(200);
            assertThat(open(server, "a").status()).isEqualTo(409);
        }
    }

    @Test
    void ofManyAtOnceOneIsOpened(Databases databases) throws IOException, InterruptedException, ExecutionException {
        try (TestServer server = TestServer.start(databases, directory, SETTINGS);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            String old = open(server, "a").json().path("id").asString();
            assertThat(set(server, old, "closed").status()).isEqualTo(200);
            List<Future<Answer>> calls = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                boolean opens = i % 2 == 0;
                calls.add(threads.submit(() -> opens ? open(server, "a") : set(server, old, "open")));
            }
            List<Integer> statuses = new ArrayList<>();
            for (Future<Answer> call : calls) {
                statuses.add(call.get().status());
            }
            assertThat(statuses).isSubsetOf(200, 201, 409);
            assertThat(server.get("/api/v1/tickets?issue=a&status=unresolved")
                            .json()
                            .path("items")
                            .size())
                    .isEqualTo(1);
        }
    }

    @Test
    void whatAnEarlierReleaseLeftOpenOrClosedHoldsNobodyUp(Databases databases)
            throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, SETTINGS)) {
            String first = open(server, "a").json().path("id").asString();
            // It does not know the column: it closes without it, and opens without it.
            server.database().execute(transaction -> transaction.update("UPDATE tickets SET state = 'closed'"));
            Answer second = open(server, "a");
            assertThat(second.status()).as(second.body()).isEqualTo(201);
            server.database()
                    .execute(transaction -> transaction.update(
                            "UPDATE tickets SET state = 'open', open_issue = NULL WHERE id = ?",
                            Long.parseLong(first)));
            assertThat(server.call("PATCH", "/api/v1/tickets/" + first, "{\"assignee\": \"eva\"}")
                            .status())
                    .isEqualTo(200);
        }
    }
}
