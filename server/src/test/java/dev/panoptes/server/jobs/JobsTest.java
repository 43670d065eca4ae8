package dev.panoptes.server.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.panoptes.server.jobs.Jobs.Turn;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.DatabaseAddress;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What runs by itself runs once, whatever happens to the replica that runs it. */
@ExtendWith(TestPostgres.class)
class JobsTest {
    private static final Duration LEASE = Duration.ofMillis(600);

    private Database database;
    private final List<Jobs> replicas = new ArrayList<>();

    @BeforeEach
    void open(Databases databases) {
        DatabaseAddress address = databases.freshAddress();
        database = new Database(address, 12);
    }

    @AfterEach
    void close() {
        replicas.forEach(Jobs::close);
        database.close();
    }

    private Jobs replica(Job job) {
        Jobs replica = new Jobs(database, new Leases(database, LEASE, () -> true), List.of(job));
        replicas.add(replica);
        return replica;
    }

    private void makeDue() {
        database.execute(
                transaction -> transaction.update("UPDATE jobs SET next_due_at = now() - interval '1 minute'"));
    }

    private Duration untilDue() {
        return new JobStore(database).untilDue("job");
    }

    private static Instant hourly(Instant now) {
        return now.plus(Duration.ofHours(1));
    }

    private Instant now() {
        return database.transaction(new JobStore(database)::now);
    }

    @Test
    void everyDateIsRunOnceByOneOfManyReplicas() throws InterruptedException {
        CountDownLatch ran = new CountDownLatch(5);
        AtomicInteger runs = new AtomicInteger();
        Job job = new Job("job", JobsTest::hourly, _ -> {
            runs.incrementAndGet();
            ran.countDown();
        });
        List<Jobs> three = List.of(replica(job), replica(job), replica(job));
        three.getFirst().introduce(job);
        makeDue();
        three.forEach(Jobs::start);
        for (int date = 2; date <= 5; date++) {
            long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (ran.getCount() > 6 - date || !untilDue().isPositive()) {
                assertThat(System.nanoTime()).isLessThan(end);
            }
            makeDue();
        }
        assertThat(ran.await(20, TimeUnit.SECONDS)).isTrue();
        // Everybody has looked once more, and found it done.
        three.forEach(Jobs::close);
        assertThat(runs).hasValue(5);
    }

    @Test
    void aJobThatIsHurriedRunsOnAReplicaThatWaits() throws InterruptedException {
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(2);
        Job job = new Job("job", JobsTest::hourly, _ -> {
            first.countDown();
            second.countDown();
        });
        // A lease so long that nobody looks at the date by itself.
        Jobs replica = new Jobs(database, new Leases(database, Duration.ofMinutes(5), () -> true), List.of(job));
        replicas.add(replica);
        replica.introduce(job);
        makeDue();
        replica.start();
        assertThat(first.await(20, TimeUnit.SECONDS)).isTrue();
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!untilDue().isPositive()) {
            assertThat(System.nanoTime()).isLessThan(end);
        }

        database.execute(transaction -> Jobs.hurry(transaction, "job"));
        Duration brought = untilDue();
        assertThat(second.await(20, TimeUnit.SECONDS)).isTrue();

        assertThat(brought).as("not at once after it ran").isLessThan(Duration.ofSeconds(2));
        database.execute(transaction -> Jobs.hurry(transaction, "none of ours"));
    }

    @Test
    void aJobThatIsHurriedWhileItRunsRunsAgain() throws InterruptedException {
        CountDownLatch twice = new CountDownLatch(2);
        Job job = new Job("job", JobsTest::hourly, _ -> {
            if (twice.getCount() == 2) {
                database.execute(transaction -> Jobs.hurry(transaction, "job"));
            }
            twice.countDown();
        });
        Jobs replica = new Jobs(database, new Leases(database, Duration.ofMinutes(5), () -> true), List.of(job));
        replicas.add(replica);
        replica.introduce(job);
        makeDue();
        replica.start();

        assertThat(twice.await(20, TimeUnit.SECONDS)).isTrue();
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (untilDue().compareTo(Duration.ofMinutes(59)) < 0) {
            assertThat(System.nanoTime()).isLessThan(end);
        }
    }

    @Test
    void aReplicaThatWasFrozenPastItsLeaseWritesNothing() throws InterruptedException, ExecutionException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch thaw = new CountDownLatch(1);
        database.execute(transaction -> transaction.update("CREATE TABLE written (who text)"));
        Job slow = new Job("job", JobsTest::hourly, run -> {
            begun.countDown();
            thaw.await();
            write(run, "frozen");
        });
        Job quick = new Job("job", JobsTest::hourly, run -> write(run, "other"));
        Jobs frozen = replica(slow);
        Jobs other = replica(quick);
        frozen.introduce(slow);
        makeDue();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Turn> running = threads.submit(() -> frozen.runIfDue(slow));
            begun.await();
            assertThat(other.runIfDue(quick)).as("while it is renewed").isEqualTo(Turn.TAKEN);
            // What its lease looks like to the others while it sleeps.
            long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            Turn turn = Turn.TAKEN;
            while (turn == Turn.TAKEN) {
                assertThat(System.nanoTime()).isLessThan(end);
                database.execute(transaction -> transaction.update("UPDATE leases SET until = '-infinity'"));
                turn = other.runIfDue(quick);
            }
            assertThat(turn).isEqualTo(Turn.DONE);
            Duration due = untilDue();
            thaw.countDown();
            assertThatThrownBy(running::get).hasCauseInstanceOf(LeaseLost.class);
            assertThat(untilDue()).isLessThanOrEqualTo(due).isGreaterThan(Duration.ofMinutes(59));
        }
        assertThat(written()).containsExactly("other");
    }

    private void write(Job.Run run, String who) {
        database.execute(transaction -> {
            transaction.update("INSERT INTO written VALUES (?)", who);
            run.completeIn(transaction);
        });
    }

    private List<String> written() {
        return database.transaction(transaction -> transaction.list("SELECT who FROM written", row -> row.text("who")));
    }

    @Test
    void whatADeadReplicaWasDoingIsDoneByAnotherOne() throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        Job job = new Job("job", JobsTest::hourly, _ -> done.countDown());
        Jobs alive = replica(job);
        alive.introduce(job);
        makeDue();
        Optional<Long> taken = database.transaction(
                transaction -> new LeaseStore().take(transaction, "job job", "dead", Duration.ofMillis(500)));
        assertThat(taken).isPresent();
        assertThat(alive.runIfDue(job)).isEqualTo(Turn.TAKEN);
        alive.start();
        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aLeaseIsRenewedForAsLongAsTheWorkTakes() throws InterruptedException, ExecutionException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        Job job = new Job("job", JobsTest::hourly, _ -> {
            begun.countDown();
            finish.await();
        });
        Jobs one = replica(job);
        Jobs two = replica(job);
        one.introduce(job);
        makeDue();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Turn> running = threads.submit(() -> one.runIfDue(job));
            begun.await();
            long end = System.nanoTime() + LEASE.multipliedBy(3).toNanos();
            while (System.nanoTime() < end) {
                assertThat(two.runIfDue(job)).isEqualTo(Turn.TAKEN);
            }
            finish.countDown();
            assertThat(running.get()).isEqualTo(Turn.DONE);
            assertThat(two.runIfDue(job)).isEqualTo(Turn.NOT_DUE);
        }
    }

    @Test
    void oneThatFailsIsTriedAgainSoonAndOneThatWasDoneIsNot() throws InterruptedException {
        AtomicInteger runs = new AtomicInteger();
        Job job = new Job("job", JobsTest::hourly, _ -> {
            if (runs.incrementAndGet() == 1) {
                throw new IllegalStateException("failed");
            }
        });
        Jobs replica = replica(job);
        replica.introduce(job);
        makeDue();
        assertThatThrownBy(() -> replica.runIfDue(job)).hasMessage("failed");
        assertThat(untilDue()).isPositive().isLessThanOrEqualTo(Duration.ofMinutes(1));
        makeDue();
        assertThat(replica.runIfDue(job)).isEqualTo(Turn.DONE);
        assertThat(untilDue()).isGreaterThan(Duration.ofMinutes(59));
        assertThat(replica.runIfDue(job)).isEqualTo(Turn.NOT_DUE);
    }

    @Test
    void theNextDateIsAfterTheOneThatWasRunByTheClockOfTheDatabase() throws InterruptedException {
        AtomicReference<Instant> from = new AtomicReference<>();
        Job job = new Job(
                "job",
                now -> {
                    from.set(now);
                    return hourly(now);
                },
                _ -> {});
        Jobs replica = replica(job);
        replica.introduce(job);
        makeDue();
        Instant before = now();
        assertThat(replica.runIfDue(job)).isEqualTo(Turn.DONE);
        assertThat(from.get()).isBetween(before, now());
    }
}
