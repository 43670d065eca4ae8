package dev.panoptes.server.http;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.List;

/** How many calls were answered, how, and how long they took, since the start. */
public final class CallCounts {
    /** Upper bounds of the buckets, in seconds. */
    private static final double[] BOUNDS = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

    private final Counter answered = Counter.builder()
            .name("panoptes_http_requests_total")
            .help("Calls that were answered.")
            .labelNames("method", "status")
            .withoutExemplars()
            .build();
    private final Histogram took = Histogram.builder()
            .name("panoptes_http_request_duration_seconds")
            .help("How long calls took.")
            .classicOnly()
            .classicUpperBounds(BOUNDS)
            .withoutExemplars()
            .build();

    void answered(Method method, int status, long tookNanos) {
        // The first digit says enough, and bounds how many figures there are.
        answered.labelValues(method.name(), status / 100 + "xx").inc();
        took.observe(tookNanos / 1e9);
    }

    /** As they are now. */
    public List<MetricSnapshot> figures() {
        return List.of(answered.collect(), took.collect());
    }
}
