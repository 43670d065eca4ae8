package dev.panoptes.server.issues;

import dev.panoptes.server.config.Settings;
import dev.panoptes.server.feature.FeatureParts;
import dev.panoptes.server.feature.Ground;
import dev.panoptes.server.storage.Retention;

/** Issues and their life, waivers, timelines. */
public final class IssuesFeature {
    private final Ground ground;
    private final Issues issues;
    private final Waivers waivers;

    public IssuesFeature(Ground ground) {
        this.ground = ground;
        this.issues = new Issues(ground.database(), ground.changes(), ground.clock());
        this.waivers = new Waivers(ground.database(), ground.changes(), ground.clock());
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
                        "issues", ground.configuration().get(Settings.RETENTION_ISSUES), issues::forget));
    }
}
