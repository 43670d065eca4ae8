package dev.panoptes.server.scans;

import dev.panoptes.integrity.checks.Checks;
import dev.panoptes.integrity.world.Enrolled;
import dev.panoptes.integrity.world.World;
import dev.panoptes.server.config.Cron;
import dev.panoptes.server.config.Settings;
import dev.panoptes.server.feature.FeatureContext;
import dev.panoptes.server.feature.FeatureParts;
import dev.panoptes.server.hosts.Hosts;
import dev.panoptes.server.issues.Issues;
import dev.panoptes.server.jobs.Job;
import dev.panoptes.server.jobs.Leases;
import dev.panoptes.server.storage.Retention;
import dev.panoptes.server.storage.Transaction;
import java.time.ZoneId;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** Scans: asked for, by the schedule, and the watch cycles between them; their reports. */
public final class ScansFeature {
    private final FeatureContext context;
    private final Fleet fleet;
    private final String version;
    private final ZoneId zone;
    private final Issues issues;
    private final ScanService scans;

    /**
     * @param differences in what this replica is another than those before it; then it stores nothing
     * @param zone in which the schedule is meant
     * @param enrolled who is enrolled now
     * @param judged told of every scan in the transaction that stores its report
     */
    public ScansFeature(
            FeatureContext context,
            Fleet fleet,
            Leases leases,
            Supplier<List<String>> differences,
            Hosts hosts,
            Issues issues,
            String version,
            ZoneId zone,
            Supplier<Enrolled> enrolled,
            BiConsumer<Transaction, World> judged) {
        this.context = context;
        this.issues = issues;
        this.fleet = fleet;
        this.version = version;
        this.zone = zone;
        this.scans = context.closing()
                .add(new ScanService(
                        fleet,
                        context.database(),
                        hosts,
                        issues,
                        context.changes(),
                        Checks.all(),
                        context.clock(),
                        leases,
                        differences,
                        enrolled,
                        judged));
    }

    public ScanService scans() {
        return scans;
    }

    public FeatureParts parts() {
        Cron schedule = context.configuration().get(Settings.SCAN_SCHEDULE);
        return FeatureParts.none()
                .withResources(
                        new ScanResource(
                                scans,
                                version,
                                context.configuration()
                                        .find(Settings.LAUNCH_DATE)
                                        .orElse(null),
                                context.clock()),
                        new PlanResource(scans.plans(context.clock()), issues::idOf),
                        new ObservationResource(fleet, context.clock()))
                .withStoredFigures(new ScanMetrics(scans))
                .withJobs(
                        new Job(
                                "scan",
                                now -> schedule.next(now.atZone(zone)).toInstant(),
                                run -> scans.scheduled(run::completeIn)),
                        Job.every(
                                context.configuration().get(Settings.WATCH_INTERVAL),
                                "watch",
                                run -> scans.watch(run::completeIn)))
                .withRetention(new Retention.Rule(
                        "reports", context.configuration().get(Settings.RETENTION_REPORTS), scans::forget))
                .withStarts(scans::load);
    }
}
