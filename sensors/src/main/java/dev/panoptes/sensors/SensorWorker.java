package dev.panoptes.sensors;

import dev.panoptes.core.host.ThreadTime;
import dev.panoptes.sensors.forward.Forwarder;
import dev.panoptes.sensors.heartbeat.Heartbeat;
import dev.panoptes.sensors.heartbeat.HeartbeatFiles;
import dev.panoptes.sensors.spool.Spool;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One sensor at work: its spool, the thread of its cycles and the thread that makes its events durable. */
final class SensorWorker implements AutoCloseable {
    /** An event is durable after so long at most. */
    private static final long COMMIT_MILLIS = 200;
    /** How long a cycle may take to end at the end of all. */
    private static final Duration LAST_CYCLE = Duration.ofSeconds(3);
    /** How long it may take where it goes on afterwards. */
    private static final Duration CYCLE_END = Duration.ofSeconds(15);
    /** What has not failed by then works. */
    private static final Duration OPENING = Duration.ofSeconds(10);

    private final Sensor sensor;
    private final RunOptions options;
    private final Log log;
    private final Spool spool;
    private final Path directory;
    private final Counters counters = new Counters();
    private final Budget budget;
    private final SpoolSink sink;
    private volatile Budgets budgets;
    private final Thread commits;
    private final @Nullable Forwarder forwarder;
    private final @Nullable Thread sending;
    /** What runs; null while it is switched off. */
    private volatile @Nullable SensorLife life;

    private volatile Orders orders;
    private boolean toldHeartbeat;

    SensorWorker(
            Sensor sensor,
            RunOptions options,
            Orders orders,
            Log log,
            Spool spool,
            Path directory,
            MemoryBudget memory) {
        this.sensor = sensor;
        this.orders = orders;
        this.options = options;
        this.log = log;
        this.spool = spool;
        this.directory = directory;
        this.budgets = options.once() ? Budgets.NONE : options.budgets();
        this.budget = new Budget(share(orders), memory, ThreadTime::nanos, System::nanoTime);
        this.sink = new SpoolSink(
                sensor.name(),
                spool,
                options.origin(),
                options.clock(),
                counters,
                log,
                budget,
                options.out(),
                options.printedIsDone());
        this.life = orders.enabled() ? life(orders.settings()) : null;
        this.forwarder = options.publisher() == null
                ? null
                : new Forwarder(sensor.name(), spool, options.publisher(), log, options.random());
        this.sending = forwarder == null
                ? null
                : Thread.ofVirtual().name(sensor.name() + " forward").unstarted(forwarder);
        this.commits =
                Thread.ofPlatform().name(sensor.name() + " spool").daemon().unstarted(this::commit);
    }

    private int share(Orders orders) {
        return options.once() ? 0 : (int) orders.settings().number("cpu_percent", budgets.cpuPercent());
    }

    /** What this sensor may take from now on, where its own settings do not say otherwise. */
    void budget(Budgets wanted) {
        budgets = options.once() ? Budgets.NONE : wanted;
        budget.percent(share(orders));
    }

    private SensorLife life(Settings settings) {
        return new SensorLife(sensor, options, settings, log, spool, directory, counters, sink, budget, this::beat);
    }

    Sensor sensor() {
        return sensor;
    }

    Spool spool() {
        return spool;
    }

    Counters counters() {
        return counters;
    }

    SensorState state() {
        SensorLife now = life;
        Counters.Seen seen = counters.seen();
        if (now == null) {
            return new SensorState(sensor.name(), SensorState.Word.STOPPED, Orders.OFF, null, seen);
        }
        String failure = now.failure();
        String degraded = now.degraded();
        SensorState.Word word = failure != null
                ? SensorState.Word.ERROR
                : degraded != null ? SensorState.Word.DEGRADED : SensorState.Word.RUNNING;
        return new SensorState(sensor.name(), word, failure != null ? failure : degraded, now.interval(), seen);
    }

    void start() {
        commits.start();
        SensorLife first = life;
        if (first == null) {
            off();
        } else {
            first.start();
        }
        if (sending != null) {
            sending.start();
        }
    }

    private void commit() {
        try {
            while (true) {
                sink.awaitWork(COMMIT_MILLIS);
                sink.commit();
                if (forwarder != null) {
                    forwarder.wake();
                }
            }
        } catch (InterruptedException e) {
            // The end: whoever stops this commits what is left.
            Thread.currentThread().interrupt();
        }
    }

    private void off() {
        log.info(sensor.name(), Orders.OFF);
        beat(null, Heartbeat.Status.STOPPED);
    }

    /**
     * Ends what runs, and goes on as it is told. What was taken stays, and so does the spool.
     *
     * @return why it could not; null where it could. One that could not be opened before either does not blame its orders
     */
    @Nullable
    String apply(Orders orders) throws InterruptedException {
        SensorLife before = life;
        boolean worked = before == null || before.opened();
        this.orders = orders;
        if (before != null) {
            before.stop();
            if (!before.ended(CYCLE_END)) {
                return "its running cycle does not end";
            }
        }
        if (!orders.enabled()) {
            life = null;
            off();
            return null;
        }
        budget.percent(share(orders));
        SensorLife next = life(orders.settings());
        life = next;
        next.start();
        next.awaitOpened(OPENING);
        String failure = next.failure();
        return worked && !next.opened() && failure != null ? failure : null;
    }

    /** @param of what runs; null: nothing does */
    private synchronized void beat(@Nullable SensorLife of, Heartbeat.Status status) {
        Path heartbeats = options.heartbeats();
        if (heartbeats == null) {
            return;
        }
        Counters.Seen seen = counters.seen();
        String host = options.origin().hostName();
        Heartbeat beat = new Heartbeat(
                SensorNames.agent(sensor.name()),
                ProcessHandle.current().pid(),
                options.clock().instant(),
                host == null ? "" : host,
                seen.cycles(),
                seen.lastCycle(),
                of == null ? null : of.interval(),
                status,
                seen.events(),
                seen.errors(),
                seen.lastError(),
                of == null ? Orders.OFF : status == Heartbeat.Status.STOPPED ? null : of.degraded(),
                options.origin().version());
        try {
            new HeartbeatFiles(heartbeats).write(beat);
            toldHeartbeat = false;
        } catch (IOException e) {
            if (!toldHeartbeat) {
                toldHeartbeat = true;
                log.warning(sensor.name(), "no heartbeat can be written: " + e.getMessage());
            }
        }
    }

    /** Waits for the end of a single cycle. */
    void await() throws InterruptedException {
        SensorLife now = life;
        if (now != null) {
            now.await();
        }
    }

    /** Asks the running cycle to end. */
    void stop() {
        SensorLife now = life;
        if (now != null) {
            now.stop();
        }
    }

    /** Ends what {@link #stop} asked to end, makes durable what was taken, and says so. */
    @Override
    public void close() throws IOException {
        stop();
        SensorLife last = life;
        try {
            if (last != null && !last.ended(LAST_CYCLE)) {
                log.warning(sensor.name(), "its running cycle does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        commits.interrupt();
        if (sending != null) {
            sending.interrupt();
        }
        sink.commit();
        if (!options.once()) {
            beat(last, Heartbeat.Status.STOPPED);
        }
        spool.close();
    }
}
