package dev.panoptes.sensors.proc;

import dev.panoptes.sensors.Cycle;
import dev.panoptes.sensors.EventSink;
import dev.panoptes.sensors.Loss;
import dev.panoptes.sensors.Surroundings;
import dev.panoptes.sensors.Watch;
import dev.panoptes.sensors.live.UserNames;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Looks at all processes in every cycle and tells the differences; where the kernel's connector can be had, tells of each start
 * and end at once, and the looks are the safety net.
 */
final class ProcWatch implements Watch {
    private static final String POSITION = "processes";
    private static final int POLL_MILLIS = 250;
    private static final int MOST_MESSAGES = 4_096;
    private static final Duration CLOSE = Duration.ofSeconds(1);

    private final Surroundings surroundings;
    private final EventSink sink;
    private final ProcessSource source;
    private final double cpuFrom;
    private final long memoryFrom;
    private final @Nullable Thread connector;
    private Map<Integer, ProcessImage> known = new HashMap<>();
    /** Forked and not told of: they are when they execute something, end, or are still there at the next look. */
    private final Map<Integer, ProcessMessage.Forked> forked = new HashMap<>();

    private boolean looked;
    private long lookedAt;
    private @Nullable HostLoad load;
    /** As it was seen, while the connector's messages change what is known. */
    private Map<Integer, ProcessImage> lastLook = Map.of();

    private volatile boolean closed;

    ProcWatch(Surroundings surroundings, EventSink sink) {
        this.surroundings = surroundings;
        this.sink = sink;
        this.source = new ProcessSource(surroundings.host().files());
        this.cpuFrom = surroundings.settings().number("usage_cpu_percent", 80);
        this.memoryFrom = surroundings.settings().number("usage_memory_mb", 2_048) << 20;
        boolean listen = surroundings.host().isLive()
                && !surroundings.once()
                && ProcSensor.connectorAllowed(surroundings)
                && surroundings.settings().flag("connector", true);
        this.connector =
                listen ? Thread.ofPlatform().name("proc connector").daemon().start(this::listen) : null;
    }

    private void listen() {
        try (ConnectorSource kernel = new ConnectorSource()) {
            ConcurrentLinkedQueue<ProcessMessage> messages = new ConcurrentLinkedQueue<>();
            long dropped = 0;
            while (!closed) {
                boolean whole = kernel.receive(POLL_MILLIS, messages::add);
                // All that is there already, so that one reading of names and users serves many.
                for (int more = 0; whole && more < MOST_MESSAGES && !messages.isEmpty(); more++) {
                    int before = messages.size();
                    whole = kernel.receive(0, messages::add);
                    if (messages.size() == before) {
                        break;
                    }
                }
                if (!whole) {
                    sink.lost(Loss.KERNEL_OVERFLOW, "proc_connector", 0);
                }
                if (sink.rest().isPositive()) {
                    dropped += messages.size();
                    messages.clear();
                } else if (dropped > 0) {
                    sink.lost(Loss.RATE, "proc_connector", dropped);
                    dropped = 0;
                }
                if (!messages.isEmpty()) {
                    tell(messages);
                }
            }
            if (dropped > 0) {
                sink.lost(Loss.RATE, "proc_connector", dropped);
            }
        } catch (IOException e) {
            // The looks go on; `sensor list` and the heartbeat say that the connector is missing.
            failed = e.getMessage();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private volatile @Nullable String failed;

    private synchronized void tell(ConcurrentLinkedQueue<ProcessMessage> messages) throws InterruptedException {
        if (!looked) {
            // The first look tells of everything there is.
            messages.clear();
            return;
        }
        ProcessEvents events = events(known);
        long now = System.nanoTime();
        Instant wall = surroundings.clock().instant();
        for (ProcessMessage message = messages.poll(); message != null; message = messages.poll()) {
            tell(message, wall.minusNanos(Math.max(0, now - message.nanos())), events);
        }
    }

    private void tell(ProcessMessage message, Instant time, ProcessEvents events) throws InterruptedException {
        switch (message) {
            case ProcessMessage.Forked fork -> {
                // The pid is new: whatever is known under it has ended unheard.
                known.remove(fork.pid());
                forked.put(fork.pid(), fork);
            }
            case ProcessMessage.Executed exec -> executed(exec, time, events);
            case ProcessMessage.UserChanged change -> {
                ProcessImage before = known.get(change.pid());
                ProcessImage image = source.read(change.pid());
                if (before != null && image != null && before.sameProcess(image)) {
                    compare(before, image, time, ConnectorProvider.NAME, events);
                }
            }
            case ProcessMessage.Exited exit -> exited(exit, time, events);
        }
    }

    private void executed(ProcessMessage.Executed exec, Instant time, ProcessEvents events)
            throws InterruptedException {
        ProcessMessage.Forked fork = forked.remove(exec.pid());
        ProcessImage before = known.get(exec.pid());
        ProcessImage image = source.read(exec.pid());
        if (image == null) {
            image = gone(exec.pid(), fork, before);
        }
        if (before != null && before.sameProcess(image)) {
            compare(before, image, time, ConnectorProvider.NAME, events);
            return;
        }
        known.put(exec.pid(), image);
        sink.event(events.started(image, ConnectorProvider.NAME, time, time));
    }

    private void exited(ProcessMessage.Exited exit, Instant time, ProcessEvents events) throws InterruptedException {
        ProcessMessage.Forked fork = forked.remove(exit.pid());
        ProcessImage image = known.remove(exit.pid());
        if (image == null) {
            ProcessImage read = source.read(exit.pid());
            image = read == null ? gone(exit.pid(), fork, null) : read;
            sink.event(events.started(image, ConnectorProvider.NAME, null, time));
        }
        // wait(2): the exit code is in the second byte, else the signal that ended it in the first.
        int status = exit.status();
        long code = (status & 0x7f) == 0 ? status >> 8 & 0xff : 128 + (status & 0x7f);
        sink.event(events.ended(image, ConnectorProvider.NAME, time, code));
    }

    /** A process that ended before it could be looked at: what its messages told. */
    private static ProcessImage gone(int pid, ProcessMessage.@Nullable Forked fork, @Nullable ProcessImage before) {
        if (before != null) {
            return before;
        }
        return new ProcessImage(
                pid,
                fork == null ? 0 : fork.parentPid(),
                "",
                'X',
                // The kernel counts from boot in hundredths of a second, as its start would be told.
                fork == null ? 0 : fork.nanos() / 10_000_000,
                0,
                0,
                null,
                false,
                List.of(),
                null,
                null,
                null,
                0,
                Map.of(),
                null,
                null);
    }

    private ProcessEvents events(Map<Integer, ProcessImage> among) {
        return new ProcessEvents(
                BootTime.of(surroundings.host().files()),
                new UserNames(surroundings.host().files()),
                among);
    }

    @Override
    public void collect(Cycle cycle) throws IOException, InterruptedException {
        look(cycle);
    }

    @Override
    public @Nullable String degraded() {
        String reason = failed;
        return reason == null ? null : reason + ": processes that live shorter than a cycle are not seen";
    }

    private synchronized void look(Cycle cycle) throws IOException, InterruptedException {
        long now = System.nanoTime();
        Map<Integer, ProcessImage> seen = source.all();
        ProcessEvents events = events(seen);
        if (!looked) {
            first(seen, events, cycle.time());
        } else {
            differences(seen, events, cycle.time(), now);
        }
        system(seen, events, cycle.time(), now);
        looked = true;
        lookedAt = now;
        lastLook = seen;
        forked.keySet().removeIf(pid -> !seen.containsKey(pid));
        known = new HashMap<>(seen);
        sink.position(POSITION, remembered(seen));
    }

    /** From the second look on: what is used is the difference of two. */
    private void system(Map<Integer, ProcessImage> seen, ProcessEvents events, Instant time, long now)
            throws InterruptedException {
        HostLoad before = load;
        HostLoad after = HostLoad.of(surroundings.host().files());
        load = after;
        if (!looked || before == null || after == null) {
            return;
        }
        Map<Integer, Double> percents = new HashMap<>();
        for (ProcessImage image : seen.values()) {
            ProcessImage earlier = lastLook.get(image.pid());
            if (earlier != null && earlier.sameProcess(image)) {
                percents.put(image.pid(), BootTime.percent(image.cpuTicks() - earlier.cpuTicks(), now - lookedAt));
            }
        }
        sink.event(events.system(after, after.percentSince(before), percents, time));
    }

    /** Compares with what an earlier run on this data directory saw in the same boot. */
    private void first(Map<Integer, ProcessImage> seen, ProcessEvents events, Instant time)
            throws InterruptedException {
        BootTime boot = BootTime.of(surroundings.host().files());
        Optional<String> position = surroundings.positions().position(POSITION);
        Map<String, String> earlier =
                position.map(text -> parse(text, boot.id())).orElse(Map.of());
        boolean any = !earlier.isEmpty();
        Set<String> still = new HashSet<>();
        for (ProcessImage image : seen.values()) {
            String key = key(image);
            if (earlier.containsKey(key)) {
                still.add(key);
            } else {
                sink.event(events.started(
                        image, any ? ProcessEvents.PROVIDER_DIFFERENCE : ProcessEvents.PROVIDER_SNAPSHOT, null, time));
            }
        }
        for (Map.Entry<String, String> one : earlier.entrySet()) {
            if (!still.contains(one.getKey())) {
                int colon = one.getKey().indexOf(':');
                ProcessImage image = new ProcessImage(
                        Integer.parseInt(one.getKey().substring(0, colon)),
                        0,
                        one.getValue(),
                        'X',
                        Long.parseLong(one.getKey().substring(colon + 1)),
                        0,
                        0,
                        null,
                        false,
                        List.of(),
                        null,
                        null,
                        null,
                        0,
                        Map.of(),
                        null,
                        null);
                sink.event(events.ended(image, ProcessEvents.PROVIDER_DIFFERENCE, time, null));
            }
        }
    }

    private void differences(Map<Integer, ProcessImage> seen, ProcessEvents events, Instant time, long now)
            throws InterruptedException {
        for (ProcessImage before : known.values()) {
            ProcessImage image = seen.get(before.pid());
            if (image == null || !image.sameProcess(before)) {
                sink.event(events.ended(before, ProcessEvents.PROVIDER_DIFFERENCE, time, null));
            }
        }
        for (ProcessImage image : seen.values()) {
            ProcessImage before = known.get(image.pid());
            if (before == null || !before.sameProcess(image)) {
                sink.event(events.started(image, ProcessEvents.PROVIDER_DIFFERENCE, null, time));
                continue;
            }
            compare(before, image, time, ProcessEvents.PROVIDER_DIFFERENCE, events);
            double percent = BootTime.percent(image.cpuTicks() - before.cpuTicks(), now - lookedAt);
            if (percent >= cpuFrom || image.residentPages() * 4_096L >= memoryFrom) {
                sink.event(events.usage(image, percent, time));
            }
        }
    }

    private void compare(ProcessImage before, ProcessImage image, Instant time, String provider, ProcessEvents events)
            throws InterruptedException {
        List<String> what = new ArrayList<>();
        if (image.executable() != null
                && before.executable() != null
                && !image.executable().equals(before.executable())) {
            what.add("exec");
        } else if (image.state() != 'Z' && !image.arguments().equals(before.arguments())) {
            what.add("title");
        }
        if (image.uid() != null && before.uid() != null && !image.uid().equals(before.uid())) {
            what.add("uid");
        }
        if (!what.isEmpty()) {
            sink.event(events.changed(image, before, what, provider, time));
        }
        known.put(image.pid(), image);
    }

    private String remembered(Map<Integer, ProcessImage> seen) {
        StringBuilder text =
                new StringBuilder(BootTime.of(surroundings.host().files()).id());
        for (ProcessImage image : seen.values()) {
            text.append('\n').append(key(image)).append(' ').append(image.name().replace('\n', '?'));
        }
        return text.toString();
    }

    private static String key(ProcessImage image) {
        return image.pid() + ":" + image.startTicks();
    }

    /** Name by key; empty where it was another boot. */
    private static Map<String, String> parse(String text, String boot) {
        String[] lines = text.split("\n");
        Map<String, String> earlier = new HashMap<>();
        if (lines[0].equals(boot)) {
            for (int i = 1; i < lines.length; i++) {
                int space = lines[i].indexOf(' ');
                String key = space < 0 ? lines[i] : lines[i].substring(0, space);
                if (key.matches("\\d{1,9}:\\d{1,18}")) {
                    earlier.put(key, space < 0 ? "" : lines[i].substring(space + 1));
                }
            }
        }
        return earlier;
    }

    @Override
    public void close() {
        closed = true;
        if (connector != null) {
            connector.interrupt();
            try {
                connector.join(CLOSE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
