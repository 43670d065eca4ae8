package dev.panoptes.sensors.dns;

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
import dev.panoptes.sensors.replay.PacketReader;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** What is asked and answered by DNS. */
public final class DnsSensor implements Sensor {
    private static final List<String> LOGS = List.of(
            "/var/log/dnsmasq.log",
            "/var/log/unbound.log",
            "/var/log/unbound/unbound.log",
            "/var/log/named/query.log",
            "/var/log/bind/query.log");

    @Override
    public String name() {
        return "dns";
    }

    @Override
    public Duration interval() {
        return Duration.ofSeconds(30);
    }

    @Override
    public String reads() {
        return "packets of port 53; the logs of dnsmasq, unbound and BIND";
    }

    @Override
    public String needs() {
        return "CAP_NET_RAW for packets; to read the logs of resolvers";
    }

    @Override
    public List<String> techniques() {
        return List.of("T1071.004", "T1568.002", "T1572", "T1048");
    }

    @Override
    public SensorStatus status(Surroundings surroundings) {
        HostFiles files = surroundings.host().files();
        boolean live = surroundings.host().isLive();
        if (live && surroundings.privileges().has(Privileges.Capability.NET_RAW)) {
            return surroundings.privileges().ownNetwork()
                    ? new SensorStatus.Degraded(
                            "only packets of its own network namespace", "run it in the host's network namespace")
                    : new SensorStatus.Permitted();
        }
        return FollowedLogs.readable(files, LOGS).isEmpty()
                ? new SensorStatus.Unsupported("packets need CAP_NET_RAW, and there is no resolver's log to be read")
                : new SensorStatus.Degraded("only queries that go through a resolver that logs them", "CAP_NET_RAW");
    }

    @Override
    public ReplayResult replay(Replay replay, EventSink sink) throws IOException, InterruptedException {
        return Captures.replay(name(), new DnsFeed("pcap", replay.zone()), replay, sink);
    }

    @Override
    public Watch open(Surroundings surroundings, EventSink sink) throws IOException, InterruptedException {
        if (surroundings.host().isLive() && surroundings.privileges().has(Privileges.Capability.NET_RAW)) {
            DnsFeed feed = new DnsFeed("af_packet", surroundings.zone());
            return KernelWatch.open(
                    "af_packet",
                    () -> KernelSocket.packets(DnsFilter.program()),
                    (data, time, out) -> new PacketReader(feed, out).packet(time, data),
                    feed,
                    sink,
                    surroundings.clock());
        }
        return new PollingWatch(
                name(),
                FollowedLogs.look(LOGS, new DnsFeed("af_packet", surroundings.zone()), sink, surroundings),
                () -> {},
                surroundings.once());
    }
}
