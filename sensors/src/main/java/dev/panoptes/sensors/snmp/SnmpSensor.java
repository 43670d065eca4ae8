package dev.panoptes.sensors.snmp;

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

/** What network devices say by SNMP. */
public final class SnmpSensor implements Sensor {
    @Override
    public String name() {
        return "snmp";
    }

    @Override
    public Duration interval() {
        return Duration.ofSeconds(60);
    }

    @Override
    public String reads() {
        return "traps and informs of versions 1, 2c and 3 at snmp.listen";
    }

    @Override
    public String needs() {
        return "CAP_NET_BIND_SERVICE for port 162; communities and users in the configuration";
    }

    @Override
    public List<String> techniques() {
        return List.of("T1046", "T1602");
    }

    @Override
    public SensorStatus status(Surroundings surroundings) {
        return surroundings.settings().texts("listen").isEmpty()
                ? new SensorStatus.Degraded(
                        "snmp.listen names no address to receive traps at",
                        "set snmp.listen, for example 127.0.0.1:162")
                : new SensorStatus.Permitted();
    }

    @Override
    public ReplayResult replay(Replay replay, EventSink sink) throws IOException, InterruptedException {
        return Captures.replay(name(), new SnmpFeed(SnmpConfiguration.read(replay.settings())), replay, sink);
    }

    @Override
    public Watch open(Surroundings surroundings, EventSink sink) throws IOException {
        SnmpConfiguration configuration = SnmpConfiguration.read(surroundings.settings());
        SnmpFeed feed = new SnmpFeed(configuration);
        return new UdpListener(name(), configuration.listen(), feed, surroundings.clock(), sink, datagram -> {
            SnmpMessage message = feed.read(datagram);
            return message == null ? null : SnmpFeed.answer(message);
        });
    }
}
