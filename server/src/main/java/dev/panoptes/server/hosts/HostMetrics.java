package dev.panoptes.server.hosts;

import dev.panoptes.server.health.Exposition;
import dev.panoptes.server.health.MetricSource;
import java.util.Map;

/** When each host was last seen. */
public final class HostMetrics implements MetricSource {
    private static final String SEEN = "panoptes_host_snapshot_time_seconds";

    private final Hosts hosts;

    public HostMetrics(Hosts hosts) {
        this.hosts = hosts;
    }

    @Override
    public void write(Exposition out) {
        out.metric(SEEN, "gauge", "When the last snapshot of a host was taken, in seconds since 1970.");
        hosts.seen()
                .forEach(seen ->
                        out.value(SEEN, Map.of("host", seen.host()), seen.at().toEpochMilli() / 1e3));
    }
}
