package dev.panoptes.sensors;

import dev.panoptes.core.host.Privileges;
import dev.panoptes.sensors.forward.Forwarder;
import dev.panoptes.sensors.heartbeat.Heartbeat;
import dev.panoptes.sensors.heartbeat.HeartbeatFiles;
import dev.panoptes.sensors.spool.Spool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One sensor at work: its spool, the thread of its cycles and the thread that makes its events durable. */
final class SensorWorker implements AutoCloseable {
    /** An event is durable after so long at most. */
    private static final long COMMIT_MILLIS = 200;

    private final Sensor sensor;
    private final RunOptions options;
    private final Settings settings;
    private final Log log;
    private final Spool spool;
    private final Path directory;
    private final Counters counters = new Counters();
    private final SpoolSink sink;
    private final Thread cycles;
    private final Thread commits;
    private final @Nullable Forwarder forwarder;
    private final @Nullable Thread sending;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private volatile Duration interval;
    private volatile @Nullable String degraded;
    private boolean toldHeartbeat;

    SensorWorker(Sensor sensor, RunOptions options, Settings settings, Log log, Spool spool, Path directory) {
        this.sensor = sensor;
        this.options = options;
        this.settings = settings;
        this.log = log;
        this.spool = spool;
        this.directory = directory;
        Duration configured = settings.duration("interval", sensor.interval());
        this.interval = options.interval() == null ? configured : options.interval();
        this.sink = new SpoolSink(
                sensor.name(),
                spool,
                options.origin(),
                options.clock(),
                counters,
                log,
                options.out(),
                options.printedIsDone());
        this.cycles = Thread.ofPlatform().name(sensor.name()).daemon().unstarted(this::run);
        this.forwarder = options.publisher() == null
                ? null
                : new Forwarder(sensor.name(), spool, options.publisher(), log, options.random());
        this.sending = forwarder == null
                ? null
                : Thread.ofVirtual().name(sensor.name() + " forward").unstarted(forwarder);
        this.commits =
                Thread.ofPlatform().name(sensor.name() + " spool").daemon().unstarted(this::commit);
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

    /** Why it sees less than it is made for; null where it sees all. */
    @Nullable
    String degraded() {
        return degraded;
    }

    void start() {
        commits.start();
        cycles.start();
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

    private void run() {
        Watch watch = null;
        boolean stopped = false;
        try {
            for (long number = 1; !stopped; number++) {
                Instant began = options.clock().instant();
                long from = System.nanoTime();
                boolean failed = false;
                try {
                    if (watch == null) {
                        watch = open();
                    }
                    watch.collect(new Cycle(number, began));
                } catch (IOException | RuntimeException e) {
                    failed = true;
                    String message = e.getMessage() == null ? e.toString() : e.getMessage();
                    counters.error(message);
                    log.error(sensor.name(), message);
                }
                counters.cycle(Duration.ofNanos(System.nanoTime() - from));
                beat(failed ? Heartbeat.Status.ERROR : Heartbeat.Status.HEALTHY);
                stopped = options.once() || stopping.await(interval.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            log.debug(sensor.name(), "the running cycle was ended");
        } finally {
            if (watch != null) {
                watch.close();
            }
            sink.commit();
        }
    }

    private Watch open() throws IOException, InterruptedException {
        Path own = directory.resolve("state");
        Files.createDirectories(own);
        Surroundings surroundings = new Surroundings(
                options.host(),
                Privileges.current(),
                options.clock(),
                options.zone(),
                settings,
                spool::position,
                own,
                options.once());
        switch (sensor.status(surroundings)) {
            case SensorStatus.Permitted _ -> degraded = null;
            case SensorStatus.Degraded(String reason, String mend) -> {
                degraded = reason;
                log.warning(sensor.name(), reason + "; " + mend);
            }
            case SensorStatus.Unsupported(String reason) -> {
                degraded = reason;
                log.warning(sensor.name(), "sees nothing here: " + reason);
            }
        }
        return sensor.open(surroundings, sink);
    }

    private void beat(Heartbeat.Status status) {
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
                interval,
                status,
                seen.events(),
                seen.errors(),
                seen.lastError(),
                degraded,
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
        cycles.join();
    }

    /** Asks the running cycle to end. */
    void stop() {
        stopping.countDown();
        cycles.interrupt();
    }

    /** Ends what {@link #stop} asked to end, makes durable what was taken, and says so. */
    @Override
    public void close() throws IOException {
        stop();
        try {
            cycles.join(Duration.ofSeconds(3));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        commits.interrupt();
        if (sending != null) {
            sending.interrupt();
        }
        sink.commit();
        if (!options.once()) {
            beat(Heartbeat.Status.STOPPED);
        }
        spool.close();
    }
}
