package dev.panoptes.server.replicas;

import dev.panoptes.core.host.Host;
import dev.panoptes.server.config.Settings;
import dev.panoptes.server.feature.FeatureContext;
import dev.panoptes.server.feature.FeatureParts;
import dev.panoptes.server.health.Component;
import dev.panoptes.server.health.MetricSource;
import dev.panoptes.server.issues.ServerIssues;
import dev.panoptes.server.jobs.Job;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The servers on one database, and whether they agree. */
public final class ReplicasFeature {
    /** How often it is looked whether they agree, and for how long they may differ before it is an issue. */
    private static final int GRACE_IN_LEASES = 4;

    private final FeatureContext context;
    private final Replicas replicas;

    /**
     * @param registry the digest of the registry as it is now; null where it cannot be read
     * @param keyId names the secret that it signs with
     * @param alone no other server can use this database
     */
    public ReplicasFeature(
            FeatureContext context, String version, Supplier<@Nullable String> registry, String keyId, boolean alone) {
        this.context = context;
        this.replicas = context.closing()
                .add(new Replicas(
                        context.database(),
                        lease(),
                        Host.live().name().orElse("localhost") + " "
                                + context.configuration().get(Settings.LISTEN),
                        version,
                        registry,
                        keyId,
                        alone));
        replicas.start();
    }

    private Duration lease() {
        return context.configuration().get(Settings.LEASE);
    }

    public Replicas replicas() {
        return replicas;
    }

    public FeatureParts parts() {
        ReplicaIssues issues = new ReplicaIssues(
                context.database(),
                context.clock(),
                replicas,
                lease().multipliedBy(GRACE_IN_LEASES),
                new ServerIssues(context.changes()));
        MetricSource figures = out -> {
            List<Replica> living = replicas.living();
            out.gauge("panoptes_replicas", "Servers on this database that were heard of lately.", living.size());
            out.metric(
                    "panoptes_replica_differs",
                    "gauge",
                    "1 where a server reads another registry or has another JWT_SECRET than the one that is there"
                            + " longest, else 0.");
            // Two processes may bear one name for a moment, while one takes the other's place.
            Map<String, Boolean> differing = new TreeMap<>();
            living.forEach(each -> differing.merge(
                    each.name(), !each.differences(living.getFirst()).isEmpty(), Boolean::logicalOr));
            differing.forEach(
                    (name, differs) -> out.value("panoptes_replica_differs", Map.of("replica", name), differs ? 1 : 0));
        };
        return FeatureParts.none()
                .withResources(new ReplicaResource(replicas))
                .withStoredFigures(figures)
                .withComponents(new Component("replicas", replicas::state))
                .withJobs(Job.every(lease(), "replicas", _ -> issues.review()));
    }
}
