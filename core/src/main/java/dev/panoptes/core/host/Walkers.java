package dev.panoptes.core.host;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Function;

/** Looks at many processes on a few platform threads: reading /proc keeps a processor busy, it does not wait. */
final class Walkers {
    private static final int MOST_THREADS = 4;
    /** Fewer things are done before a second thread has started. */
    private static final int WORTH_A_THREAD = 32;

    private Walkers() {}

    /** How many threads this machine has use for. */
    static int threads() {
        return Math.clamp(Runtime.getRuntime().availableProcessors(), 1, MOST_THREADS);
    }

    /** The results in the order of the things. */
    static <A, B> List<B> forEach(List<A> things, Function<A, B> look) throws InterruptedException {
        int count = Math.clamp(things.size() / WORTH_A_THREAD, 1, threads());
        List<FutureTask<List<B>>> parts = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<A> part = things.subList(i * things.size() / count, (i + 1) * things.size() / count);
            FutureTask<List<B>> task = new FutureTask<>(() -> all(part, look));
            parts.add(task);
            threads.add(Thread.ofPlatform().daemon().name("look-" + i).start(task));
        }
        try {
            List<B> results = new ArrayList<>(things.size());
            for (FutureTask<List<B>> part : parts) {
                results.addAll(part.get());
            }
            return results;
        } catch (ExecutionException e) {
            throw new IllegalStateException("looking at processes failed", e.getCause());
        } finally {
            threads.forEach(Thread::interrupt);
        }
    }

    private static <A, B> List<B> all(List<A> things, Function<A, B> look) throws InterruptedException {
        List<B> results = new ArrayList<>(things.size());
        for (A thing : things) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            results.add(look.apply(thing));
        }
        return results;
    }
}
