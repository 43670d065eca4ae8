package dev.panoptes.server;

import dev.panoptes.core.heartbeat.HeartbeatReader;
import dev.panoptes.core.host.Host;
import dev.panoptes.core.registry.DeclaredHost;
import dev.panoptes.server.agents.AgentsFeature;
import dev.panoptes.server.alerts.AlertsFeature;
import dev.panoptes.server.alerts.Announcer;
import dev.panoptes.server.alerts.channel.Sender;
import dev.panoptes.server.api.ApiResource;
import dev.panoptes.server.audit.AuditResource;
import dev.panoptes.server.audit.AuditStore;
import dev.panoptes.server.auth.AuthFeature;
import dev.panoptes.server.auth.FirstAdmin;
import dev.panoptes.server.bus.BusFeature;
import dev.panoptes.server.changes.Changes;
import dev.panoptes.server.config.Configuration;
import dev.panoptes.server.config.ConfigurationFile;
import dev.panoptes.server.config.Settings;
import dev.panoptes.server.detections.DetectionsFeature;
import dev.panoptes.server.feature.FeatureContext;
import dev.panoptes.server.feature.FeatureParts;
import dev.panoptes.server.findings.FindingsService;
import dev.panoptes.server.health.Component;
import dev.panoptes.server.health.FleetHealthResource;
import dev.panoptes.server.health.HealthResource;
import dev.panoptes.server.health.MetricSource;
import dev.panoptes.server.health.MetricsResource;
import dev.panoptes.server.health.ServerMetrics;
import dev.panoptes.server.hosts.HostsFeature;
import dev.panoptes.server.http.CallCounts;
import dev.panoptes.server.http.HttpServer;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.issues.IssuesFeature;
import dev.panoptes.server.jobs.Job;
import dev.panoptes.server.jobs.Jobs;
import dev.panoptes.server.jobs.Leases;
import dev.panoptes.server.life.CannotStart;
import dev.panoptes.server.life.Closing;
import dev.panoptes.server.oidc.OidcFeature;
import dev.panoptes.server.processes.ProcessesFeature;
import dev.panoptes.server.replicas.ReplicasFeature;
import dev.panoptes.server.scans.Fleet;
import dev.panoptes.server.scans.ScanFleetHealth;
import dev.panoptes.server.scans.ScansFeature;
import dev.panoptes.server.sensors.SensorsFeature;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.DatabaseClock;
import dev.panoptes.server.storage.Partitions;
import dev.panoptes.server.storage.Retention;
import dev.panoptes.server.storage.Storage;
import dev.panoptes.server.storage.backup.Backups;
import dev.panoptes.server.storage.backup.Contents;
import dev.panoptes.server.stream.StreamFeature;
import dev.panoptes.server.stream.StreamWriter;
import dev.panoptes.server.telemetry.TelemetryFeature;
import dev.panoptes.server.tickets.TicketsFeature;
import dev.panoptes.server.timeline.TimelineFeature;
import dev.panoptes.server.web.Web;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The composition root: the context, the features that stand on it, and what they share; started in this order and closed in
 * the reverse one.
 */
public final class PanoptesServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PanoptesServer.class);

    private final Closing closing;
    private final HttpServer http;
    private final Retention retention;
    private final FirstAdmin.@Nullable Made firstAdmin;
    private final Future<?> firstScan;

    private PanoptesServer(
            Closing closing,
            HttpServer http,
            Retention retention,
            FirstAdmin.@Nullable Made firstAdmin,
            Future<?> firstScan) {
        this.closing = closing;
        this.http = http;
        this.retention = retention;
        this.firstAdmin = firstAdmin;
        this.firstScan = firstScan;
    }

    /**
     * Starts everything; when this returns, calls are answered.
     *
     * @param dataDirectory where this instance keeps what is its own
     * @throws CannotStart with one clear message; whatever was started has been closed again
     */
    public static PanoptesServer start(Configuration configuration, Path dataDirectory, ServerOptions options)
            throws CannotStart, InterruptedException {
        Startup.Checked checked = Startup.check(configuration);
        String url = configuration.find(Settings.DATABASE_URL).orElse(null);
        Storage storage = Storage.open(
                dataDirectory,
                url,
                (directory, address, from, to) -> Backups.beforeMigration(
                        directory,
                        address,
                        from,
                        to,
                        new Contents(
                                options.version(),
                                options.clock().instant(),
                                ConfigurationFile.of(configuration),
                                List.of()),
                        configuration.get(Settings.BACKUPS_KEEP)));
        keep(configuration, storage);
        return start(configuration, checked, storage, options);
    }

    /** For backups that somebody makes whose own settings are others than the server's. */
    private static void keep(Configuration configuration, Storage storage) throws CannotStart {
        try {
            storage.directory().writeSecret(ConfigurationFile.NAME, ConfigurationFile.of(configuration));
        } catch (IOException e) {
            storage.close();
            throw new CannotStart("the settings cannot be kept in the data directory: " + e.getMessage(), e);
        }
    }

    /** The same over storage that is open already; closing the server closes it. */
    static PanoptesServer start(
            Configuration configuration, Startup.Checked checked, Storage storage, ServerOptions options)
            throws CannotStart, InterruptedException {
        Closing closing = new Closing();
        try {
            return build(configuration, checked, closing.add(storage), options, closing);
        } catch (CannotStart | InterruptedException | RuntimeException e) {
            closing.close();
            throw e;
        }
    }

    private static PanoptesServer build(
            Configuration configuration,
            Startup.Checked checked,
            Storage storage,
            ServerOptions options,
            Closing closing)
            throws CannotStart, InterruptedException {
        // what every feature gets
        Database database =
                closing.add(new Database(storage.address(), configuration.get(Settings.DATABASE_CONNECTIONS)));
        InstantSource clock = options.databaseTime() ? clockOf(database, closing) : options.clock();
        Partitions partitions = new Partitions(clock);
        database.execute(partitions::ensure);
        AuditStore audit = new AuditStore(database, clock);
        Sender sender = closing.add(new Sender());
        Announcer announcer = closing.add(new Announcer(
                database,
                clock,
                new SecureRandom(),
                Startup.alertPolicy(configuration),
                open -> Startup.channels(configuration, sender, open, clock)));
        Changes told = new Changes(clock, List.of(audit, new StreamWriter(), announcer.alerts()));
        // It hears what every other feature changes, and therefore is there before them.
        DetectionsFeature detections = new DetectionsFeature(
                new FeatureContext(configuration, storage.directory().path(), database, clock, audit, told, closing),
                new FindingsService(database, told, clock),
                Host.live().name().orElse(DeclaredHost.LOCAL));
        Changes changes = told.telling(detections.ofIssues());
        FeatureContext context =
                new FeatureContext(configuration, storage.directory().path(), database, clock, audit, changes, closing);

        // the features
        boolean tls = checked.http().tls() != null;
        Fleet fleet = Startup.fleet(configuration, storage, options, Startup.cluster(context, options));
        AuthFeature auth = new AuthFeature(context, storage.directory(), tls);
        ReplicasFeature replicas = new ReplicasFeature(
                context, options.version(), fleet::registryDigest, auth.signingKeyId(), storage.embedded());
        Leases leases = new Leases(database, configuration.get(Settings.LEASE), replicas.replicas()::agrees);
        if (storage.embedded()) {
            leases.releaseAll();
        }
        StreamFeature stream = new StreamFeature(context);
        IssuesFeature issues = new IssuesFeature(context);
        AlertsFeature alerts = new AlertsFeature(context, announcer);
        HostsFeature hosts = new HostsFeature(context, fleet.snapshotMaxAge());
        AgentsFeature agents = new AgentsFeature(
                context, auth.secrets(), auth.accessTokens(), new FindingsService(database, changes, clock));
        ScansFeature scans = new ScansFeature(
                context,
                fleet,
                leases,
                replicas.replicas()::differences,
                hosts.hosts(),
                issues.issues(),
                options.version(),
                options.zone(),
                agents::enrolled,
                (transaction, world) -> {
                    agents.judged(transaction, world);
                    detections.declared(transaction, world);
                });
        // Its listeners are told of every event in the transaction that stores it.
        ProcessesFeature processes = new ProcessesFeature(context);
        TelemetryFeature telemetry =
                new TelemetryFeature(context, List.of(detections.listener(), processes.listener()));
        // To add one, make it here and put its parts into the list. What it forgets goes in this order: issues before
        // the reports that they hold on to.
        FeatureParts features = FeatureParts.all(List.of(
                issues.parts(),
                alerts.parts(),
                scans.parts(),
                hosts.parts(),
                stream.parts(),
                replicas.parts(),
                auth.parts(),
                agents.parts(),
                TicketsFeature.of(context),
                new BusFeature(
                                context,
                                agents.discovery(),
                                agents.findings(),
                                detections::rules,
                                telemetry.telemetry(),
                                auth.tokens())
                        .parts(),
                telemetry.parts(),
                SensorsFeature.of(context),
                processes.parts(),
                detections.parts(),
                TimelineFeature.of(context, scans.scans())));

        // what every feature shares: forgetting, jobs, health, pages, calls
        Retention retention = new Retention(
                database,
                clock,
                joined(
                        features.retention(),
                        List.of(
                                new Retention.Rule(
                                        "changes", configuration.get(Settings.RETENTION_ISSUES), changes::forget),
                                new Retention.Rule(
                                        "audit", configuration.get(Settings.RETENTION_AUDIT), audit::forget))));
        Jobs jobs = closing.add(new Jobs(
                database,
                leases,
                joined(
                        features.jobs(),
                        List.of(
                                Job.every(Duration.ofHours(6), "partitions", _ -> database.execute(partitions::ensure)),
                                Job.every(Duration.ofHours(1), "retention", _ -> retention.run())))));
        CallCounts counts = new CallCounts();
        List<MetricSource> ownFigures = joined(
                List.of(new ServerMetrics(
                        options.version(),
                        counts,
                        database,
                        storage.directory().path(),
                        configuration.get(Settings.WATCH_INTERVAL))),
                features.ownFigures());
        List<Component> infrastructure = joined(
                Startup.infrastructure(announcer, database, detections::ingest, detections::engine),
                features.components());
        List<Resource> calls = joined(
                List.of(
                        new HealthResource(database, clock),
                        new MetricsResource(
                                database, ownFigures, joined(features.storedFigures(), List.of(jobs.metrics()))),
                        new FleetHealthResource(
                                new ScanFleetHealth(scans.scans(), fleet),
                                database,
                                new HeartbeatReader(configuration.get(Settings.HEARTBEAT_DIRS)),
                                infrastructure,
                                Startup.fresh(configuration),
                                Startup.platform(),
                                detections::threat,
                                telemetry.telemetry().counts()::total,
                                clock),
                        new AuditResource(audit),
                        new ApiResource()),
                features.resources());
        Web web = Web.over(
                calls,
                database,
                telemetry.telemetry(),
                scans.scans(),
                auth.users(),
                OidcFeature.of(context, auth).orElse(null),
                clock,
                configuration,
                options.version(),
                tls);
        HttpServer http = closing.add(new HttpServer(
                checked.http(),
                joined(calls, web.resources()),
                web.pages(),
                auth.authenticator(agents.bearers()),
                counts));

        // from here on everything runs
        features.starts().forEach(Runnable::run);
        http.start();
        announcer.start(storage.embedded(), issues.waivers()::expire);
        Future<?> firstScan = scans.scans()
                .scanInBackground(scan -> announcer
                        .alerts()
                        .started(
                                options.version(),
                                http.url(),
                                http.port(),
                                scan == null ? null : scan.summary().totalIssues()));
        jobs.start();
        checked.warnings().forEach(LOG::warn);
        return new PanoptesServer(closing, http, retention, auth.firstAdmin().orElse(null), firstScan);
    }

    private static <T> List<T> joined(List<T> one, List<T> other) {
        return Stream.concat(one.stream(), other.stream()).toList();
    }

    private static InstantSource clockOf(Database database, Closing closing) {
        DatabaseClock clock = closing.add(new DatabaseClock(database));
        clock.start();
        return clock;
    }

    /** Where it listens. */
    public String url() {
        return http.url();
    }

    /** The admin that this start made; empty on every later one. */
    public Optional<FirstAdmin.Made> firstAdmin() {
        return Optional.ofNullable(firstAdmin);
    }

    Retention retention() {
        return retention;
    }

    HttpServer http() {
        return http;
    }

    /** Done when the scan of this start has ended. */
    Future<?> firstScan() {
        return firstScan;
    }

    /** Finishes what is in flight, then ends everything in reverse order. Idempotent. */
    @Override
    public void close() {
        closing.close();
    }
}
