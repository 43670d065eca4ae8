package dev.panoptes.server.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.panoptes.server.jobs.Jobs.Turn;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A server that dies while it does a job, before and after the result is kept. */
@ExtendWith(TestPostgres.class)
class JobsCrashTest {
    private final AtomicInteger runs = new AtomicInteger();

    /** What a kill looks like to the database: no word comes after this. */
    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static Job daily(Job.Work work) {
        return new Job("daily", from -> from.plus(Duration.ofDays(1)), work);
    }

    private static Jobs due(Database database, Job job) {
        Jobs jobs = new Jobs(database, new Leases(database, Duration.ofSeconds(10), () -> true), List.of(job));
        jobs.introduce(job);
        makeDue(database);
        return jobs;
    }

    private static void makeDue(Database database) {
        database.execute(transaction -> transaction.update("UPDATE jobs SET next_due_at = now()"));
    }

    @Test
    void whatWasKeptIsNotDoneAgainAfterACrash(Databases databases) throws InterruptedException {
        try (Database database = databases.fresh()) {
            Job job = daily(run -> {
                database.execute(run::completeIn);
                runs.incrementAndGet();
                throw new Killed();
            });
            try (Jobs jobs = due(database, job)) {
                assertThatThrownBy(() -> jobs.runIfDue(job)).isInstanceOf(Killed.class);
                assertThat(new JobStore(database).untilDue("daily")).isGreaterThan(Duration.ofHours(23));
                assertThat(jobs.runIfDue(job)).isEqualTo(Turn.NOT_DUE);
                assertThat(runs).hasValue(1);
            }
        }
    }

    @Test
    void whatWasNotKeptIsDoneAgain(Databases databases) throws InterruptedException {
        try (Database database = databases.fresh()) {
            Job job = daily(_ -> {
                if (runs.incrementAndGet() == 1) {
                    throw new Killed();
                }
            });
            try (Jobs jobs = due(database, job)) {
                assertThatThrownBy(() -> jobs.runIfDue(job)).isInstanceOf(Killed.class);
                assertThat(jobs.runIfDue(job)).isEqualTo(Turn.NOT_DUE);
                assertThat(new JobStore(database).untilDue("daily")).isLessThanOrEqualTo(Duration.ofMinutes(1));
                makeDue(database);
                assertThat(jobs.runIfDue(job)).isEqualTo(Turn.DONE);
                assertThat(jobs.runIfDue(job)).isEqualTo(Turn.NOT_DUE);
                assertThat(runs).hasValue(2);
            }
        }
    }
}
