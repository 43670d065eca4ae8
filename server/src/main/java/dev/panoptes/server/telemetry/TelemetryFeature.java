package dev.panoptes.server.telemetry;

import dev.panoptes.server.config.Settings;
import dev.panoptes.server.feature.FeatureContext;
import dev.panoptes.server.feature.FeatureParts;
import dev.panoptes.server.issues.ServerIssues;
import dev.panoptes.server.jobs.Job;
import dev.panoptes.server.storage.Retention;
import java.time.Duration;
import java.util.List;

/** Events of sensors. */
public final class TelemetryFeature {
    private static final long GIB = 1L << 30;

    private final FeatureContext context;
    private final Telemetry telemetry;
    private final TelemetryGaps gaps;
    private final EventIndex index;
    private final TelemetryStore store = new TelemetryStore();

    /** @param listeners told of every event, in the transaction that stores it */
    public TelemetryFeature(FeatureContext context, List<TelemetryListener> listeners) {
        this.context = context;
        this.telemetry = new Telemetry(context.database(), context.clock(), listeners);
        this.index = new EventIndex(context.database());
        this.gaps = new TelemetryGaps(context.database(), context.clock(), new ServerIssues(context.changes()));
    }

    /** For what counts events. */
    public Telemetry telemetry() {
        return telemetry;
    }

    public FeatureParts parts() {
        return FeatureParts.none()
                .withResources(new TelemetryResource(telemetry))
                .withStoredFigures(new TelemetryMetrics(telemetry))
                .withJobs(
                        Job.every(Duration.ofMinutes(1), "telemetry-gaps", _ -> gaps.review()),
                        Job.every(Duration.ofSeconds(10), "telemetry-index", _ -> index.review()),
                        Job.every(
                                Duration.ofMinutes(5),
                                "telemetry-hours",
                                _ -> telemetry.hours().review()),
                        Job.every(Duration.ofMinutes(10), "telemetry-size", _ -> shrink()))
                .withRetention(new Retention.Rule(
                        "events",
                        context.configuration().get(Settings.RETENTION_EVENTS),
                        (transaction, before, _) -> store.forget(transaction, before)));
    }

    private void shrink() {
        long most = context.configuration().get(Settings.RETENTION_EVENTS_SIZE) * GIB;
        boolean more = true;
        while (more) {
            more = context.database()
                    .transaction(transaction ->
                            store.shrink(transaction, context.clock().instant(), most));
        }
    }
}
