package dev.panoptes.sensors.peripheral;

import dev.panoptes.core.host.HostFiles;
import dev.panoptes.core.host.KernelSocket;
import dev.panoptes.sensors.EventSink;
import dev.panoptes.sensors.Replay;
import dev.panoptes.sensors.ReplayResult;
import dev.panoptes.sensors.Sensor;
import dev.panoptes.sensors.SensorStatus;
import dev.panoptes.sensors.Surroundings;
import dev.panoptes.sensors.Watch;
import dev.panoptes.sensors.live.FollowedLogs;
import dev.panoptes.sensors.live.KernelWatch;
import dev.panoptes.sensors.live.PollingWatch;
import dev.panoptes.sensors.live.Watches;
import dev.panoptes.sensors.replay.Captures;
import dev.panoptes.sensors.replay.Uevent;
import dev.panoptes.sensors.replay.UeventParser;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Devices that are plugged in and out. */
public final class PeripheralSensor implements Sensor {
    private static final int MOST_NAME = 1024;
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
        if (FollowedLogs.readable(files, LOGS).isEmpty()) {
            return surroundings.host().isLive()
                    ? new SensorStatus.Degraded(
                            "names and serial numbers of devices stand in the kernel's log, which cannot be read",
                            "a syslog daemon that writes kern.log, and root or group adm")
                    : new SensorStatus.Unsupported("there is no kernel log to be read");
        }
        return new SensorStatus.Permitted();
    }

    @Override
    public ReplayResult replay(Replay replay, EventSink sink) throws IOException, InterruptedException {
        return Captures.replay(name(), new PeripheralFeed(), replay, sink);
    }

    @Override
    public Watch open(Surroundings surroundings, EventSink sink) throws IOException, InterruptedException {
        List<Watch> watches = new ArrayList<>();
        if (surroundings.host().isLive()) {
            PeripheralFeed feed = new PeripheralFeed();
            watches.add(KernelWatch.open(
                    "uevent",
                    KernelSocket::uevents,
                    (data, time, out) -> {
                        Uevent uevent = UeventParser.parse(data, data.length, time, "uevent");
                        if (uevent != null) {
                            feed.uevent(named(uevent, surroundings.host().files()), out);
                        }
                    },
                    feed,
                    sink,
                    surroundings.clock()));
        }
        // A device that was seen as a uevent is not told again from the log.
        if (watches.isEmpty()) {
            watches.add(new PollingWatch(
                    name(),
                    FollowedLogs.look(LOGS, new PeripheralFeed(), sink, surroundings),
                    () -> {},
                    surroundings.once()));
        }
        return new Watches(watches);
    }

    /** With what sysfs tells of the device, under its own lower case names, which no uevent has. */
    private static Uevent named(Uevent uevent, HostFiles files) {
        if (!uevent.action().equals("add")
                || !"usb_device".equals(uevent.properties().get("DEVTYPE"))) {
            return uevent;
        }
        Map<String, String> properties = new LinkedHashMap<>(uevent.properties());
        for (String name : List.of("product", "manufacturer", "serial", "removable")) {
            try {
                properties.put(
                        name,
                        files.readText("/sys" + uevent.devicePath() + "/" + name, MOST_NAME)
                                .strip());
            } catch (IOException e) {
                properties.remove(name); // the device does not tell, or is gone already
            }
        }
        return new Uevent(uevent.time(), uevent.action(), uevent.devicePath(), properties, uevent.provider());
    }
}
