package dev.panoptes.sensors.flow;

import dev.panoptes.core.event.Event;
import dev.panoptes.core.host.HostFiles;
import dev.panoptes.sensors.EventSink;
import dev.panoptes.sensors.live.PollingWatch;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Looks at the kernel's tables of TCP connections, once a second, or more seldom where a look takes more than its hundredth. */
final class ConnectionSource implements PollingWatch.Look {
    private static final int MOST_BYTES = 1 << 24;
    private static final long EVERY_NANOS = 1_000_000_000L;
    private static final int SHARE = 100;

    private final HostFiles files;
    private final InstantSource clock;
    private final EventSink sink;
    private final Connections connections = new Connections();
    private long next = Long.MIN_VALUE;

    ConnectionSource(HostFiles files, InstantSource clock, EventSink sink) {
        this.files = files;
        this.clock = clock;
        this.sink = sink;
    }

    @Override
    public void step() throws IOException, InterruptedException {
        long begin = System.nanoTime();
        if (next != Long.MIN_VALUE && begin - next < 0) {
            return;
        }
        List<String> tables = new ArrayList<>(2);
        tables.add(files.readText("/proc/net/tcp", MOST_BYTES));
        if (files.isFile("/proc/net/tcp6")) {
            tables.add(files.readText("/proc/net/tcp6", MOST_BYTES));
        }
        Instant now = clock.instant();
        for (Event.Builder event : connections.look(tables, now)) {
            sink.event(event);
        }
        next = begin + Math.max(EVERY_NANOS, (System.nanoTime() - begin) * SHARE);
    }
}
