package dev.panoptes.server.issues;

import dev.panoptes.server.config.Settings;
import dev.panoptes.server.feature.FeatureContext;
import dev.panoptes.server.feature.FeatureParts;
import dev.panoptes.server.storage.Retention;

/** Issues and their life, waivers, timelines. */
public final class IssuesFeature {
    private final FeatureContext context;
    private final Issues issues;
    private final Waivers waivers;

    public IssuesFeature(FeatureContext context) {
        this.context = context;
        this.issues = new Issues(context.database(), context.changes(), context.clock());
        this.waivers = new Waivers(context.database(), context.changes(), context.clock());
    }

    public Issues issues() {
        return issues;
    }

    public Waivers waivers() {
        return waivers;
    }

    public FeatureParts parts() {
        return FeatureParts.none()
                .withResources(new IssueResource(issues, waivers), new WaiverResource(waivers))
                .withRetention(new Retention.Rule(
                        "issues", context.configuration().get(Settings.RETENTION_ISSUES), issues::forget));
    }
}
