package dev.panoptes.sensors.peripheral;

import dev.panoptes.core.host.HostFiles;
import dev.panoptes.sensors.EventSink;
import dev.panoptes.sensors.Replay;
import dev.panoptes.sensors.ReplayResult;
import dev.panoptes.sensors.Sensor;
import dev.panoptes.sensors.SensorStatus;
import dev.panoptes.sensors.Surroundings;
import dev.panoptes.sensors.Watch;
import dev.panoptes.sensors.live.FollowedLogs;
import dev.panoptes.sensors.live.PollingWatch;
import dev.panoptes.sensors.replay.Captures;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Devices that are plugged in and out. */
public final class PeripheralSensor implements Sensor {
    private static final List<String> LOGS = List.of("/var/log/kern.log");

    @Override
    public String name() {
        return "peripheral";
    }

    @Override
    public Duration interval() {
        return Duration.ofSeconds(30);
    }

    @Override
    public String reads() {
        return "uevents of the kernel; /var/log/kern.log";
    }

    @Override
    public String needs() {
        return "nothing for uevents; to read the kernel's log (root, or group adm)";
    }

    @Override
    public List<String> techniques() {
        return List.of("T1200", "T1091", "T1052");
    }

    @Override
    public SensorStatus status(Surroundings surroundings) {
        HostFiles files = surroundings.host().files();
        return FollowedLogs.readable(files, LOGS).isEmpty()
                ? new SensorStatus.Unsupported("there is no kernel log to be read")
                : new SensorStatus.Permitted();
    }

    @Override
    public ReplayResult replay(Replay replay, EventSink sink) throws IOException, InterruptedException {
        return Captures.replay(name(), new PeripheralFeed(), replay, sink);
    }

    @Override
    public Watch open(Surroundings surroundings, EventSink sink) throws IOException {
        return new PollingWatch(
                name(),
                FollowedLogs.look(LOGS, new PeripheralFeed(), sink, surroundings),
                () -> {},
                surroundings.once());
    }
}
