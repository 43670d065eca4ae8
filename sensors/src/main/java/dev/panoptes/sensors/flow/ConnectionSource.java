package dev.panoptes.sensors.flow;

import dev.panoptes.core.event.Event;
import dev.panoptes.core.host.Host;
import dev.panoptes.core.host.HostProcess;
import dev.panoptes.sensors.EventSink;
import dev.panoptes.sensors.live.PollingWatch;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the kernel's tables of TCP connections, once a second, or more seldom where a look takes more than its hundredth. Who
 * holds what opened since is looked up in the same look.
 */
final class ConnectionSource implements PollingWatch.Look {
    private static final int MOST_BYTES = 1 << 24;
    private static final long EVERY_NANOS = 1_000_000_000L;
    private static final int SHARE = 100;

    private final Host host;
    private final InstantSource clock;
    private final EventSink sink;
    private final Connections connections = new Connections();
    private long next = Long.MIN_VALUE;

    ConnectionSource(Host host, InstantSource clock, EventSink sink) {
        this.host = host;
        this.clock = clock;
        this.sink = sink;
    }

    /** True where there are tables to look at: always on this machine, elsewhere where the tree holds those of its first process. */
    static boolean canLook(Host host) {
        return host.isLive() || host.files().isFile("/proc/1/net/tcp");
    }

    @Override
    public void step() throws IOException, InterruptedException {
        long begin = System.nanoTime();
        if (host.isLive() && next != Long.MIN_VALUE && begin - next < 0) {
            return;
        }
        String tables = host.isLive() ? "/proc/net" : "/proc/1/net";
        List<String> texts = new ArrayList<>(2);
        texts.add(host.files().readText(tables + "/tcp", MOST_BYTES));
        if (host.files().isFile(tables + "/tcp6")) {
            texts.add(host.files().readText(tables + "/tcp6", MOST_BYTES));
        }
        List<Connections.Change> changes = connections.look(texts, clock.instant());
        Map<Long, HostProcess> holders = holders(changes);
        for (Connections.Change change : changes) {
            sink.event(told(change, holders.get(change.inode())));
        }
        next = begin + Math.max(EVERY_NANOS, (System.nanoTime() - begin) * SHARE);
    }

    private Map<Long, HostProcess> holders(List<Connections.Change> changes) throws IOException, InterruptedException {
        Set<Long> wanted = new HashSet<>();
        changes.stream().filter(change -> change.inode() > 0).forEach(change -> wanted.add(change.inode()));
        return wanted.isEmpty() ? new HashMap<>() : host.socketHolders(wanted);
    }

    private static Event.Builder told(Connections.Change change, @Nullable HostProcess holder) {
        Event.Builder event = change.event();
        if (holder != null) {
            event.put("process.pid", (long) holder.pid());
            String exe = holder.exe();
            if (exe != null) {
                event.put("process.executable", exe).put("process.name", exe.substring(exe.lastIndexOf('/') + 1));
            }
        }
        return event;
    }
}
