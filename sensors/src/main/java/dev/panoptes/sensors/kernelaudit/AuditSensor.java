package dev.panoptes.sensors.kernelaudit;

import dev.panoptes.core.host.HostFiles;
import dev.panoptes.core.host.KernelSocket;
import dev.panoptes.core.host.Privileges;
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
import dev.panoptes.sensors.replay.Captures;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** What the kernel's audit system records. */
public final class AuditSensor implements Sensor {
    private static final List<String> LOGS = List.of("/var/log/audit/audit.log");
    private static final String NETLINK = "audit_netlink";
    private static final String BOOT = "audit_boot";
    private static final String BOOT_ID = "/proc/sys/kernel/random/boot_id";
    private static final int MOST_ID = 64;

    @Override
    public String name() {
        return "kernel_audit";
    }

    @Override
    public Duration interval() {
        return Duration.ofSeconds(60);
    }

    @Override
    public String reads() {
        return "audit netlink multicast; /var/log/audit/audit.log";
    }

    @Override
    public String needs() {
        return "CAP_AUDIT_READ, or to read the audit log (root, or its group)";
    }

    @Override
    public List<String> techniques() {
        return List.of("T1068", "T1611", "T1055.008");
    }

    @Override
    public SensorStatus status(Surroundings surroundings) {
        HostFiles files = surroundings.host().files();
        if (mayListen(surroundings)) {
            return new SensorStatus.Permitted();
        }
        if (!FollowedLogs.readable(files, LOGS).isEmpty()) {
            return new SensorStatus.Permitted();
        }
        return FollowedLogs.refused(files, LOGS).isEmpty()
                ? new SensorStatus.Unsupported(
                        surroundings.privileges().ownNetwork()
                                        || surroundings.privileges().ownNamespace()
                                ? "the kernel tells audit records in the host's own namespaces only, and there is no"
                                        + " audit log here"
                                : "the kernel's records need CAP_AUDIT_READ, and there is no audit log here")
                : new SensorStatus.Degraded("the audit log may not be read", "run as root or in the log's group");
    }

    @Override
    public ReplayResult replay(Replay replay, EventSink sink) throws IOException, InterruptedException {
        return Captures.replay(name(), new AuditFeed(AuditTables.load()), replay, sink);
    }

    private static boolean mayListen(Surroundings surroundings) {
        return surroundings.host().isLive()
                && !surroundings.privileges().ownNamespace()
                && !surroundings.privileges().ownNetwork()
                && surroundings.privileges().has(Privileges.Capability.AUDIT_READ);
    }

    @Override
    public Watch open(Surroundings surroundings, EventSink sink) throws IOException, InterruptedException {
        AuditFeed feed = new AuditFeed(AuditTables.load());
        if (mayListen(surroundings)) {
            try {
                feed.resume(counted(surroundings, sink));
                return KernelWatch.open(
                        NETLINK,
                        KernelSocket::audit,
                        (data, time, out) -> AuditNetlink.messages(data, feed, out),
                        feed,
                        sink,
                        surroundings.clock());
            } catch (IOException e) {
                // A container has no audit of its own; the log may be there all the same.
                return logs(surroundings, new AuditFeed(AuditTables.load()), sink);
            }
        }
        return logs(surroundings, feed, sink);
    }

    /** How far the kernel had counted when somebody looked last; empty where it has been started anew since. */
    private static String counted(Surroundings surroundings, EventSink sink) throws InterruptedException {
        String boot;
        try {
            boot = surroundings.host().files().readText(BOOT_ID, MOST_ID).strip();
        } catch (IOException e) {
            boot = ""; // then nobody knows
        }
        String kept = surroundings.positions().position(BOOT).orElse("");
        if (!boot.isEmpty() && boot.equals(kept)) {
            return surroundings.positions().position(NETLINK).orElse("");
        }
        String now = boot;
        sink.together(() -> {
            sink.position(BOOT, now);
            sink.position(NETLINK, "");
        });
        return "";
    }

    private Watch logs(Surroundings surroundings, AuditFeed feed, EventSink sink) throws IOException {
        return new PollingWatch(
                name(), FollowedLogs.look(LOGS, feed, sink, surroundings), () -> {}, surroundings.once());
    }
}
