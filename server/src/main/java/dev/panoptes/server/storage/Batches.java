package dev.panoptes.server.storage;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes one piece of work of what many callers ask for at the same time: whoever comes while a batch is under way is in the
 * next one. Each caller gets its own answer, after the whole batch is done. Nothing waits for a batch to fill up, unless a moment
 * is given in which the next few may join a small one.
 */
public final class Batches<I, O> {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration LOOK = Duration.ofSeconds(1);

    /** A batch of so many is large enough: nobody waits for more. */
    private static final int LARGE = 16;

    private final int most;
    private final Duration moment;
    private final Function<I, ?> key;
    private final Function<List<I>, List<O>> work;
    private final Queue<Entry<I, O>> waiting = new ConcurrentLinkedQueue<>();
    /** What had to wait because a batch held another of its key; only the thread that drains touches it. */
    private final Deque<Entry<I, O>> held = new ArrayDeque<>();

    /** The keys of batches that are under way. */
    private final Set<Object> busy = ConcurrentHashMap.newKeySet();
    /** As many batches as may be under way at the same time. */
    private final Semaphore turns;

    private final int atOnce;

    private final AtomicBoolean draining = new AtomicBoolean();
    /** How many are in {@link #waiting}, or about to be. */
    private final AtomicInteger count = new AtomicInteger();
    /** Who waits for a batch to grow; null while nobody does. */
    private volatile @Nullable Thread resting;

    /** Those that have no answer yet, for one thread that watches over the patience of all: a timer for each would cost more. */
    private final Set<Entry<I, O>> unanswered = ConcurrentHashMap.newKeySet();

    private final AtomicBoolean watching = new AtomicBoolean();

    /** Each is its own, whatever it holds. */
    private static final class Entry<I, O> {
        private final I item;
        /** Of its caller's patience, as {@link System#nanoTime} tells. */
        private final long end = System.nanoTime() + PATIENCE.toNanos();

        private final CompletableFuture<O> answer = new CompletableFuture<>();

        Entry(I item) {
            this.item = item;
        }

        I item() {
            return item;
        }

        CompletableFuture<O> answer() {
            return answer;
        }
    }

    /**
     * @param most items of one batch
     * @param key no batch holds two items of one key; they are done in the order in which they came
     * @param work one answer for each item, in their order; what it throws every caller of the batch gets
     */
    public Batches(int most, Function<I, ?> key, Function<List<I>, List<O>> work) {
        this(most, 1, Duration.ZERO, key, work);
    }

    /**
     * @param atOnce so many batches are under way at the same time: while one waits for the disk, the next is worked on. Two of
     *     them never hold items of one key
     * @param moment for which a batch waits after a small one, so that others join it: each costs a transaction
     */
    public Batches(int most, int atOnce, Duration moment, Function<I, ?> key, Function<List<I>, List<O>> work) {
        this.atOnce = atOnce;
        this.turns = new Semaphore(atOnce);
        this.most = most;
        this.moment = moment;
        this.key = key;
        this.work = work;
    }

    /** Waits for the answer. What the work throws comes out here. */
    public O submit(I item) throws InterruptedException {
        Entry<I, O> entry = new Entry<>(item);
        unanswered.add(entry);
        waiting.add(entry);
        if (count.incrementAndGet() == LARGE) {
            // Unparking nobody does nothing.
            LockSupport.unpark(resting);
        }
        if (draining.compareAndSet(false, true)) {
            Thread.ofVirtual().name("batch").start(this::drain);
        }
        if (watching.compareAndSet(false, true)) {
            Thread.ofVirtual().name("batch-patience").start(this::watch);
        }
        try {
            return entry.answer().get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            unanswered.remove(entry);
        }
    }

    /** Tells those who have waited too long, until nobody waits. */
    private void watch() {
        do {
            while (!unanswered.isEmpty()) {
                LockSupport.parkNanos(LOOK.toNanos());
                long now = System.nanoTime();
                for (Entry<I, O> entry : unanswered) {
                    if (now - entry.end > 0) {
                        entry.answer().completeExceptionally(new DatabaseUnavailable("the database is busy"));
                    }
                }
            }
            watching.set(false);
        } while (!unanswered.isEmpty() && watching.compareAndSet(false, true));
    }

    private void drain() {
        do {
            try {
                do {
                    rest();
                } while (next());
            } finally {
                draining.set(false);
            }
        } while (!waiting.isEmpty() && draining.compareAndSet(false, true));
    }

    /** Begins a batch as soon as it may; false where nothing is left to do. */
    private boolean next() {
        turns.acquireUninterruptibly();
        List<Entry<I, O>> batch = take();
        if (batch.isEmpty()) {
            boolean done = held.isEmpty();
            if (!done) {
                // All that is left are items whose keys are busy: they are free when every other batch is done.
                turns.acquireUninterruptibly(atOnce - 1);
                turns.release(atOnce - 1);
            }
            turns.release();
            return !done;
        }
        if (atOnce == 1) {
            end(batch);
        } else {
            Thread.ofVirtual().name("batch-work").start(() -> end(batch));
        }
        return true;
    }

    private void end(List<Entry<I, O>> batch) {
        try {
            run(batch);
        } finally {
            turns.release();
        }
    }

    /** For a moment, or until enough wait. */
    private void rest() {
        long end = System.nanoTime() + moment.toNanos();
        resting = Thread.currentThread();
        for (long left = moment.toNanos(); left > 0 && count.get() < LARGE; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
        resting = null;
    }

    private List<Entry<I, O>> take() {
        List<Entry<I, O>> batch = new ArrayList<>();
        Deque<Entry<I, O>> again = new ArrayDeque<>();
        Set<Object> later = new HashSet<>();
        while (batch.size() < most) {
            Entry<I, O> entry = held.poll();
            if (entry == null) {
                entry = waiting.poll();
                if (entry == null) {
                    break;
                }
                count.decrementAndGet();
            }
            Object its = key.apply(entry.item());
            // A key may become free in the middle of this: what came later of it must not overtake.
            if (!later.contains(its) && busy.add(its)) {
                batch.add(entry);
            } else {
                later.add(its);
                again.add(entry);
            }
        }
        again.addAll(held);
        held.clear();
        held.addAll(again);
        return batch;
    }

    private void run(List<Entry<I, O>> batch) {
        List<O> answers;
        try {
            answers = work.apply(batch.stream().map(Entry::item).toList());
        } catch (DatabaseUnavailable | Error e) {
            fail(batch, e);
            return;
        } catch (RuntimeException e) {
            if (batch.size() == 1) {
                fail(batch, e);
            } else {
                // What one of them brought along must not hit the others.
                batch.forEach(entry -> run(List.of(entry)));
            }
            return;
        }
        free(batch);
        for (int i = 0; i < batch.size(); i++) {
            batch.get(i).answer().complete(answers.get(i));
        }
    }

    private void fail(List<Entry<I, O>> batch, Throwable cause) {
        free(batch);
        batch.forEach(entry -> entry.answer().completeExceptionally(cause));
    }

    /** Before anybody is answered: who is may send the next one at once. */
    private void free(List<Entry<I, O>> batch) {
        batch.forEach(entry -> busy.remove(key.apply(entry.item())));
    }
}
