package dev.panoptes.server.hosts;

import dev.panoptes.server.config.Settings;
import dev.panoptes.server.feature.FeatureContext;
import dev.panoptes.server.feature.FeatureParts;
import dev.panoptes.server.jobs.Job;
import dev.panoptes.server.storage.Retention;
import java.time.Duration;

/** Hosts, the snapshots of their observers, and who is not heard of any more. */
public final class HostsFeature {
    /** How often it is looked whether a host has fallen silent, at the least. */
    private static final Duration LOOK = Duration.ofSeconds(15);

    private final FeatureContext context;
    private final Duration staleAfter;
    private final Hosts hosts;
    private final LostHosts lost;

    /** @param staleAfter a host without a snapshot for so long is stale, and lost */
    public HostsFeature(FeatureContext context, Duration staleAfter) {
        this.context = context;
        this.staleAfter = staleAfter;
        this.hosts = new Hosts(context.database(), context.changes(), context.clock());
        this.lost = new LostHosts(context.database(), context.clock(), staleAfter, context.changes());
    }

    public Hosts hosts() {
        return hosts;
    }

    public FeatureParts parts() {
        Duration watch = context.configuration().get(Settings.WATCH_INTERVAL);
        return FeatureParts.none()
                .withResources(new HostResource(hosts, staleAfter, context.clock()))
                .withStoredFigures(new HostMetrics(hosts))
                .withJobs(Job.every(watch.compareTo(LOOK) < 0 ? watch : LOOK, "hosts", _ -> lost.review()))
                .withRetention(new Retention.Rule(
                        "snapshots", context.configuration().get(Settings.RETENTION_SNAPSHOTS), hosts::forget));
    }
}
