package dev.panoptes.server.agents;

import dev.panoptes.integrity.world.Enrolled;
import dev.panoptes.integrity.world.World;
import dev.panoptes.server.auth.AccessTokens;
import dev.panoptes.server.auth.BearerTokens;
import dev.panoptes.server.auth.Secrets;
import dev.panoptes.server.auth.Tokens;
import dev.panoptes.server.config.Settings;
import dev.panoptes.server.configs.ConfigKind;
import dev.panoptes.server.configs.ConfigResource;
import dev.panoptes.server.configs.Configs;
import dev.panoptes.server.feature.FeatureContext;
import dev.panoptes.server.feature.FeatureParts;
import dev.panoptes.server.findings.FindingResource;
import dev.panoptes.server.findings.FindingsService;
import dev.panoptes.server.jobs.Job;
import dev.panoptes.server.metrics.MetricResource;
import dev.panoptes.server.metrics.Metrics;
import dev.panoptes.server.storage.Retention;
import dev.panoptes.server.storage.Transaction;
import java.time.Duration;
import java.util.List;

/** Everything about enrolled agents: who they are, what they run, measure and find. */
public final class AgentsFeature {
    /** How often it is noted that beats can be heard, where an agent is lost after five minutes or more. */
    private static final Duration WATCH = Duration.ofSeconds(10);
    /** Of the time after which an agent is lost. */
    private static final int WATCHES = 30;
    /** How often roll-outs go on. */
    private static final Duration ROLLOUTS = Duration.ofSeconds(3);
    /** How often is looked whether a quarter of an hour has ended. */
    private static final Duration COUNTED = Duration.ofMinutes(1);
    /** Where so many notes are missing nobody could be heard. */
    private static final int MISSING = 6;

    private final Agents agents;
    private final AgentPaths paths;
    private final Beats beats;
    private final AgentTokens tokens;
    private final Enrollments enrollments;
    private final Tokens apiTokens;
    private final Metrics metrics;
    private final Configs configs;
    private final FindingsService findings;
    private final EnrolledReader enrolledReader;
    private final FeatureContext context;

    /** @param findings takes what agents find, and what is found about them */
    public AgentsFeature(FeatureContext context, Secrets secrets, AccessTokens signer, FindingsService findings) {
        this.context = context;
        this.findings = findings;
        this.metrics = new Metrics(context.database(), context.clock());
        this.configs =
                new Configs(ConfigKind.AGENT, context.database(), context.changes(), context.audit(), context.clock());
        this.enrollments = new Enrollments(context.database(), context.audit(), secrets, context.clock());
        Agents.Policy policy = new Agents.Policy(
                context.configuration().get(Settings.HEARTBEAT_INTERVAL),
                context.configuration().get(Settings.AGENT_LOST_AFTER));
        this.agents = new Agents(
                context.database(),
                context.clock(),
                context.changes(),
                context.audit(),
                secrets,
                enrollments,
                configs,
                policy);
        this.enrolledReader = new EnrolledReader(
                agents,
                context.database(),
                context.clock(),
                context.configuration().get(Settings.NATS_TRUST_DISCOVERY));
        this.paths = new AgentPaths(agents);
        this.beats = new Beats(context.database(), context.clock(), context.changes(), findings, policy.lostAfter());
        this.tokens = new AgentTokens(signer, context.database());
        this.apiTokens = new Tokens(context.database(), context.changes(), secrets, context.clock());
    }

    /** Kinds of bearer tokens that agents have. */
    public List<BearerTokens> bearers() {
        return List.of(enrollments, tokens);
    }

    /** The enrolled view, as scans judge it. */
    public Enrolled enrolled() {
        return enrolledReader.read();
    }

    /** Keeps what a scan has found out about who the instances are, in the transaction that stores its report. */
    public void judged(Transaction transaction, World world) {
        enrolledReader.judged(transaction, world);
    }

    /** Takes findings of everybody. */
    public FindingsService findings() {
        return findings;
    }

    /** For agents that speak NATS only. */
    public Discovery discovery() {
        return new Discovery(agents, beats, context.database(), context.clock());
    }

    /** How many instances are enrolled. */
    public int count() {
        return agents.count();
    }

    /** An absence of ours has to be noticed well before somebody is called lost for it. */
    private static Duration watch(Duration lostAfter) {
        Duration share = lostAfter.dividedBy(WATCHES);
        Duration least = Duration.ofSeconds(1);
        return share.compareTo(WATCH) > 0 ? WATCH : share.compareTo(least) < 0 ? least : share;
    }

    /** What it gives to the server. */
    public FeatureParts parts() {
        Rollouts rollouts = new Rollouts(
                context.database(),
                context.clock(),
                context.changes(),
                configs,
                context.configuration().get(Settings.AGENT_LOST_AFTER));
        Duration watch = watch(context.configuration().get(Settings.AGENT_LOST_AFTER));
        BeatHistory history = new BeatHistory(context.database(), context.clock(), watch.multipliedBy(MISSING));
        RolloutResource rolloutResource = new RolloutResource(rollouts);
        return FeatureParts.none()
                .withResources(
                        new EnrollmentResource(enrollments),
                        new ObserverResource(context.database(), enrollments, apiTokens),
                        new AgentResource(agents, paths),
                        new AgentAccessResource(agents, paths, tokens),
                        new BeatResource(agents, paths, beats, history, metrics, context.database()),
                        new MetricResource(metrics, paths::id),
                        new ConfigResource(configs, paths::subject, rolloutResource::begin),
                        rolloutResource,
                        new FindingResource(findings, context.database()))
                .withJobs(
                        Job.every(watch, "agents", _ -> agents.watch(watch.multipliedBy(MISSING))),
                        Job.every(COUNTED, "beats", _ -> history.review()),
                        Job.every(ROLLOUTS, "rollouts", _ -> rollouts.advance()))
                .withRetention(
                        new Retention.Rule("beats", BeatHistory.KEPT, history::forget),
                        new Retention.Rule(
                                "metrics", context.configuration().get(Settings.RETENTION_METRICS), metrics::forget),
                        new Retention.Rule(
                                "findings",
                                context.configuration().get(Settings.RETENTION_FINDINGS),
                                findings::forget));
    }
}
