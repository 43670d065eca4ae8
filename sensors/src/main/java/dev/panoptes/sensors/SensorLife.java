package dev.panoptes.sensors;

import dev.panoptes.core.host.Privileges;
import dev.panoptes.sensors.heartbeat.Heartbeat;
import dev.panoptes.sensors.spool.Spool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A sensor at work under one configuration: its open sources and the thread of its cycles. One use. */
final class SensorLife {
    private final Sensor sensor;
    private final RunOptions options;
    private final Settings settings;
    private final Log log;
    private final Spool spool;
    private final Path directory;
    private final Counters counters;
    private final SpoolSink sink;
    private final Budget budget;
    private final BiConsumer<SensorLife, Heartbeat.Status> beat;
    private final Duration interval;
    private final Thread cycles;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CountDownLatch tried = new CountDownLatch(1);
    private volatile boolean opened;
    private volatile @Nullable String failure;
    private volatile @Nullable String degraded;
    /** What was found out since; null where nothing. */
    private volatile @Nullable String less;

    /** @param beat says that it lives, after every cycle */
    SensorLife(
            Sensor sensor,
            RunOptions options,
            Settings settings,
            Log log,
            Spool spool,
            Path directory,
            Counters counters,
            SpoolSink sink,
            Budget budget,
            BiConsumer<SensorLife, Heartbeat.Status> beat) {
        this.sensor = sensor;
        this.options = options;
        this.settings = settings;
        this.log = log;
        this.spool = spool;
        this.directory = directory;
        this.counters = counters;
        this.sink = sink;
        this.budget = budget;
        this.beat = beat;
        Duration configured = settings.duration("interval", sensor.interval());
        this.interval = options.interval() == null ? configured : options.interval();
        this.cycles = Thread.ofPlatform().name(sensor.name()).daemon().unstarted(this::run);
    }

    void start() {
        cycles.start();
    }

    Duration interval() {
        return interval;
    }

    /** Why it sees less than it is made for; null where it sees all. */
    @Nullable
    String degraded() {
        String known = degraded;
        String found = less;
        return both(known, found);
    }

    private static @Nullable String both(@Nullable String one, @Nullable String other) {
        return one == null ? other : other == null ? one : one + "; " + other;
    }

    private void less(@Nullable String found) {
        if (found != null && !found.equals(less)) {
            log.warning(sensor.name(), found);
        }
        less = found;
    }

    /** What the last cycle failed of; null where it did not. */
    @Nullable
    String failure() {
        return failure;
    }

    /** True once its sources were opened. */
    boolean opened() {
        return opened;
    }

    /** Waits until its sources were opened or could not be, for so long at most. */
    void awaitOpened(Duration most) throws InterruptedException {
        // One that takes longer is at work: nothing has failed.
        boolean known = tried.await(most.toMillis(), TimeUnit.MILLISECONDS);
        if (!known) {
            log.debug(sensor.name(), "its sources are still being opened");
        }
    }

    private void run() {
        Watch watch = null;
        boolean stopped = false;
        try {
            for (long number = 1; !stopped; number++) {
                Instant began = options.clock().instant();
                long from = System.nanoTime();
                try {
                    if (watch == null) {
                        watch = open();
                        opened = true;
                        tried.countDown();
                    }
                    watch.collect(new Cycle(number, began));
                    failure = null;
                    less(both(watch.degraded(), budget.told()));
                } catch (IOException | RuntimeException e) {
                    String message = e.getMessage() == null ? e.toString() : e.getMessage();
                    failure = message;
                    counters.error(message);
                    log.error(sensor.name(), message);
                    tried.countDown();
                }
                counters.cycle(Duration.ofNanos(System.nanoTime() - from));
                beat.accept(this, failure == null ? Heartbeat.Status.HEALTHY : Heartbeat.Status.ERROR);
                // A sensor whose looks take too much looks less often.
                long rest = options.once()
                        ? 0
                        : Math.max(interval.toMillis(), budget.rest().toMillis());
                stopped = options.once() || stopping.await(rest, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            log.debug(sensor.name(), "the running cycle was ended");
        } finally {
            tried.countDown();
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

    /** Waits for its end. */
    void await() throws InterruptedException {
        cycles.join();
    }

    /** Asks the running cycle to end. */
    void stop() {
        stopping.countDown();
        cycles.interrupt();
    }

    /** @return false where it did not end in time */
    boolean ended(Duration most) throws InterruptedException {
        return cycles.join(most);
    }
}
