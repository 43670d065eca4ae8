package dev.panoptes.server.scans;

import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.Selection;
import dev.panoptes.integrity.scan.Remembered;
import dev.panoptes.integrity.scan.Scan;
import dev.panoptes.integrity.scan.ScanOutcome;
import dev.panoptes.integrity.scan.ScanRequest;
import dev.panoptes.integrity.verdict.ScanReport;
import dev.panoptes.integrity.world.Enrolled;
import dev.panoptes.integrity.world.World;
import dev.panoptes.server.changes.Actor;
import dev.panoptes.server.changes.Change;
import dev.panoptes.server.changes.Changes;
import dev.panoptes.server.hosts.Hosts;
import dev.panoptes.server.http.ErrorCode;
import dev.panoptes.server.http.Problem;
import dev.panoptes.server.http.ProblemException;
import dev.panoptes.server.issues.IssueChanges;
import dev.panoptes.server.issues.Issues;
import dev.panoptes.server.issues.ScanScope;
import dev.panoptes.server.jobs.LeaseLost;
import dev.panoptes.server.jobs.Leases;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.Transaction;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs scans and keeps their reports: full scans one at a time among all replicas, watch cycles beside them. */
public final class ScanService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ScanService.class);
    /** How old the latest scan in memory may be before the database is asked whether another replica has a newer one. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    /** The right to run a full scan, which one replica at a time has. */
    private static final String TURN = "full scan";

    private static final Duration LOOK_AT_OTHER = Duration.ofMillis(100);

    private final Fleet fleet;
    private final Leases leases;
    private final Supplier<List<String>> differences;
    private final Supplier<Enrolled> enrolled;
    private final BiConsumer<Transaction, World> judged;
    private final Database database;
    private final ScanStore store;
    private final Changes changes;
    private final Issues issues;
    private final Hosts hosts;
    private final List<CheckInfo> checks;
    private final Scan scan;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Joined<StoredScan> full = new Joined<>(threads);
    private final Map<Selection, Joined<ScanReport>> fresh = new ConcurrentHashMap<>();
    private final AtomicReference<@Nullable StoredScan> latest = new AtomicReference<>();
    private final AtomicReference<@Nullable CountDownLatch> firstScan = new AtomicReference<>();
    private final AtomicLong lookedAt = new AtomicLong(System.nanoTime());

    public ScanService(
            Fleet fleet,
            Database database,
            Hosts hosts,
            Issues issues,
            Changes changes,
            List<Check> checks,
            InstantSource clock,
            Leases leases,
            Supplier<List<String>> differences,
            Supplier<Enrolled> enrolled,
            BiConsumer<Transaction, World> judged) {
        this.differences = differences;
        this.judged = judged;
        this.enrolled = enrolled;
        this.fleet = fleet;
        this.leases = leases;
        this.database = database;
        this.store = new ScanStore(database);
        this.issues = issues;
        this.changes = changes;
        this.hosts = hosts;
        this.checks = checks.stream().map(Check::info).toList();
        this.scan = new Scan(checks, clock, new SecureRandom());
    }

    /** A full scan, stored. Who comes while one runs, on any replica, gets that one; never a watch cycle. */
    StoredScan scan(Cause cause) throws InterruptedException {
        return full.run(() -> scanInTurn(cause));
    }

    private StoredScan scanInTurn(Cause cause) throws InterruptedException {
        while (true) {
            refuseWhereItDiffers();
            long before = store.newestFull();
            Optional<Leases.Lease> mine = leases.take(TURN);
            if (mine.isPresent()) {
                try (Leases.Lease lease = mine.get()) {
                    return runAndStore(cause, lease::confirm);
                } catch (LeaseLost e) {
                    LOG.atWarn().setCause(e).log("another replica has taken over the scan");
                }
            }
            Optional<StoredScan> other = awaitOther(before);
            if (other.isPresent()) {
                latest.accumulateAndGet(other.get(), ScanService::newer);
                return other.get();
            }
        }
    }

    /** A scan of another registry than the others' would resolve what they found and find what they do not know. */
    private void refuseWhereItDiffers() {
        List<String> all = differences.get();
        if (!all.isEmpty()) {
            throw Problem.of(
                            ErrorCode.CONFLICT,
                            "This server " + String.join(" and ", all) + ", so it stores no scan; ask another one")
                    .exception();
        }
    }

    /** The scan that runs on another replica; empty where it ended without a report, or its replica did. */
    private Optional<StoredScan> awaitOther(long before) throws InterruptedException {
        while (true) {
            // In this order: a scan that ends in between is stored.
            boolean runs = leases.held(TURN);
            Optional<StoredScan> stored = store.fullAfter(before);
            if (stored.isPresent() || !runs) {
                return stored;
            }
            Thread.sleep(LOOK_AT_OTHER);
        }
    }

    /** Some checks, run now and not stored. Who comes while the same ones run gets those. */
    ScanReport fresh(Selection selection) throws InterruptedException {
        return fresh.computeIfAbsent(selection, _ -> new Joined<>(threads))
                .run(() -> run(selection, _ -> {}).report());
    }

    /** Takes away reports that are older and that nothing refers to. @return how many, at most {@code limit} */
    public int forget(Transaction transaction, Instant before, int limit) {
        return store.forget(transaction, before, limit);
    }

    /**
     * For a job: the scan of a date, stored as such and in its turn.
     *
     * @param inside done in the transaction that stores the report
     */
    public void scheduled(Consumer<Transaction> inside) throws InterruptedException {
        while (true) {
            refuseWhereItDiffers();
            Optional<Leases.Lease> mine = leases.take(TURN);
            if (mine.isPresent()) {
                try (Leases.Lease _ = mine.get()) {
                    runAndStore(Cause.SCHEDULE, inside);
                    return;
                }
            }
            Thread.sleep(LOOK_AT_OTHER);
        }
    }

    /** For a job: a watch cycle. @param inside done in the transaction that stores the report */
    public void watch(Consumer<Transaction> inside) throws InterruptedException {
        runAndStore(Cause.WATCH, inside);
    }

    /**
     * The scan of a start, in the background: the server answers meanwhile.
     *
     * @param then told how it ended, with null where it gave no report; what it throws is logged
     * @return done when all that has ended, well or not
     */
    public Future<?> scanInBackground(Consumer<@Nullable StoredScan> then) {
        CountDownLatch ended = new CountDownLatch(1);
        firstScan.set(ended);
        return threads.submit(() -> {
            StoredScan report = null;
            try {
                report = scan(Cause.START);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ProblemException e) {
                LOG.atWarn().setCause(e).log("no scan at the start");
            } catch (RuntimeException e) {
                failed(e, "the first scan failed");
            } finally {
                ended.countDown();
            }
            try {
                if (!threads.isShutdown()) {
                    then.accept(report);
                }
            } catch (RuntimeException e) {
                failed(e, "the start could not be told");
            }
        });
    }

    private void failed(RuntimeException e, String what) {
        (threads.isShutdown() ? LOG.atDebug() : LOG.atError()).setCause(e).log(what);
    }

    /** Whether the first scan still runs, after waiting for it for so long at most. */
    boolean firstScanRuns(Duration patience) throws InterruptedException {
        CountDownLatch running = firstScan.get();
        return running != null && !running.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** What to scan, and what is known beside it. */
    record Asked(ScanRequest request, Remembered remembered) {}

    private Asked asked(Selection selection) {
        return new Asked(
                fleet.request(selection, issues.waiversInForce(), issues.baseline()),
                new Remembered(
                        hosts.seenByObservers(),
                        true,
                        enrolled.get(),
                        ProcessHandle.current().pid()));
    }

    /** Plans for what a scan would find now. */
    FixPlans plans(InstantSource clock) {
        return new FixPlans(scan, () -> asked(Selection.ALL), threads, clock);
    }

    /** @param registry told the bytes of the registry that is judged */
    private ScanOutcome.Completed run(Selection selection, Consumer<byte[]> registry) throws InterruptedException {
        Asked asked = asked(selection);
        return switch (scan.run(asked.request(), asked.remembered(), registry)) {
            case ScanOutcome.Completed completed -> completed;
            case ScanOutcome.Refused refused -> throw new IllegalStateException(refused.message());
        };
    }

    private StoredScan runAndStore(Cause cause, Consumer<Transaction> inside) throws InterruptedException {
        AtomicReference<byte @Nullable []> registry = new AtomicReference<>();
        ScanOutcome.Completed completed = run(Selection.ALL, registry::set);
        ScanReport report = completed.report();
        // The registry may have been changed since this replica was asked to scan.
        refuseWhereItDiffers();
        byte[] revision = revision(report, registry.get());
        StoredScan stored = database.transaction(transaction -> {
            inside.accept(transaction);
            return store(transaction, report, revision, completed.world(), cause);
        });
        latest.accumulateAndGet(stored, ScanService::newer);
        LOG.atInfo()
                .addKeyValue("report", report.reportId())
                .addKeyValue("cause", cause.id())
                .addKeyValue("checks", report.score().total())
                .addKeyValue("issues", report.score().failed())
                .addKeyValue("unknown", report.score().unknown())
                .addKeyValue("ms", report.duration().toMillis())
                .log("scan");
        return stored;
    }

    /** @param revision the registry that was judged, where it must be kept; else null */
    private StoredScan store(
            Transaction transaction, ScanReport report, byte @Nullable [] revision, World world, Cause cause) {
        if (store.knows(transaction, report.reportId())) {
            // Eight hex digits collide one day; that scan simply runs again.
            throw new IllegalStateException("the report id " + report.reportId() + " is taken");
        }
        String digest = kept(transaction, report, revision);
        IssueChanges merged = issues.merge(transaction, report, ScanScope.of(checks, report, world));
        boolean changed = cause != Cause.WATCH || !merged.isEmpty() || !sameFigures(transaction, report);
        if (cause == Cause.WATCH) {
            store.deleteUnchanged(transaction);
        }
        List<UUID> snapshots = hosts.keep(transaction, world.snapshots());
        StoredScan stored = store.insert(transaction, report, world, cause, changed, digest, snapshots);
        judged.accept(transaction, world);
        changes.record(transaction, List.of(change(stored.summary(), changed)), report.completed());
        return stored;
    }

    private static Change change(ScanSummary scan, boolean changed) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("report_id", scan.reportId());
        data.put("cause", scan.cause());
        data.put("completed_at", scan.completedAt());
        data.put("total_issues", scan.totalIssues());
        data.put("critical", scan.critical());
        data.put("high", scan.high());
        data.put("unknown_checks", scan.unknownChecks());
        data.put("health_score", scan.healthScore());
        data.put("changed", changed);
        return new Change("scan", scan.reportId(), null, null, "completed", Actor.SYSTEM, scan.cause(), data);
    }

    private boolean sameFigures(Transaction transaction, ScanReport report) {
        return store.newestSummary(transaction)
                .filter(before -> before.passedChecks() == report.score().passed()
                        && before.failedChecks() == report.score().failed()
                        && before.unknownChecks() == report.score().unknown())
                .isPresent();
    }

    private static StoredScan newer(@Nullable StoredScan one, @Nullable StoredScan other) {
        StoredScan given = Objects.requireNonNull(other);
        return one != null && one.summary().id() > given.summary().id() ? one : given;
    }

    /** The registry that was judged, packed, where it is not kept yet; null where it is, and where it could not be read. */
    private byte @Nullable [] revision(ScanReport report, byte @Nullable [] registry) {
        String digest = report.registry().digest();
        return digest == null
                        || registry == null
                        || database.transaction(transaction -> store.knowsRevision(transaction, digest))
                ? null
                : ReportJson.gzip(registry);
    }

    /** The digest of the registry that the report may name; null where that is not kept. */
    private @Nullable String kept(Transaction transaction, ScanReport report, byte @Nullable [] revision) {
        String digest = report.registry().digest();
        if (digest == null) {
            return null;
        }
        if (revision != null) {
            store.putRevision(transaction, report, revision);
            return digest;
        }
        return store.knowsRevision(transaction, digest) ? digest : null;
    }

    /** Takes up what earlier runs left, before the first call comes. */
    public void load() {
        store.newest().ifPresent(newest -> latest.accumulateAndGet(newest, ScanService::newer));
    }

    /** The last scan of any replica; empty where there was none yet. */
    public Optional<StoredScan> latest() {
        long now = System.nanoTime();
        long before = lookedAt.get();
        if (now - before > LOOK_AGAIN.toNanos() && lookedAt.compareAndSet(before, now)) {
            StoredScan present = latest.get();
            if (present == null || store.newestId() > present.summary().id()) {
                store.newest().ifPresent(newest -> latest.accumulateAndGet(newest, ScanService::newer));
            }
        }
        return remembered();
    }

    /** The last scan that this replica knows of, without asking the database. */
    Optional<StoredScan> remembered() {
        return Optional.ofNullable(latest.get());
    }

    /** The scan with this report id; empty where there is none. */
    public Optional<StoredScan> find(String reportId) {
        return store.find(reportId);
    }

    /** Where the registry is, or would usually be, as it is looked for now. */
    public String registryFile() {
        return fleet.declared().file().toString();
    }

    List<ScanSummary> page(long before, int limit) {
        return new ArrayList<>(store.page(before, limit));
    }

    /** Interrupts a running scan; its report is not stored. */
    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
    }
}
