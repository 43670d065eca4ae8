package dev.panoptes.sensors.forward;

import dev.panoptes.sensors.Log;
import dev.panoptes.sensors.spool.Batch;
import dev.panoptes.sensors.spool.LostRange;
import dev.panoptes.sensors.spool.Spool;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Empties one spool to a publisher, in order. What is not taken now is tried again, ever less often and never sooner than the
 * publisher wants; what it does not take at all waits as well, for only what it acknowledged may be forgotten.
 */
public final class Forwarder implements Runnable {
    private static final int MOST_BYTES = 2 << 20;
    private static final int MOST_EVENTS = 2_000;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final int MOST_DOUBLINGS = 10;

    private final String sensor;
    private final Spool spool;
    private final Publisher publisher;
    private final Log log;
    private final RandomGenerator random;
    private final Pause pause;
    private final Semaphore work = new Semaphore(1);
    private int halvings;
    private int failures;
    private @Nullable String told;

    /** Waits between two tries. */
    @FunctionalInterface
    interface Pause {
        void pause(long millis) throws InterruptedException;
    }

    public Forwarder(String sensor, Spool spool, Publisher publisher, Log log, RandomGenerator random) {
        this(sensor, spool, publisher, log, random, Forwarder::waited);
    }

    Forwarder(String sensor, Spool spool, Publisher publisher, Log log, RandomGenerator random, Pause pause) {
        this.pause = pause;
        this.sensor = sensor;
        this.spool = spool;
        this.publisher = publisher;
        this.log = log;
        this.random = random;
    }

    /** There may be something to send. */
    public void wake() {
        if (work.availablePermits() == 0) {
            work.release();
        }
    }

    /** Runs until it is interrupted. */
    @Override
    public void run() {
        try {
            while (true) {
                if (step()) {
                    continue;
                }
                if (work.tryAcquire(IDLE.toMillis(), TimeUnit.MILLISECONDS)) {
                    work.drainPermits();
                } else {
                    beat();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Nothing has happened: a batch of nothing says that the sensor lives. */
    private void beat() throws InterruptedException {
        long next = spool.next();
        Batch nothing = new Batch(next, 0, new byte[0], List.of());
        if (publisher.publish(spool.stream(), sensor, nothing, next - 1) instanceof Publisher.Answer.Later later) {
            failed(later.reason(), later.after());
        }
    }

    /** One batch. @return false where there is nothing to send */
    boolean step() throws InterruptedException {
        Batch batch;
        try {
            batch = spool.batch(MOST_BYTES, MOST_EVENTS);
        } catch (IOException e) {
            failed("the spool cannot be read: " + e.getMessage(), null);
            return true;
        }
        if (batch.isEmpty()) {
            return false;
        }
        for (int i = 0; i < halvings; i++) {
            batch = batch.half();
        }
        switch (publisher.publish(spool.stream(), sensor, batch, spool.next() - 1)) {
            case Publisher.Answer.Kept(long acknowledged) -> kept(acknowledged, batch);
            case Publisher.Answer.TooLarge() -> {
                if (batch.count() > 1) {
                    halvings++;
                } else {
                    failed("a single event is larger than the server takes", null);
                }
            }
            case Publisher.Answer.Later(String reason, Duration after) -> failed(reason, after);
            case Publisher.Answer.Refused(String reason) -> failed(reason, null);
        }
        return true;
    }

    private void kept(long acknowledged, Batch batch) throws InterruptedException {
        long sent = batch.count() > 0
                ? batch.last()
                : batch.lost().stream().mapToLong(LostRange::to).max().orElse(0);
        if (acknowledged < sent) {
            failed("the server keeps less than was sent", null);
            return;
        }
        if (acknowledged >= spool.next()) {
            failed(
                    "the server has events of this stream that are not in the spool: an older copy of it was put back."
                            + " Move the spool's directory away to begin a new stream",
                    null);
            return;
        }
        try {
            spool.acknowledge(acknowledged);
        } catch (IOException e) {
            failed("the spool cannot be written: " + e.getMessage(), null);
            return;
        }
        if (failures > 0) {
            log.info(sensor, "events are sent again after " + failures + (failures == 1 ? " failure" : " failures"));
        }
        failures = 0;
        told = null;
        halvings = Math.max(0, halvings - 1);
    }

    /** Said when it begins or changes, not at every try. */
    private void failed(String reason, @Nullable Duration after) throws InterruptedException {
        failures++;
        if (!reason.equals(told)) {
            told = reason;
            log.warning(sensor, "events wait: " + reason);
        }
        long millis =
                Math.min(LONGEST_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << Math.min(failures - 1, MOST_DOUBLINGS));
        long own = millis / 2 + random.nextLong(millis / 2 + 1);
        long wanted = after == null ? 0 : after.toMillis() + random.nextLong(after.toMillis() / 4 + 1);
        work.tryAcquire(0, TimeUnit.MILLISECONDS);
        pause.pause(Math.max(own, wanted));
    }

    private static void waited(long millis) throws InterruptedException {
        Semaphore never = new Semaphore(0);
        if (never.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("nobody releases it");
        }
    }
}
