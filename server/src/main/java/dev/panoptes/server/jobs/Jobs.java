package dev.panoptes.server.jobs;

import dev.panoptes.server.jobs.JobStore.Begun;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.DatabaseUnavailable;
import dev.panoptes.server.storage.Listener;
import dev.panoptes.server.storage.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs jobs when they are due, each on a virtual thread of its own and on one replica, by the database's clock. A job stays
 * due until it is done: a replica that dies, or sleeps for longer than its lease, leaves it to the next. One that fails is
 * logged and tried again soon.
 */
public final class Jobs implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Jobs.class);
    private static final Duration PATIENCE = Duration.ofMillis(500);
    private static final Duration AFTER_OUTAGE = Duration.ofSeconds(1);
    private static final Duration LISTEN = Duration.ofSeconds(30);
    private static final Duration AFTER_FAILURE = Duration.ofMinutes(1);

    private final Database database;
    private final JobStore store;
    private final Leases leases;
    private final List<Job> jobs;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    /** Rung where somebody may have brought a date forward. */
    private final Map<String, Semaphore> bells;

    private final Thread ears = Thread.ofVirtual().name("jobs").unstarted(this::listen);
    private volatile boolean closing;

    public Jobs(Database database, Leases leases, List<Job> jobs) {
        this.database = database;
        this.store = new JobStore(database);
        this.leases = leases;
        this.jobs = List.copyOf(jobs);
        this.bells = jobs.stream().collect(Collectors.toMap(Job::name, _ -> new Semaphore(0)));
    }

    public void start() {
        ears.start();
        jobs.forEach(job -> threads.execute(() -> live(job)));
    }

    /**
     * Has a job run as soon as the transaction is committed, on whichever replica, where it would be due later: something that
     * it judges has changed. Not at once after it ran.
     */
    public static void hurry(Transaction transaction, String job) {
        JobStore.hurry(transaction, job);
    }

    /** What is told while nobody listens is not lost: who waits for a date looks for itself now and then. */
    private void listen() {
        try (Listener listener = new Listener(database, JobStore.CHANNEL)) {
            while (!closing) {
                try {
                    if (listener.await(LISTEN) != Listener.Heard.NOTHING) {
                        bells.values().forEach(Semaphore::release);
                    }
                } catch (DatabaseUnavailable e) {
                    LOG.atDebug().setCause(e).log("jobs listen for the database");
                    Thread.sleep(AFTER_OUTAGE);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** When they ran and are due. */
    public JobMetrics metrics() {
        return new JobMetrics(store, jobs.stream().map(Job::name).toList());
    }

    private void live(Job job) {
        try {
            boolean known = false;
            while (!closing) {
                try {
                    if (!known) {
                        introduce(job);
                        known = true;
                    }
                    sleep(job, runIfDue(job) == Turn.TAKEN ? AFTER_OUTAGE : untilDue(job));
                } catch (DatabaseUnavailable e) {
                    LOG.atDebug().setCause(e).addKeyValue("job", job.name()).log("waiting for the database");
                    sleep(job, AFTER_OUTAGE);
                } catch (LeaseLost e) {
                    LOG.atWarn()
                            .addKeyValue("job", job.name())
                            .log("this replica was not heard of for too long; another one has done it");
                } catch (RuntimeException e) {
                    LOG.atError().setCause(e).addKeyValue("job", job.name()).log("a job failed");
                    sleep(job, AFTER_OUTAGE);
                }
            }
        } catch (InterruptedException e) {
            // The server is stopping; nothing is left to do on this thread.
            Thread.currentThread().interrupt();
        }
    }

    void introduce(Job job) {
        database.execute(transaction -> {
            store.introduce(transaction, job.name(), job.next().apply(store.now(transaction)));
            leases.introduce(transaction, lease(job));
        });
    }

    private static String lease(Job job) {
        return "job " + job.name();
    }

    /** What came of trying to run a job. */
    enum Turn {
        DONE,
        /** Another replica is at it. */
        TAKEN,
        NOT_DUE
    }

    /** Runs it here and now where it is due and no other replica is at it. */
    Turn runIfDue(Job job) throws InterruptedException {
        if (store.untilDue(job.name()).isPositive()) {
            return Turn.NOT_DUE;
        }
        Optional<Leases.Lease> taken = leases.take(lease(job));
        if (taken.isEmpty()) {
            return Turn.TAKEN;
        }
        try (Leases.Lease lease = taken.get()) {
            // Whoever had the lease before may have done it since we looked.
            Optional<Begun> begun = store.begin(job.name());
            if (begun.isEmpty()) {
                return Turn.NOT_DUE;
            }
            run(job, lease, begun.get());
            return Turn.DONE;
        }
    }

    private void run(Job job, Leases.Lease lease, Begun begun) throws InterruptedException {
        Instant from = begun.due().isAfter(begun.at()) ? begun.due() : begun.at();
        Instant next = job.next().apply(from);
        OneRun run = new OneRun(job, lease, next);
        try {
            job.work().run(run);
            if (!run.completed) {
                database.execute(run::completeIn);
            }
        } catch (LeaseLost | DatabaseUnavailable e) {
            throw e;
        } catch (RuntimeException e) {
            Instant soon = begun.at().plus(AFTER_FAILURE);
            database.execute(transaction -> {
                lease.confirm(transaction);
                store.postpone(transaction, job.name(), soon.isBefore(next) ? soon : next);
            });
            throw e;
        }
    }

    private final class OneRun implements Job.Run {
        private final Job job;
        private final Leases.Lease lease;
        private final Instant next;
        private boolean completed;

        OneRun(Job job, Leases.Lease lease, Instant next) {
            this.job = job;
            this.lease = lease;
            this.next = next;
        }

        @Override
        public void completeIn(Transaction transaction) {
            lease.confirm(transaction);
            store.completed(transaction, job.name(), next);
            completed = true;
        }
    }

    /** No longer than a lease: another replica may have died, or the date may have been moved. */
    private Duration untilDue(Job job) {
        Duration wait = store.untilDue(job.name());
        return wait.compareTo(leases.length()) > 0 ? leases.length() : wait;
    }

    private void sleep(Job job, Duration duration) throws InterruptedException {
        Semaphore bell = bells.get(job.name());
        // Never shorter than a moment: a clock that stands still must not make this spin.
        if (!closing && bell != null && bell.tryAcquire(Math.max(duration.toMillis(), 5), TimeUnit.MILLISECONDS)) {
            bell.drainPermits();
        }
    }

    /** Lets what is running end by itself for a moment, then interrupts it and waits for it. */
    @Override
    public void close() {
        closing = true;
        bells.values().forEach(Semaphore::release);
        ears.interrupt();
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
