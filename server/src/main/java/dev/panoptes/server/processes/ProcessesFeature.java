package dev.panoptes.server.processes;

import dev.panoptes.server.feature.FeatureContext;
import dev.panoptes.server.feature.FeatureParts;
import dev.panoptes.server.storage.Retention;
import dev.panoptes.server.telemetry.TelemetryListener;
import java.time.Duration;

/** What runs on hosts. */
public final class ProcessesFeature {
    /** The events have the rest. */
    private static final Duration KEPT = Duration.ofDays(1);

    private final Processes processes;

    public ProcessesFeature(FeatureContext context) {
        this.processes = new Processes(context.database(), context.clock());
    }

    /** Hears what sensors tell. */
    public TelemetryListener listener() {
        return processes;
    }

    public FeatureParts parts() {
        ProcessStore store = new ProcessStore();
        return FeatureParts.none()
                .withResources(new ProcessResource(processes))
                .withRetention(
                        new Retention.Rule("processes that ended", KEPT, store::forgetEnded),
                        new Retention.Rule("what hosts used", KEPT, store::forgetUsage),
                        new Retention.Rule("processes of hosts that are not watched", KEPT, store::forgetUnseen));
    }
}
