package dev.panoptes.code;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Does pieces of work on platform threads of their own: parsing blocks in native code, and following a program may need more
 * stack than a virtual thread should have.
 */
final class Workers {
    private static final long STACK_BYTES = 64L << 20;
    private static final int MOST_THREADS = 4;

    private Workers() {}

    /**
     * Results in the order of the items.
     *
     * @throws InterruptedException when the caller was interrupted; the workers stop after their current item
     */
    static <T, R> List<R> each(List<T> items, BiFunction<T, Parsers, R> work) throws InterruptedException {
        Map<Integer, R> results = new ConcurrentHashMap<>();
        AtomicInteger next = new AtomicInteger();
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        Runnable worker = () -> {
            try (Parsers parsers = new Parsers()) {
                for (int i = next.getAndIncrement(); i < items.size(); i = next.getAndIncrement()) {
                    results.put(i, work.apply(items.get(i), parsers));
                }
            } catch (RuntimeException | Error e) {
                failure.compareAndSet(null, e);
                next.set(items.size());
            }
        };
        int count = Math.min(
                items.size(), Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors()));
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Thread thread = new Thread(null, worker, "panoptes-code-" + i, STACK_BYTES);
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            next.set(items.size());
            throw e;
        }
        switch (failure.get()) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case null, default -> {}
        }
        return List.copyOf(new TreeMap<>(results).values());
    }
}
