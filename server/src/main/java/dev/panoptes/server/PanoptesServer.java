package dev.panoptes.server;

import dev.panoptes.integrity.Check;
import dev.panoptes.integrity.checks.Checks;
import dev.panoptes.server.agents.AgentsFeature;
import dev.panoptes.server.alerts.AlertResource;
import dev.panoptes.server.alerts.Alerts;
import dev.panoptes.server.alerts.Announcer;
import dev.panoptes.server.alerts.SilenceResource;
import dev.panoptes.server.alerts.Silences;
import dev.panoptes.server.alerts.channel.Sender;
import dev.panoptes.server.api.ApiResource;
import dev.panoptes.server.audit.AuditResource;
import dev.panoptes.server.audit.AuditStore;
import dev.panoptes.server.auth.AccessTokens;
import dev.panoptes.server.auth.FirstAdmin;
import dev.panoptes.server.auth.LocalToken;
import dev.panoptes.server.auth.LoginResource;
import dev.panoptes.server.auth.LoginTokens;
import dev.panoptes.server.auth.People;
import dev.panoptes.server.auth.Secrets;
import dev.panoptes.server.auth.ServerAuthenticator;
import dev.panoptes.server.auth.SessionResource;
import dev.panoptes.server.auth.Sessions;
import dev.panoptes.server.auth.SigningSecret;
import dev.panoptes.server.auth.TokenResource;
import dev.panoptes.server.auth.Tokens;
import dev.panoptes.server.auth.UserResource;
import dev.panoptes.server.changes.Changes;
import dev.panoptes.server.config.Configuration;
import dev.panoptes.server.config.ConfigurationFile;
import dev.panoptes.server.config.Cron;
import dev.panoptes.server.config.Settings;
import dev.panoptes.server.feature.FeatureParts;
import dev.panoptes.server.feature.Ground;
import dev.panoptes.server.findings.FindingsService;
import dev.panoptes.server.health.Component;
import dev.panoptes.server.health.FleetHealthResource;
import dev.panoptes.server.health.HealthResource;
import dev.panoptes.server.health.MetricSource;
import dev.panoptes.server.health.MetricsResource;
import dev.panoptes.server.health.ServerMetrics;
import dev.panoptes.server.hosts.HostMetrics;
import dev.panoptes.server.hosts.HostResource;
import dev.panoptes.server.hosts.Hosts;
import dev.panoptes.server.hosts.LostHosts;
import dev.panoptes.server.http.CallCounts;
import dev.panoptes.server.http.HttpServer;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.issues.IssueResource;
import dev.panoptes.server.issues.Issues;
import dev.panoptes.server.issues.ServerIssues;
import dev.panoptes.server.issues.WaiverResource;
import dev.panoptes.server.issues.Waivers;
import dev.panoptes.server.jobs.Job;
import dev.panoptes.server.jobs.Jobs;
import dev.panoptes.server.jobs.Leases;
import dev.panoptes.server.scans.Fleet;
import dev.panoptes.server.scans.ObservationResource;
import dev.panoptes.server.scans.ScanFleetHealth;
import dev.panoptes.server.scans.ScanMetrics;
import dev.panoptes.server.scans.ScanResource;
import dev.panoptes.server.scans.ScanService;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.DatabaseClock;
import dev.panoptes.server.storage.Partitions;
import dev.panoptes.server.storage.Retention;
import dev.panoptes.server.storage.Storage;
import dev.panoptes.server.storage.backup.Backups;
import dev.panoptes.server.storage.backup.Contents;
import dev.panoptes.server.stream.StreamFeed;
import dev.panoptes.server.stream.StreamMetrics;
import dev.panoptes.server.stream.StreamResource;
import dev.panoptes.server.stream.Streams;
import dev.panoptes.server.tickets.TicketsFeature;
import dev.panoptes.server.web.Web;
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
 * The composition root: every object of the server is made here, started in this order and closed in the reverse one. To add
 * a feature, make its store, its service and its resource below, and add the resource to the list.
 */
public final class PanoptesServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PanoptesServer.class);
    /** A client that was away for longer is told to ask for everything anew. */
    private static final Duration STREAM_KEPT = Duration.ofDays(1);
    /** How often it is looked whether a host has fallen silent, at the least. */
    private static final Duration HOSTS = Duration.ofSeconds(15);

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
        return start(configuration, checked, storage, options);
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
        // storage
        Database database =
                closing.add(new Database(storage.address(), configuration.get(Settings.DATABASE_CONNECTIONS)));
        InstantSource clock = options.databaseTime() ? clockOf(database, closing) : options.clock();
        Leases leases = new Leases(database, configuration.get(Settings.LEASE));
        if (storage.embedded()) {
            leases.releaseAll();
        }
        Partitions partitions = new Partitions(clock);
        database.execute(partitions::ensure);

        // who gets in
        Secrets secrets = new Secrets();
        AuditStore audit = new AuditStore(database, clock);
        Changes changes = new Changes(clock, List.of());
        Ground ground = new Ground(configuration, storage.directory().path(), database, clock, audit, changes);
        Tokens tokens = new Tokens(database, audit, secrets, clock);
        Sessions sessions = new Sessions(database, secrets, clock);
        People people = new People(database, sessions, audit, secrets, clock);
        AccessTokens accessTokens = new AccessTokens(
                SigningSecret.of(configuration.find(Settings.JWT_SECRET).orElse(null), storage.directory(), secrets),
                clock);
        LoginTokens loginTokens = new LoginTokens(accessTokens, sessions);
        AgentsFeature agents =
                new AgentsFeature(ground, secrets, accessTokens, new FindingsService(database, changes, clock));
        LocalToken localToken = LocalToken.of(storage.directory(), secrets);
        Optional<FirstAdmin.Made> firstAdmin = new FirstAdmin(people, storage.directory(), secrets).makeWhereMissing();

        // the stream
        StreamFeed feed = closing.add(new StreamFeed(database));
        Streams streams = closing.add(new Streams(configuration.get(Settings.STREAMS)));
        feed.start();
        streams.start();

        // issues, and who is told of them
        Sender sender = closing.add(new Sender());
        Announcer announcer = closing.add(new Announcer(
                database,
                clock,
                new SecureRandom(),
                Startup.alertPolicy(configuration),
                open -> Startup.channels(configuration, sender, open, clock)));
        Alerts alerts = announcer.alerts();
        Issues issues = new Issues(database, audit, clock, alerts);
        Waivers waivers = new Waivers(database, audit, clock, alerts);

        // hosts and scans
        Hosts hosts = new Hosts(database, clock);
        List<Check> checks = Checks.all();
        Fleet fleet = Startup.fleet(configuration, storage, options);
        ScanService scans = closing.add(new ScanService(fleet, database, hosts, issues, alerts, checks, clock, leases));
        scans.load();

        // features: each gives its routes, jobs, figures and rules of retention
        FeatureParts features = FeatureParts.all(features(ground, agents));

        // what is forgotten: issues first, for they hold on to reports
        Retention retention = new Retention(
                database,
                clock,
                joined(
                        List.of(
                                new Retention.Rule(
                                        "issues", configuration.get(Settings.RETENTION_ISSUES), issues::forget),
                                new Retention.Rule(
                                        "alerts", configuration.get(Settings.RETENTION_ISSUES), alerts::forget),
                                new Retention.Rule(
                                        "reports", configuration.get(Settings.RETENTION_REPORTS), scans::forget),
                                new Retention.Rule(
                                        "snapshots", configuration.get(Settings.RETENTION_SNAPSHOTS), hosts::forget),
                                new Retention.Rule(
                                        "audit", configuration.get(Settings.RETENTION_AUDIT), audit::forget)),
                        features.retention()));
        Alerts.Policy policy = Startup.alertPolicy(configuration);
        LostHosts lostHosts = new LostHosts(database, clock, policy.hostLostAfter(), new ServerIssues(alerts));

        // what runs by itself
        Cron schedule = configuration.get(Settings.SCAN_SCHEDULE);
        Jobs jobs = closing.add(new Jobs(
                database,
                leases,
                joined(
                        List.of(
                                new Job(
                                        "scan",
                                        now -> schedule.next(now.atZone(options.zone()))
                                                .toInstant(),
                                        run -> scans.scheduled(run::completeIn)),
                                Job.every(
                                        configuration.get(Settings.WATCH_INTERVAL),
                                        "watch",
                                        run -> scans.watch(run::completeIn)),
                                Job.every(
                                        shorter(configuration.get(Settings.WATCH_INTERVAL), HOSTS),
                                        "hosts",
                                        _ -> lostHosts.review()),
                                Job.every(Duration.ofHours(1), "stream", _ -> feed.forget(STREAM_KEPT)),
                                Job.every(Duration.ofHours(6), "partitions", _ -> database.execute(partitions::ensure)),
                                Job.every(Duration.ofHours(1), "retention", _ -> retention.run())),
                        features.jobs())));

        // the API
        boolean tls = checked.http().tls() != null;
        CallCounts counts = new CallCounts();
        List<MetricSource> ownFigures = joined(
                List.of(
                        new ServerMetrics(
                                options.version(),
                                counts,
                                database,
                                storage.directory().path(),
                                configuration.get(Settings.WATCH_INTERVAL)),
                        new StreamMetrics(streams)),
                features.ownFigures());
        List<MetricSource> storedFigures = joined(
                List.of(
                        new ScanMetrics(scans),
                        new HostMetrics(hosts),
                        jobs.metrics(),
                        announcer.metrics(),
                        people.metrics()),
                features.storedFigures());
        List<Component> infrastructure = joined(Startup.infrastructure(announcer, database), features.components());
        List<Resource> calls = joined(
                List.of(
                        new HealthResource(database, clock),
                        new MetricsResource(database, ownFigures, storedFigures),
                        new FleetHealthResource(
                                new ScanFleetHealth(scans),
                                infrastructure,
                                Startup.fresh(configuration),
                                Startup.platform(),
                                clock),
                        new IssueResource(issues, waivers),
                        new WaiverResource(waivers),
                        new ScanResource(
                                scans,
                                options.version(),
                                configuration.find(Settings.LAUNCH_DATE).orElse(null),
                                clock),
                        new HostResource(hosts, fleet.snapshotMaxAge(), clock),
                        new ObservationResource(fleet),
                        new AlertResource(alerts, announcer.metrics()),
                        new StreamResource(feed, streams),
                        new SilenceResource(new Silences(database, audit, clock)),
                        new SessionResource(people, tls),
                        new LoginResource(people, loginTokens),
                        new UserResource(people),
                        new TokenResource(tokens),
                        new AuditResource(audit),
                        new ApiResource()),
                features.resources());
        Web web = Web.over(calls, database, scans, people, clock, options.version(), tls);
        ServerAuthenticator authenticator = new ServerAuthenticator(
                localToken,
                tokens,
                sessions,
                tls,
                configuration.get(Settings.OPEN_LOOPBACK),
                joined(List.of(loginTokens), agents.bearers()));
        HttpServer http = closing.add(
                new HttpServer(checked.http(), joined(calls, web.resources()), web.pages(), authenticator, counts));
        http.start();
        announcer.start(storage.embedded(), waivers::expire);
        alerts.started(options.version(), http.url());
        Future<?> firstScan = scans.scanInBackground();
        jobs.start();
        checked.warnings().forEach(LOG::warn);
        return new PanoptesServer(closing, http, retention, firstAdmin.orElse(null), firstScan);
    }

    /** Every feature, in the order in which they are made. To add one, write its package and its line here. */
    private static List<FeatureParts> features(Ground ground, AgentsFeature agents) {
        return List.of(agents.parts(), TicketsFeature.of(ground));
    }

    private static <T> List<T> joined(List<T> one, List<T> other) {
        return Stream.concat(one.stream(), other.stream()).toList();
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
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
