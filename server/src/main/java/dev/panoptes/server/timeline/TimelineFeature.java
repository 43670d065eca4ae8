package dev.panoptes.server.timeline;

import dev.panoptes.core.registry.Keys;
import dev.panoptes.server.feature.FeatureContext;
import dev.panoptes.server.feature.FeatureParts;
import dev.panoptes.server.scans.ScanService;

/** Timelines: what happened to an agent, merged from issues, enrolment and configuration. */
public final class TimelineFeature {
    private TimelineFeature() {}

    public static FeatureParts of(FeatureContext context, ScanService scans) {
        return FeatureParts.none()
                .withResources(new TimelineResource(
                        new TimelineStore(context.database()), agent -> mayBeDeclared(scans, agent)));
    }

    /** True also while no scan has read the registry: then nobody can say that it is not there. */
    private static boolean mayBeDeclared(ScanService scans, String agent) {
        return scans.latest()
                .map(scan -> scan.agents().stream().anyMatch(each -> Keys.same(each.agent(), agent)))
                .orElse(true);
    }
}
