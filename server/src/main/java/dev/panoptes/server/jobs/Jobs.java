package dev.panoptes.server.jobs;

import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.DatabaseUnavailable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs jobs when they are due, each on a virtual thread of its own. A job that fails is logged and due again later. */
public final class Jobs implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Jobs.class);
    /** The longest sleep: another replica, or a changed clock, may have moved the date. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);

    private static final Duration PATIENCE = Duration.ofMillis(500);
    private static final Duration AFTER_OUTAGE = Duration.ofSeconds(1);

    private final JobStore store;
    private final InstantSource clock;
    private final List<Job> jobs;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closing = new CountDownLatch(1);

    public Jobs(Database database, InstantSource clock, List<Job> jobs) {
        this.store = new JobStore(database);
        this.clock = clock;
        this.jobs = List.copyOf(jobs);
    }

    public void start() {
        jobs.forEach(job -> threads.execute(() -> live(job)));
    }

    /** When they ran and are due. */
    public JobMetrics metrics() {
        return new JobMetrics(store, jobs.stream().map(Job::name).toList());
    }

    private void live(Job job) {
        try {
            boolean known = false;
            while (closing.getCount() > 0) {
                try {
                    if (!known) {
                        introduce(job);
                        known = true;
                    }
                    runIfDue(job);
                    sleep(untilDue(job));
                } catch (DatabaseUnavailable e) {
                    LOG.atDebug().setCause(e).addKeyValue("job", job.name()).log("waiting for the database");
                    sleep(AFTER_OUTAGE);
                } catch (RuntimeException e) {
                    LOG.atError().setCause(e).addKeyValue("job", job.name()).log("a job failed");
                    sleep(AFTER_OUTAGE);
                }
            }
        } catch (InterruptedException e) {
            // The server is stopping; nothing is left to do on this thread.
            Thread.currentThread().interrupt();
        }
    }

    void introduce(Job job) {
        store.introduce(job.name(), job.next().apply(clock.instant()));
    }

    /** Runs it here and now where it is due and no other replica has taken it. */
    boolean runIfDue(Job job) throws InterruptedException {
        Instant now = clock.instant();
        if (!store.claim(job.name(), now, job.next().apply(now), now.minus(job.lease()))) {
            return false;
        }
        job.work().run(transaction -> store.completed(transaction, job.name(), clock.instant()));
        store.completed(job.name(), clock.instant());
        return true;
    }

    private Duration untilDue(Job job) {
        Instant due = store.due(job.name()).orElseGet(clock::instant);
        Duration wait = Duration.between(clock.instant(), due);
        return wait.compareTo(LOOK_AGAIN) > 0 ? LOOK_AGAIN : wait.isNegative() ? Duration.ZERO : wait;
    }

    private void sleep(Duration duration) throws InterruptedException {
        // Never shorter than a moment: a clock that stands still must not make this spin.
        closing.await(Math.max(duration.toMillis(), 5), TimeUnit.MILLISECONDS);
    }

    /** Lets what is running end by itself for a moment, then interrupts it and waits for it. */
    @Override
    public void close() {
        closing.countDown();
        threads.shutdown();
        try {
            if (!threads.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
        threads.close();
    }
}
