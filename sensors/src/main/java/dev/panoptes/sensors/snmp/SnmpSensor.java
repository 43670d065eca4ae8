package dev.panoptes.sensors.snmp;

import dev.panoptes.sensors.EventSink;
import dev.panoptes.sensors.Replay;
import dev.panoptes.sensors.ReplayResult;
import dev.panoptes.sensors.Sensor;
import dev.panoptes.sensors.SensorStatus;
import dev.panoptes.sensors.Settings;
import dev.panoptes.sensors.Surroundings;
import dev.panoptes.sensors.Watch;
import dev.panoptes.sensors.live.UdpListener;
import dev.panoptes.sensors.live.Watches;
import dev.panoptes.sensors.replay.Captures;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
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
        return "traps of versions 1, 2c and 3 and informs of 2c at snmp.listen; polls devices of versions 1 and 2c";
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
    public void check(Settings settings) {
        SnmpConfiguration.read(settings);
        SnmpDevice.read(settings);
    }

    @Override
    public SensorStatus status(Surroundings surroundings) {
        boolean polls = SnmpDevice.read(surroundings.settings()).stream().anyMatch(device -> device.user() == null);
        boolean version3 = SnmpDevice.read(surroundings.settings()).stream().anyMatch(device -> device.user() != null);
        if (version3) {
            return new SensorStatus.Degraded(
                    "devices of version 3 are not polled", "let them send traps to snmp.listen");
        }
        if (surroundings.settings().texts("listen").isEmpty()) {
            return new SensorStatus.Degraded(
                    polls
                            ? "traps are not received: snmp.listen names no address"
                            : "snmp.listen names no address to receive traps at, and snmp.devices no device to poll",
                    "set snmp.listen, for example 127.0.0.1:162");
        }
        return new SensorStatus.Permitted();
    }

    @Override
    public ReplayResult replay(Replay replay, EventSink sink) throws IOException, InterruptedException {
        return Captures.replay(name(), new SnmpFeed(SnmpConfiguration.read(replay.settings())), replay, sink);
    }

    @Override
    public Watch open(Surroundings surroundings, EventSink sink) throws IOException {
        SnmpConfiguration configuration = SnmpConfiguration.read(surroundings.settings());
        SnmpFeed feed = new SnmpFeed(configuration);
        List<Watch> watches = new ArrayList<>();
        watches.add(new UdpListener(name(), configuration.listen(), feed, surroundings.clock(), sink, datagram -> {
            SnmpMessage message = feed.read(datagram);
            return message == null ? null : SnmpFeed.answer(message);
        }));
        List<SnmpDevice> devices = SnmpDevice.read(surroundings.settings()).stream()
                .filter(device -> device.user() == null)
                .toList();
        if (!devices.isEmpty()) {
            watches.add(new SnmpPoller(devices, sink));
        }
        return new Watches(watches);
    }
}
