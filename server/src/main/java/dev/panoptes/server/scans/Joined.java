package dev.panoptes.server.scans;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Work that several callers may ask for at once and that runs once: who comes while it runs gets its result. It goes on when
 * a caller goes away.
 */
final class Joined<T> {
    /** The work itself. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws InterruptedException;
    }

    private final ExecutorService threads;
    private final AtomicReference<@Nullable CompletableFuture<T>> running = new AtomicReference<>();

    Joined(ExecutorService threads) {
        this.threads = threads;
    }

    /** The result of the work that runs now, or of this one. */
    T run(Work<T> work) throws InterruptedException {
        CompletableFuture<T> mine = new CompletableFuture<>();
        CompletableFuture<T> present = running.compareAndExchange(null, mine);
        if (present == null) {
            threads.execute(() -> work(work, mine));
            present = mine;
        }
        try {
            return present.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException failure -> throw failure;
                case InterruptedException _ -> throw new InterruptedException("the server is stopping");
                case null, default -> throw new IllegalStateException(e);
            }
        }
    }

    private void work(Work<T> work, CompletableFuture<T> future) {
        try {
            T result = work.run();
            running.set(null);
            future.complete(result);
        } catch (InterruptedException | RuntimeException e) {
            running.set(null);
            future.completeExceptionally(e);
        } catch (Error e) {
            running.set(null);
            future.completeExceptionally(new IllegalStateException(e));
            throw e;
        }
    }
}
