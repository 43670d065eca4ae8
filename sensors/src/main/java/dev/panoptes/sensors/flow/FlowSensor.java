package dev.panoptes.sensors.flow;

import dev.panoptes.sensors.EventSink;
import dev.panoptes.sensors.Replay;
import dev.panoptes.sensors.ReplayResult;
import dev.panoptes.sensors.Sensor;
import dev.panoptes.sensors.SensorStatus;
import dev.panoptes.sensors.Surroundings;
import dev.panoptes.sensors.Watch;
import dev.panoptes.sensors.live.UdpListener;
import dev.panoptes.sensors.replay.Captures;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Flows that exporters send. */
public final class FlowSensor implements Sensor {
    @Override
    public String name() {
        return "flow";
    }

    @Override
    public Duration interval() {
        return Duration.ofSeconds(60);
    }

    @Override
    public String reads() {
        return "NetFlow v5 and v9, IPFIX and sFlow v5 at the addresses under flow.listen";
    }

    @Override
    public String needs() {
        return "an exporter that sends to flow.listen";
    }

    @Override
    public List<String> techniques() {
        return List.of("T1041", "T1071", "T1021", "T1046");
    }

    @Override
    public SensorStatus status(Surroundings surroundings) {
        return surroundings.settings().texts("listen").isEmpty()
                ? new SensorStatus.Degraded(
                        "flow.listen names no address to collect at", "set flow.listen, for example 127.0.0.1:2055")
                : new SensorStatus.Permitted();
    }

    @Override
    public ReplayResult replay(Replay replay, EventSink sink) throws IOException, InterruptedException {
        return Captures.replay(name(), new FlowFeed(Elements.load()), replay, sink);
    }

    @Override
    public Watch open(Surroundings surroundings, EventSink sink) throws IOException {
        return new UdpListener(
                name(),
                surroundings.settings().texts("listen"),
                new FlowFeed(Elements.load()),
                surroundings.clock(),
                sink);
    }
}
