package dev.panoptes.sensors.proc;

import dev.panoptes.core.host.Privileges;
import dev.panoptes.sensors.EventSink;
import dev.panoptes.sensors.Replay;
import dev.panoptes.sensors.ReplayResult;
import dev.panoptes.sensors.Sensor;
import dev.panoptes.sensors.SensorStatus;
import dev.panoptes.sensors.Settings;
import dev.panoptes.sensors.Surroundings;
import dev.panoptes.sensors.Watch;
import dev.panoptes.sensors.replay.Captures;
import dev.panoptes.sensors.replay.Feed;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Processes of the host. */
public final class ProcSensor implements Sensor {
    private static final String OUTSIDE = "run it in the host's own user, pid and network namespaces";

    @Override
    public String name() {
        return "proc";
    }

    @Override
    public Duration interval() {
        return Duration.ofSeconds(30);
    }

    @Override
    public String reads() {
        return "the kernel's process connector (netlink), and /proc in every cycle";
    }

    @Override
    public String needs() {
        return "CAP_NET_ADMIN for the connector, CAP_SYS_PTRACE for what others run";
    }

    @Override
    public List<String> techniques() {
        return List.of("T1055", "T1059", "T1106", "T1569");
    }

    @Override
    public void check(Settings settings) {
        settings.number("usage_cpu_percent", 0);
        settings.number("usage_memory_mb", 0);
        settings.flag("connector", true);
    }

    @Override
    public SensorStatus status(Surroundings surroundings) {
        if (!surroundings.host().isLive()) {
            return new SensorStatus.Permitted();
        }
        Privileges own = surroundings.privileges();
        List<String> missing = new ArrayList<>();
        List<String> mend = new ArrayList<>();
        if (!connectorAllowed(surroundings)) {
            missing.add("processes that live shorter than a cycle are not seen");
            mend.add(own.has(Privileges.Capability.NET_ADMIN) ? OUTSIDE : "give it CAP_NET_ADMIN");
        }
        if (!own.has(Privileges.Capability.SYS_PTRACE)) {
            missing.add("executable and directory of other users' processes are hidden");
            mend.add("give it CAP_SYS_PTRACE");
        }
        if (own.ownProcesses()) {
            missing.add("processes outside its own pid namespace are not seen");
            mend.add(OUTSIDE);
        }
        return missing.isEmpty()
                ? new SensorStatus.Permitted()
                : new SensorStatus.Degraded(
                        String.join("; ", missing), mend.stream().distinct().collect(Collectors.joining("; ")));
    }

    static boolean connectorAllowed(Surroundings surroundings) {
        Privileges own = surroundings.privileges();
        return own.has(Privileges.Capability.NET_ADMIN)
                && !own.ownNamespace()
                && !own.ownProcesses()
                && !own.ownNetwork();
    }

    @Override
    public ReplayResult replay(Replay replay, EventSink sink) throws IOException, InterruptedException {
        // Of captures it reads its own events only.
        return Captures.replay(name(), new Feed() {}, replay, sink);
    }

    @Override
    public Watch open(Surroundings surroundings, EventSink sink) {
        return new ProcWatch(surroundings, sink);
    }
}
