package dev.panoptes.sensors.live;

import dev.panoptes.core.host.KernelSocket;
import dev.panoptes.sensors.Cycle;
import dev.panoptes.sensors.EventSink;
import dev.panoptes.sensors.Loss;
import dev.panoptes.sensors.Watch;
import dev.panoptes.sensors.replay.Feed;
import dev.panoptes.sensors.replay.Output;
import dev.panoptes.sensors.replay.SinkOutput;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A source of the kernel's that one platform thread waits for: it opens the socket, receives and closes it, and gives each message
 * to a feed. What the kernel dropped is told.
 */
public final class KernelWatch implements Watch {
    private static final int WAIT_MILLIS = 250;
    private static final long IDLE_NANOS = 1_000_000_000L;

    private final Opening opening;
    private final Handler handler;
    private final Feed feed;
    private final EventSink sink;
    private final String provider;
    private final InstantSource clock;
    private final Thread thread;
    private final CompletableFuture<Boolean> opened = new CompletableFuture<>();
    private volatile boolean closed;
    private volatile @Nullable IOException broken;

    /** Opens the socket. */
    @FunctionalInterface
    public interface Opening {
        KernelSocket open() throws IOException;
    }

    /** Gives one message to the feed. */
    @FunctionalInterface
    public interface Handler {
        void handle(byte[] data, Instant time, Output out);
    }

    private KernelWatch(
            String provider, Opening opening, Handler handler, Feed feed, EventSink sink, InstantSource clock) {
        this.provider = provider;
        this.opening = opening;
        this.handler = handler;
        this.feed = feed;
        this.sink = sink;
        this.clock = clock;
        this.thread = Thread.ofPlatform().daemon().name("sensor-" + provider).unstarted(this::run);
    }

    /** @throws IOException where the kernel refuses the socket */
    public static KernelWatch open(
            String provider, Opening opening, Handler handler, Feed feed, EventSink sink, InstantSource clock)
            throws IOException, InterruptedException {
        KernelWatch watch = new KernelWatch(provider, opening, handler, feed, sink, clock);
        watch.thread.start();
        try {
            watch.opened.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException refused) {
                throw refused;
            }
            throw new IOException("the source " + provider + " cannot be opened", e.getCause());
        }
        return watch;
    }

    private void run() {
        try (KernelSocket socket = opening.open()) {
            opened.complete(true);
            SinkOutput out = new SinkOutput(sink, provider);
            long idle = System.nanoTime();
            long dropped = 0;
            while (!closed) {
                switch (socket.receive(WAIT_MILLIS)) {
                    case DATA -> {
                        if (socket.isLoopbackEcho()) {
                            break; // it is told where it was sent
                        }
                        if (sink.rest().isPositive()) {
                            dropped++;
                        } else {
                            handler.handle(socket.data(), clock.instant(), out);
                            endOfRecord(out);
                        }
                    }
                    case OVERRUN -> sink.lost(Loss.KERNEL_OVERFLOW, provider, 0);
                    case NOTHING -> {
                        // look whether it is to end
                    }
                }
                if (System.nanoTime() - idle > IDLE_NANOS) {
                    idle = System.nanoTime();
                    tellLost(Loss.KERNEL_OVERFLOW, socket.dropped());
                    tellLost(Loss.RATE, dropped);
                    dropped = 0;
                    feed.idle(clock.instant(), out);
                    endOfRecord(out);
                }
            }
            tellLost(Loss.RATE, dropped);
            feed.finish(out);
            endOfRecord(out);
        } catch (IOException e) {
            broken = e;
            opened.completeExceptionally(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (UnsupportedOperationException e) {
            opened.completeExceptionally(e);
        }
    }

    /** A feed that counts what comes keeps how far it counted, for the next start. */
    private void endOfRecord(SinkOutput out) throws InterruptedException {
        Feed.Held held = out.hasMore() ? feed.held() : null;
        if (held == null) {
            out.endOfRecord();
        } else {
            out.endOfRecord(provider, held.known());
        }
    }

    private void tellLost(Loss reason, long count) throws InterruptedException {
        if (count > 0) {
            sink.lost(reason, provider, count);
        }
    }

    @Override
    public void collect(Cycle cycle) throws IOException {
        IOException why = broken;
        if (why != null) {
            throw why;
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join(2L * WAIT_MILLIS + 1000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread.interrupt();
    }
}
