package dev.panoptes.server.stream;

import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.DatabaseUnavailable;
import dev.panoptes.server.storage.Listener;
import dev.panoptes.server.stream.StreamStore.Reach;
import dev.panoptes.server.stream.StreamStore.Stored;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stream as this replica knows it: one thread hears of new events, reads each once, and wakes every client. The newest
 * ones are kept in memory for all clients together, so that a client costs no queue; whoever is further behind reads from
 * the database, few at a time.
 */
public final class StreamFeed implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StreamFeed.class);
    /** How long nothing may be heard before it is looked for: what was told while the listener was away. */
    private static final Duration LOOK = Duration.ofSeconds(2);

    private static final Duration AFTER_OUTAGE = Duration.ofSeconds(1);
    static final int WINDOW = 2_048;
    private static final int AT_ONCE = 512;
    private static final int READERS = 2;

    private final Database database;
    private final StreamStore store = new StreamStore();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Semaphore readers = new Semaphore(READERS, true);
    /** The newest events without a gap; guarded by the lock. */
    private final List<Stored> window = new ArrayList<>();

    private final Thread thread;
    private long newest;
    private volatile boolean closed;

    public StreamFeed(Database database) {
        this.database = database;
        this.thread = Thread.ofVirtual().name("stream").unstarted(this::live);
    }

    /** Begins after what is there already. */
    public void start() {
        newest = reach().last();
        thread.start();
    }

    /** From where to where the stream reaches now, whatever this replica has heard of. */
    Reach reach() {
        return database.transaction(store::reach);
    }

    private void live() {
        try (Listener listener = new Listener(database, StreamStore.CHANNEL)) {
            while (!closed) {
                try {
                    Listener.Heard heard = listener.await(LOOK);
                    if (readNew() && heard == Listener.Heard.NOTHING) {
                        // There was something and nobody told: the connection is dead without knowing it.
                        listener.connectAnew();
                    }
                } catch (DatabaseUnavailable e) {
                    LOG.atDebug().setCause(e).log("the stream waits for the database");
                    look();
                    rest();
                } catch (RuntimeException e) {
                    LOG.atError().setCause(e).log("the stream");
                    rest();
                }
            }
        } catch (InterruptedException e) {
            // The server is stopping.
            Thread.currentThread().interrupt();
        }
    }

    /** Without the listener, over the pool. */
    private void look() {
        try {
            readNew();
        } catch (DatabaseUnavailable e) {
            LOG.atDebug().setCause(e).log("the stream waits for the database");
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("the stream");
        }
    }

    /** True where there was something. */
    private boolean readNew() {
        boolean any = false;
        while (true) {
            long from = newest;
            List<Stored> more = database.transaction(transaction -> store.after(transaction, from, AT_ONCE));
            if (!more.isEmpty()) {
                any = true;
                take(more);
            }
            if (more.size() < AT_ONCE) {
                return any;
            }
        }
    }

    private void take(List<Stored> more) {
        lock.lock();
        try {
            if (more.getFirst().id() != newest + 1) {
                // What this replica slept through is gone; those who wait for it are told so.
                window.clear();
            }
            window.addAll(more);
            if (window.size() > WINDOW) {
                window.subList(0, window.size() - WINDOW).clear();
            }
            newest = more.getLast().id();
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Lets a broken database be for a moment. */
    void rest() throws InterruptedException {
        await(Long.MAX_VALUE, AFTER_OUTAGE);
    }

    /** Waits until there is something after this id, or for so long. False where there is nothing. */
    boolean await(long id, Duration most) throws InterruptedException {
        long left = most.toNanos();
        lock.lock();
        try {
            while (newest <= id && left > 0) {
                left = arrived.awaitNanos(left);
            }
            return newest > id;
        } finally {
            lock.unlock();
        }
    }

    /** What comes after an event. */
    sealed interface Next {
        /** In their order, without gaps; empty where there is nothing new. */
        record Events(List<Stored> events) implements Next {}

        /** Some of it is gone. */
        record Gap() implements Next {}
    }

    /** The next events after this id, some of them. */
    Next after(long id) throws InterruptedException {
        lock.lock();
        try {
            if (newest <= id) {
                return new Next.Events(List.of());
            }
            if (!window.isEmpty() && id + 1 >= window.getFirst().id()) {
                int from = (int) (id + 1 - window.getFirst().id());
                return new Next.Events(List.copyOf(window.subList(from, Math.min(from + AT_ONCE, window.size()))));
            }
        } finally {
            lock.unlock();
        }
        return read(id);
    }

    private Next read(long id) throws InterruptedException {
        if (!readers.tryAcquire(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
            return new Next.Events(List.of());
        }
        try {
            List<Stored> events = database.transaction(transaction -> store.after(transaction, id, AT_ONCE));
            boolean gap = events.isEmpty() || events.getFirst().id() != id + 1;
            return gap ? new Next.Gap() : new Next.Events(events);
        } finally {
            readers.release();
        }
    }

    /** For the job: forgets what is older. */
    public void forget(Duration older) {
        int gone = database.transaction(transaction -> store.forget(transaction, older));
        LOG.atDebug().addKeyValue("events", gone).log("forgotten");
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
