package dev.panoptes.server.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.panoptes.server.life.CannotStart;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestPostgres.class)
class DatabaseTest {
    /** What opens a connection sets something in it; that must not be a transaction that stays open. */
    @Test
    void noConnectionOfThePoolWaitsInATransaction(Databases databases) throws InterruptedException, ExecutionException {
        try (Database database = databases.fresh();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> all = IntStream.range(0, 4)
                    .mapToObj(_ -> threads.submit(() -> database.<Integer>transaction(transaction ->
                            transaction.one("SELECT 1 AS n FROM pg_sleep(0.2)", row -> row.integer("n")))))
                    .toList();
            for (Future<Integer> each : all) {
                each.get();
            }
            assertThat(database.<List<String>>transaction(
                            transaction -> transaction.list("""
                            SELECT state AS text FROM pg_stat_activity
                            WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
                            """, row -> row.text("text"))))
                    .isNotEmpty()
                    .containsOnly("idle");
        }
    }

    /** The pool opens one ahead of its use; the setting that it makes there must not wait in a transaction, which the database would end. */
    @Test
    void aConnectionThatNobodyUsedYetIsInNoTransaction(Databases databases) throws InterruptedException {
        DatabaseAddress address = databases.freshAddress();
        try (Database _ = new Database(address, 1);
                Database other = new Database(address, 1)) {
            assertThat(states(other)).containsOnly("idle");
        }
    }

    /** Of the connections but the asking one, as soon as there is one that has done something. */
    private static List<String> states(Database asking) throws InterruptedException {
        for (long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
                System.nanoTime() < end;
                Thread.sleep(50)) {
            List<String> states =
                    asking.<List<String>>transaction(transaction -> transaction.list("""
                    SELECT state AS text FROM pg_stat_activity
                    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
                      AND query <> '' AND state <> 'active' AND state_change < now() - interval '200 ms'
                    """, row -> row.text("text")));
            if (!states.isEmpty()) {
                return states;
            }
        }
        return List.of();
    }

    @Test
    void whatAThrownExceptionLeavesIsNothing(Databases databases) {
        try (Database database = databases.fresh()) {
            assertThatThrownBy(() -> database.execute(transaction -> {
                        transaction.update("INSERT INTO settings VALUES ('a', '1', now())");
                        throw new IllegalArgumentException("no");
                    }))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(names(database)).isEmpty();
        }
    }

    @Test
    void everyTypeComesBackAsItWent(Databases databases) {
        UUID id = UUID.randomUUID();
        Instant time = Instant.parse("2026-02-03T04:05:06.789012Z");
        try (Database database = databases.fresh()) {
            String seen = database.transaction(transaction -> transaction.one(
                    "SELECT ?::uuid AS id, ?::timestamptz AS time, ?::text AS nothing, ?::text[] AS texts,"
                            + " (?::timestamptz[])[1] AS first, ?::jsonb AS json, ?::bytea AS bytes",
                    row -> row.uuid("id") + " " + row.instant("time") + " " + row.textOrNull("nothing") + " "
                            + row.texts("texts") + " " + row.instant("first") + " " + row.text("json") + " "
                            + Arrays.toString(row.bytes("bytes")),
                    id,
                    time,
                    null,
                    SqlArray.texts(List.of("a", "b,\"c")),
                    SqlArray.instants(List.of(time)),
                    "{\"a\": 1}",
                    new byte[] {1, 2}));
            assertThat(seen).isEqualTo(id + " " + time + " null [a, b,\"c] " + time + " {\"a\": 1} [1, 2]");
        }
    }

    @Test
    void moreVirtualThreadsThanConnectionsAllHaveTheirTurn(Databases databases)
            throws InterruptedException, ExecutionException {
        try (Database database = databases.fresh();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> all = IntStream.range(0, 300)
                    .mapToObj(i -> threads.submit(() -> database.transaction(transaction ->
                            transaction.update("INSERT INTO settings VALUES (?, '1', now())", "name" + i))))
                    .toList();
            for (Future<Integer> each : all) {
                assertThat(each.get()).isEqualTo(1);
            }
            assertThat(names(database)).hasSize(300);
        }
    }

    @Test
    void anAnswerLargerThanEveryBufferArrivesWhole(Databases databases) {
        try (Database database = databases.fresh()) {
            assertThat(database.<String>transaction(transaction -> transaction.one(
                            "SELECT repeat('x', 5000000) || ? AS text",
                            row -> row.text("text"),
                            "y".repeat(3_000_000))))
                    .hasSize(8_000_000)
                    .endsWith("xy" + "y".repeat(2_999_999));
        }
    }

    @Test
    void aStatementThatIsWrongIsABugAndNoOutage(Databases databases) {
        try (Database database = databases.fresh()) {
            assertThatThrownBy(() -> database.execute(transaction -> transaction.update("SELEKT")))
                    .isInstanceOf(StorageFailure.class);
            assertThat(names(database)).isEmpty();
        }
    }

    @Test
    void aUrlIsReadAndAWrongOneRefusedWithoutItsPassword() throws Exception {
        assertThat(DatabaseAddress.parse("postgres://me:s%40cret@db.example:6432/fleet?sslmode=require"))
                .isEqualTo(new DatabaseAddress.Server(
                        "db.example", 6432, "me", "s@cret", "fleet", java.util.Map.of("sslmode", "require")))
                .asString()
                .doesNotContain("s@cret");
        assertThat(DatabaseAddress.parse("postgresql://me@[::1]/fleet"))
                .isEqualTo(new DatabaseAddress.Server("::1", 5432, "me", null, "fleet", java.util.Map.of()));
        assertThat(DatabaseAddress.parse("postgres:///fleet?host=/run/postgresql&user=me"))
                .isEqualTo(new DatabaseAddress.Socket(Path.of("/run/postgresql/.s.PGSQL.5432"), "me", "fleet"));
        for (String wrong : List.of(
                "postgres:///fleet?host=run/secret&user=me",
                "postgres:///fleet?host=/run/secret",
                "postgres://db/fleet?host=/run/secret&user=me",
                "postgres:///fleet?host=/run/secret&user=me&sslmode=require",
                "mysql://me:secret@db/fleet",
                "postgres://me:sec ret@db/fleet",
                "postgres://me:secret@db",
                "postgres://db/fleet",
                "postgres://me:secret@db/fleet?socketFactory=evil",
                "secret")) {
            assertThatThrownBy(() -> DatabaseAddress.parse(wrong))
                    .as(wrong)
                    .isInstanceOf(CannotStart.class)
                    .hasMessageNotContaining("secret")
                    .hasMessageNotContaining("sec ret");
        }
    }

    @Test
    void snapshotsHaveAPartitionForTodayAndTheWeekAhead(Databases databases) {
        try (Database database = databases.fresh()) {
            assertThat(database.<Integer>transaction(transaction -> transaction.one(
                            "SELECT count(*)::int AS n FROM pg_inherits WHERE inhparent = 'snapshots'::regclass",
                            row -> row.integer("n"))))
                    .isEqualTo(9);
        }
    }

    private static List<String> names(Database database) {
        return database.transaction(
                transaction -> transaction.list("SELECT name FROM settings", row -> row.text("name")));
    }
}
