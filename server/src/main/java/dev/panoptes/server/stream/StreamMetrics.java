package dev.panoptes.server.stream;

import dev.panoptes.server.health.Exposition;
import dev.panoptes.server.health.MetricSource;

/** How many listen to this replica. */
public final class StreamMetrics implements MetricSource {
    private final Streams streams;

    public StreamMetrics(Streams streams) {
        this.streams = streams;
    }

    @Override
    public void write(Exposition out) {
        out.gauge("panoptes_streams", "Clients that listen to the stream of this replica.", streams.count());
    }
}
