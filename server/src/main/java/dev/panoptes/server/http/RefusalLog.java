package dev.panoptes.server.http;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps those who are told to come back later from filling the log: the first of them in ten seconds have a line each, the
 * rest are told as a number.
 */
final class RefusalLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("dev.panoptes.server.http");
    private static final int MOST_LINES = 10;
    private static final long WINDOW_NANOS = Duration.ofSeconds(10).toNanos();
    private static final int TOO_MANY = 429;

    private final AtomicLong window = new AtomicLong(System.nanoTime());
    private final AtomicInteger lines = new AtomicInteger();
    private final AtomicInteger counted = new AtomicInteger();
    private final AtomicReference<String> last = new AtomicReference<>("");

    /**
     * Whether this call gets a line of its own.
     *
     * @param unseen refused without a look at its token
     */
    boolean lists(int status, boolean unseen, String address) {
        long began = window.get();
        if (System.nanoTime() - began > WINDOW_NANOS && window.compareAndSet(began, System.nanoTime())) {
            lines.set(0);
            tell();
        }
        if (status != TOO_MANY || (!unseen && lines.getAndIncrement() < MOST_LINES)) {
            return true;
        }
        counted.incrementAndGet();
        last.set(address);
        return false;
    }

    private void tell() {
        int refused = counted.getAndSet(0);
        if (refused > 0) {
            LOG.atWarn()
                    .addKeyValue("refused", refused)
                    .addKeyValue("last", last.get())
                    .log("calls were refused that have no line of their own");
        }
    }

    /** Tells what has not been told. */
    @Override
    public void close() {
        tell();
    }
}
