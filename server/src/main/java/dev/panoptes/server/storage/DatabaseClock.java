package dev.panoptes.server.storage;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database's clock, which all replicas share: what one of them writes is never in another's future. It is asked now and
 * then, and between two askings time goes on as this machine counts it; how this machine's own clock is set does not matter.
 * Right to within the time that an answer takes. It stands at 1970 until {@link #start}.
 */
public final class DatabaseClock implements InstantSource, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseClock.class);
    private static final Duration ASK_AGAIN = Duration.ofSeconds(10);
    /** A smaller difference is the network's, not the clocks'. */
    private static final Duration NOISE = Duration.ofMillis(5);

    private final Database database;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread = Thread.ofVirtual().name("clock").unstarted(this::live);
    private volatile Reading reading = new Reading(Instant.EPOCH, System.nanoTime());

    /** @param nanos when it was so late, as {@link System#nanoTime} has it */
    private record Reading(Instant time, long nanos) {
        Instant at(long later) {
            return time.plusNanos(later - nanos);
        }
    }

    public DatabaseClock(Database database) {
        this.database = database;
    }

    /** @throws DatabaseUnavailable where it cannot be asked */
    public void start() {
        ask(null);
        thread.start();
    }

    @Override
    public Instant instant() {
        return reading.at(System.nanoTime());
    }

    private void ask(@Nullable Reading present) {
        Asked asked = database.transaction(transaction -> {
            // The connection is there: what is measured is one answer.
            long before = System.nanoTime();
            Instant time = transaction.one("SELECT clock_timestamp() AS now", row -> row.instant("now"));
            return new Asked(before, time, System.nanoTime());
        });
        long middle = asked.before() + (asked.after() - asked.before()) / 2;
        long noise = NOISE.toNanos() + asked.after() - asked.before();
        if (present == null
                || Duration.between(present.at(middle), asked.time()).abs().toNanos() > noise) {
            reading = new Reading(asked.time(), middle);
        }
    }

    private record Asked(long before, Instant time, long after) {}

    private void live() {
        try {
            while (!closing.await(ASK_AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    ask(reading);
                } catch (DatabaseUnavailable e) {
                    LOG.atDebug().setCause(e).log("time goes on without the database");
                } catch (RuntimeException e) {
                    LOG.atError().setCause(e).log("the database's clock cannot be read");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closing.countDown();
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
