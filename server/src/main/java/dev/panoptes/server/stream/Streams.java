package dev.panoptes.server.stream;

import dev.panoptes.server.http.ErrorCode;
import dev.panoptes.server.http.Problem;
import dev.panoptes.server.storage.DatabaseUnavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clients that listen here, a bounded number. Every few seconds each is looked at: one whose token or session ended is
 * cut, and one that takes nothing any more; it may come back and go on where it was. A caller that opens one more than it may
 * have loses its oldest: a page that was left does not say so, and is found out only when something is written to it twice.
 */
public final class Streams implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Streams.class);
    private static final Duration LOOK = Duration.ofSeconds(2);
    private static final Duration COME_BACK = Duration.ofSeconds(5);
    /** What one writing may take. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final int most;
    private final int each;
    private final Duration patience;
    private final Semaphore places;
    /** Of each caller that listens, the oldest first; a list is changed inside the map's own calls only. */
    private final Map<String, List<Open>> ofCaller = new ConcurrentHashMap<>();

    private final Set<Open> open = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread = Thread.ofVirtual().name("streams").unstarted(this::live);

    /** @param most how many there may be at once @param each how many of one caller */
    public Streams(int most, int each) {
        this(most, each, PATIENCE);
    }

    Streams(int most, int each, Duration patience) {
        this.most = most;
        this.each = each;
        this.patience = patience;
        this.places = new Semaphore(most);
    }

    public void start() {
        thread.start();
    }

    /** A client that listens. Its own thread opens it, writes, and closes it. */
    final class Open implements AutoCloseable {
        private final Thread thread = Thread.currentThread();
        private final String caller;
        private final BooleanSupplier allowed;
        private volatile long writingSince;
        private volatile boolean over;
        private volatile boolean displaced;

        private Open(String caller, BooleanSupplier allowed) {
            this.caller = caller;
            this.allowed = allowed;
        }

        /** Right before something is written. */
        void writing() {
            writingSince = System.nanoTime() | 1;
        }

        void written() {
            writingSince = 0;
        }

        /** True where it was cut: nothing more may be written. */
        boolean over() {
            return over;
        }

        /** True where it was cut because its caller opened another. */
        boolean displaced() {
            return displaced;
        }

        private void displace() {
            displaced = true;
            over = true;
            thread.interrupt();
        }

        private boolean stuck() {
            long since = writingSince;
            return since != 0 && System.nanoTime() - since > patience.toNanos();
        }

        private void look() {
            boolean stuck = stuck();
            if (stuck || !allowed.getAsBoolean()) {
                LOG.atInfo()
                        .addKeyValue("why", stuck ? "it takes nothing" : "its token or session has ended")
                        .log("a stream is cut");
                over = true;
                thread.interrupt();
            }
        }

        @Override
        public void close() {
            if (open.remove(this)) {
                leave(this);
                places.release();
            }
        }
    }

    /**
     * A place for one more.
     *
     * @param caller who listens; one may not take the places of all others, and loses its oldest instead
     * @param allowed whether its caller may still listen
     * @throws dev.panoptes.server.http.ProblemException 503 where there are too many
     */
    Open open(String caller, BooleanSupplier allowed) {
        Open added = new Open(caller, allowed);
        AtomicReference<@Nullable Open> oldest = new AtomicReference<>();
        ofCaller.compute(caller, (_, present) -> {
            List<Open> all = new ArrayList<>(present == null ? List.of() : present);
            if (all.size() >= each) {
                oldest.set(all.removeFirst());
            }
            all.add(added);
            return List.copyOf(all);
        });
        Open displaced = oldest.get();
        if (displaced != null) {
            displaced.displace();
        }
        if (!places.tryAcquire()) {
            leave(added);
            throw Problem.later(
                            ErrorCode.UNAVAILABLE,
                            "There are " + most + " streams here; more are not served",
                            COME_BACK)
                    .exception();
        }
        open.add(added);
        return added;
    }

    private void leave(Open gone) {
        ofCaller.computeIfPresent(gone.caller, (_, present) -> {
            List<Open> rest = present.stream().filter(one -> one != gone).toList();
            return rest.isEmpty() ? null : rest;
        });
    }

    /** How many listen. */
    int count() {
        return open.size();
    }

    private void live() {
        try {
            while (!closing.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                open.forEach(Streams::look);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void look(Open each) {
        try {
            each.look();
        } catch (DatabaseUnavailable e) {
            // Nobody can tell now; there is nothing to tell a client either.
            LOG.atDebug().setCause(e).log("streams wait for the database");
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("a stream could not be looked at");
        }
    }

    /** The streams themselves end with the HTTP server, which interrupts their threads. */
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
