package dev.panoptes.server.detections;

import dev.panoptes.core.registry.DeclaredHost;
import dev.panoptes.detection.fusion.Hit;
import dev.panoptes.detection.intent.Maintenance;
import dev.panoptes.detection.sigma.RuleSet;
import dev.panoptes.integrity.world.World;
import dev.panoptes.server.alerts.Silenced;
import dev.panoptes.server.alerts.Silences;
import dev.panoptes.server.changes.ChangeListener;
import dev.panoptes.server.config.Settings;
import dev.panoptes.server.feature.FeatureContext;
import dev.panoptes.server.feature.FeatureParts;
import dev.panoptes.server.findings.FindingsService;
import dev.panoptes.server.health.Component;
import dev.panoptes.server.issues.ServerIssues;
import dev.panoptes.server.jobs.Job;
import dev.panoptes.server.storage.Retention;
import dev.panoptes.server.storage.Transaction;
import dev.panoptes.server.telemetry.TelemetryListener;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Rules, analytics, incidents and the level of threat. */
public final class DetectionsFeature {
    private static final Duration REVIEW = Duration.ofMinutes(1);

    private final FeatureContext context;
    private final Detections detections;
    private final DetectionLag lag;
    private final Suppressions suppressions;
    private final DeclaredFacts facts;

    /**
     * @param findings takes what is found
     * @param local how events of this host name it
     */
    public DetectionsFeature(FeatureContext context, FindingsService findings, String local) {
        this.context = context;
        this.facts = new DeclaredFacts(local);
        this.suppressions = new Suppressions(context.database(), context.changes(), context.clock());
        this.detections = new Detections(
                context.database(),
                context.clock(),
                context.changes(),
                findings,
                new LoadedRules(context.dataDirectory().resolve("rules.d"), context.clock()),
                suppressions,
                new Intents(context.database(), context.clock(), this::maintenances),
                new IssueFindings(facts),
                context.configuration().get(Settings.DETECTION_LATENESS));
        this.lag = new DetectionLag(context.database(), context.clock(), new ServerIssues(context.changes()));
    }

    private List<Maintenance> maintenances(Transaction transaction, Instant since) {
        return Silences.since(transaction, since).stream()
                .filter(silenced -> silenced.check() != null || silenced.host() != null)
                .map(silenced -> new Maintenance(
                        silenced.reason(), silenced.from(), silenced.to(), hit -> covers(silenced, hit)))
                .toList();
    }

    /** Silences name this host as the registry does, and issues without the prefix that findings of them have. */
    private boolean covers(Silenced silenced, Hit hit) {
        List<String> hosts = hit.host().equals(facts.host(DeclaredHost.LOCAL))
                ? List.of(hit.host(), DeclaredHost.LOCAL)
                : List.of(hit.host());
        List<String> names = hit.name().startsWith(IssueFindings.PREFIX)
                ? List.of(hit.name(), hit.name().substring(IssueFindings.PREFIX.length()))
                : List.of(hit.name());
        return hosts.stream().anyMatch(host -> names.stream().anyMatch(name -> silenced.covers(name, host)));
    }

    /** Makes findings of integrity issues in the transaction that opens them, and withdraws them in the one that ends them. */
    public ChangeListener ofIssues() {
        return detections::changed;
    }

    /** Takes what a scan judged by as what findings are weighed by, in the transaction that stores its report. */
    public void declared(Transaction transaction, World world) {
        if (world.declared().usable()) {
            new DeclaredStore().replace(transaction, facts.of(world.registry(), world.profile()));
        }
    }

    /** Runs rules over events in the transaction that stores them. */
    public TelemetryListener listener() {
        return detections;
    }

    /** The rules that run; another object where the files that they come from have changed. */
    public RuleSet rules() {
        return detections.rules();
    }

    /** The level of threat, as the Health API says it. */
    public String threat() {
        return detections.threat().level().name();
    }

    /** How the intake of events is: not configured while no sensor sends any. */
    public Component.State ingest() {
        return detections.reports() ? Component.State.HEALTHY : Component.State.NOT_CONFIGURED;
    }

    /** How the making of incidents is: unhealthy where it fell behind. */
    public Component.State engine() {
        if (!detections.reports()) {
            return Component.State.NOT_CONFIGURED;
        }
        return detections.lag().compareTo(DetectionLag.TOLD) <= 0 ? Component.State.HEALTHY : Component.State.UNHEALTHY;
    }

    /** What it gives to the server. */
    public FeatureParts parts() {
        return FeatureParts.none()
                .withResources(
                        new DetectionResource(detections),
                        new RuleResource(detections),
                        new AttackResource(detections),
                        new SuppressionResource(suppressions))
                .withStoredFigures(new DetectionMetrics(detections))
                .withJobs(Job.every(REVIEW, "detection-lag", _ -> lag.review()))
                .withRetention(
                        new Retention.Rule(
                                "hits", context.configuration().get(Settings.RETENTION_EVENTS), detections::forgetHits),
                        new Retention.Rule(
                                "observations",
                                context.configuration()
                                        .get(Settings.DETECTION_LATENESS)
                                        .plus(Duration.ofDays(1)),
                                (transaction, before, _) -> detections.forgetObservations(transaction, before)),
                        new Retention.Rule(
                                "first_seen",
                                context.configuration().get(Settings.RETENTION_EVENTS),
                                detections::forgetFirsts),
                        new Retention.Rule(
                                "incidents",
                                context.configuration().get(Settings.RETENTION_ISSUES),
                                detections::forgetIncidents));
    }
}
