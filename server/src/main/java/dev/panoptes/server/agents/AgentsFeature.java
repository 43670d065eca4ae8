package dev.panoptes.server.agents;

import dev.panoptes.integrity.world.Enrolled;
import dev.panoptes.server.auth.AccessTokens;
import dev.panoptes.server.auth.BearerTokens;
import dev.panoptes.server.auth.Secrets;
import dev.panoptes.server.auth.Tokens;
import dev.panoptes.server.config.Settings;
import dev.panoptes.server.configs.ConfigResource;
import dev.panoptes.server.configs.Configs;
import dev.panoptes.server.feature.FeatureParts;
import dev.panoptes.server.feature.Ground;
import dev.panoptes.server.findings.FindingResource;
import dev.panoptes.server.findings.FindingsService;
import dev.panoptes.server.jobs.Job;
import dev.panoptes.server.metrics.MetricResource;
import dev.panoptes.server.metrics.Metrics;
import dev.panoptes.server.storage.Retention;
import java.time.Duration;
import java.util.List;

/** Everything about enrolled agents: who they are, what they run, measure and find. */
public final class AgentsFeature {
    /** How often it is noted that beats can be heard. */
    private static final Duration WATCH = Duration.ofSeconds(10);
    /** How often roll-outs go on. */
    private static final Duration ROLLOUTS = Duration.ofSeconds(3);
    /** Without a note for so long nobody could be heard. */
    private static final Duration LONGEST_GAP = Duration.ofSeconds(60);

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
    private final Ground ground;

    /** @param findings takes what agents find, and what is found about them */
    public AgentsFeature(Ground ground, Secrets secrets, AccessTokens signer, FindingsService findings) {
        this.ground = ground;
        this.findings = findings;
        this.metrics = new Metrics(ground.database(), ground.clock());
        this.configs = new Configs(ground.database(), ground.changes(), ground.audit(), ground.clock());
        this.enrollments = new Enrollments(ground.database(), ground.audit(), secrets, ground.clock());
        Agents.Policy policy = new Agents.Policy(
                ground.configuration().get(Settings.HEARTBEAT_INTERVAL),
                ground.configuration().get(Settings.AGENT_LOST_AFTER));
        this.agents = new Agents(
                ground.database(),
                ground.clock(),
                ground.changes(),
                ground.audit(),
                secrets,
                enrollments,
                configs,
                policy);
        this.enrolledReader = new EnrolledReader(
                agents,
                ground.database(),
                ground.clock(),
                ground.configuration().get(Settings.NATS_TRUST_DISCOVERY));
        this.paths = new AgentPaths(agents);
        this.beats = new Beats(ground.database(), ground.clock(), ground.changes(), findings, policy.lostAfter());
        this.tokens = new AgentTokens(signer, ground.database());
        this.apiTokens = new Tokens(ground.database(), ground.changes(), secrets, ground.clock());
    }

    /** Kinds of bearer tokens that agents have. */
    public List<BearerTokens> bearers() {
        return List.of(enrollments, tokens);
    }

    /** The enrolled view, as scans judge it. */
    public Enrolled enrolled() {
        return enrolledReader.read();
    }

    /** Takes findings of everybody. */
    public FindingsService findings() {
        return findings;
    }

    /** For agents that speak NATS only. */
    public Discovery discovery() {
        return new Discovery(agents, beats, ground.database(), ground.clock());
    }

    /** How many instances are enrolled. */
    public int count() {
        return agents.count();
    }

    /** What it gives to the server. */
    public FeatureParts parts() {
        Rollouts rollouts = new Rollouts(
                ground.database(),
                ground.clock(),
                ground.changes(),
                configs,
                ground.configuration().get(Settings.AGENT_LOST_AFTER));
        RolloutResource rolloutResource = new RolloutResource(rollouts);
        return FeatureParts.none()
                .withResources(
                        new EnrollmentResource(enrollments),
                        new ObserverResource(ground.database(), enrollments, apiTokens),
                        new AgentResource(agents, paths),
                        new AgentAccessResource(agents, paths, tokens),
                        new BeatResource(agents, paths, beats, metrics, ground.database()),
                        new MetricResource(metrics, paths::id),
                        new ConfigResource(configs, paths::subject, rolloutResource::begin),
                        rolloutResource,
                        new FindingResource(findings, ground.database()))
                .withJobs(
                        Job.every(WATCH, "agents", _ -> agents.watch(LONGEST_GAP)),
                        Job.every(ROLLOUTS, "rollouts", _ -> rollouts.advance()))
                .withRetention(
                        new Retention.Rule(
                                "metrics", ground.configuration().get(Settings.RETENTION_METRICS), metrics::forget),
                        new Retention.Rule(
                                "findings", ground.configuration().get(Settings.RETENTION_FINDINGS), findings::forget));
    }
}
