package dev.panoptes.server.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A server that dies while it does a job, before and after the result is kept. */
@ExtendWith(TestPostgres.class)
class JobsCrashTest {
    private static final Instant NOW = Instant.parse("2026-03-01T06:00:00Z");
    private static final Duration LEASE = Duration.ofMinutes(10);

    private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
    private final AtomicInteger runs = new AtomicInteger();

    /** What a kill looks like to the database: no word comes after this. */
    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private Job daily(Job.Work work) {
        return new Job("daily", from -> from.plus(Duration.ofDays(1)), LEASE, work);
    }

    private Jobs due(Database database, Job job) {
        Jobs jobs = new Jobs(database, now::get, List.of(job));
        now.set(NOW.minus(Duration.ofDays(1)));
        jobs.introduce(job);
        now.set(NOW);
        return jobs;
    }

    @Test
    void whatWasKeptIsNotDoneAgainAfterACrash(Databases databases) throws InterruptedException {
        try (Database database = databases.fresh()) {
            Job job = daily(done -> {
                database.execute(done);
                runs.incrementAndGet();
                throw new Killed();
            });
            try (Jobs jobs = due(database, job)) {
                assertThatThrownBy(() -> jobs.runIfDue(job)).isInstanceOf(Killed.class);
                now.set(NOW.plus(LEASE.multipliedBy(2)));
                assertThat(jobs.runIfDue(job)).isFalse();
                assertThat(runs).hasValue(1);
            }
        }
    }

    @Test
    void whatWasNotKeptIsDoneAgainWhenItsLeaseHasEnded(Databases databases) throws InterruptedException {
        try (Database database = databases.fresh()) {
            Job job = daily(_ -> {
                if (runs.incrementAndGet() == 1) {
                    throw new Killed();
                }
            });
            try (Jobs jobs = due(database, job)) {
                assertThatThrownBy(() -> jobs.runIfDue(job)).isInstanceOf(Killed.class);
                now.set(NOW.plus(LEASE));
                assertThat(jobs.runIfDue(job)).isFalse();
                now.set(NOW.plus(LEASE).plusSeconds(1));
                assertThat(jobs.runIfDue(job)).isTrue();
                assertThat(jobs.runIfDue(job)).isFalse();
                assertThat(runs).hasValue(2);
            }
        }
    }
}
