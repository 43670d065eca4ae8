package dev.panoptes.server.alerts;

import dev.panoptes.server.config.Settings;
import dev.panoptes.server.feature.FeatureContext;
import dev.panoptes.server.feature.FeatureParts;
import dev.panoptes.server.storage.Retention;

/** What is told to people and programs elsewhere, and what silences keep back. */
public final class AlertsFeature {
    private final FeatureContext context;
    private final Announcer announcer;
    private final Silences silences;

    /** @param announcer hears of changes, and therefore is there before those who make them */
    public AlertsFeature(FeatureContext context, Announcer announcer) {
        this.context = context;
        this.announcer = announcer;
        this.silences = new Silences(context.database(), context.changes(), context.clock());
    }

    public FeatureParts parts() {
        return FeatureParts.none()
                .withResources(new AlertResource(announcer), new SilenceResource(silences))
                .withStoredFigures(announcer.metrics())
                .withRetention(new Retention.Rule(
                        "alerts", context.configuration().get(Settings.RETENTION_ISSUES), announcer.alerts()::forget));
    }
}
