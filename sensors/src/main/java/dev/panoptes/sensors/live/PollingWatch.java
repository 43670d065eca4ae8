package dev.panoptes.sensors.live;

import dev.panoptes.sensors.Cycle;
import dev.panoptes.sensors.Watch;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A watch over sources that are cheap to look at: they are looked at every half second on a thread of their own, and once more in
 * every cycle. What a look throws is thrown by the next cycle, so that it is told where cycles are judged.
 */
public final class PollingWatch implements Watch {
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final Look look;
    private final Runnable end;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition closing = lock.newCondition();
    private final @Nullable Thread thread;
    private @Nullable IOException broken;
    private boolean closed;

    /** One look at the sources. */
    @FunctionalInterface
    public interface Look {
        void step() throws IOException, InterruptedException;
    }

    /**
     * @param once true where only cycles look, without a thread
     * @param end closes the sources
     */
    public PollingWatch(String name, Look look, Runnable end, boolean once) {
        this.look = look;
        this.end = end;
        this.thread = once
                ? null
                : Thread.ofPlatform().daemon().name("sensor-" + name).start(this::loop);
    }

    @Override
    public void collect(Cycle cycle) throws IOException, InterruptedException {
        lock.lockInterruptibly();
        try {
            IOException before = broken;
            broken = null;
            if (before != null) {
                throw before;
            }
            if (!closed) {
                look.step();
            }
        } finally {
            lock.unlock();
        }
    }

    private void loop() {
        lock.lock();
        try {
            while (!closed) {
                try {
                    look.step();
                    closing.awaitNanos(PAUSE.toNanos());
                } catch (IOException e) {
                    broken = e;
                    closing.awaitNanos(PAUSE.toNanos() * 10);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        if (thread != null) {
            thread.interrupt();
        }
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                closing.signalAll();
                end.run();
            }
        } finally {
            lock.unlock();
        }
    }
}
