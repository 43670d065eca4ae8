package dev.panoptes.sensors.flow;

import dev.panoptes.sensors.EventSink;
import dev.panoptes.sensors.Replay;
import dev.panoptes.sensors.ReplayResult;
import dev.panoptes.sensors.Sensor;
import dev.panoptes.sensors.SensorStatus;
import dev.panoptes.sensors.Settings;
import dev.panoptes.sensors.Surroundings;
import dev.panoptes.sensors.Watch;
import dev.panoptes.sensors.live.PollingWatch;
import dev.panoptes.sensors.live.UdpListener;
import dev.panoptes.sensors.live.Watches;
import dev.panoptes.sensors.replay.Captures;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
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
        return "this host's TCP connections (/proc/net); NetFlow v5 and v9, IPFIX and sFlow v5 at flow.listen";
    }

    @Override
    public String needs() {
        return "nothing for connections, CAP_SYS_PTRACE for whose they are; an exporter that sends to flow.listen";
    }

    @Override
    public List<String> techniques() {
        return List.of("T1041", "T1071", "T1021", "T1046");
    }

    @Override
    public void check(Settings settings) {
        settings.texts("listen");
    }

    @Override
    public SensorStatus status(Surroundings surroundings) {
        boolean live = ConnectionSource.canLook(surroundings.host());
        if (!surroundings.settings().texts("listen").isEmpty()) {
            return live
                    ? new SensorStatus.Permitted()
                    : new SensorStatus.Degraded("connections of another host cannot be seen", "run it on that host");
        }
        return live
                ? new SensorStatus.Degraded(
                        "only this host's TCP connections: flow.listen names no address to collect at",
                        "set flow.listen, for example 127.0.0.1:2055")
                : new SensorStatus.Unsupported("flow.listen names no address to collect at");
    }

    @Override
    public ReplayResult replay(Replay replay, EventSink sink) throws IOException, InterruptedException {
        return Captures.replay(name(), new FlowFeed(Elements.load()), replay, sink);
    }

    @Override
    public Watch open(Surroundings surroundings, EventSink sink) throws IOException {
        List<Watch> watches = new ArrayList<>();
        List<String> listen = surroundings.settings().texts("listen");
        if (!listen.isEmpty()) {
            watches.add(new UdpListener(name(), listen, new FlowFeed(Elements.load()), surroundings.clock(), sink));
        }
        if (ConnectionSource.canLook(surroundings.host())) {
            watches.add(new PollingWatch(
                    name(),
                    new ConnectionSource(surroundings.host(), surroundings.clock(), sink),
                    () -> {},
                    surroundings.once()));
        }
        return new Watches(watches);
    }
}
