package dev.panoptes.server.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Never two of one key at once, whatever happens to one of them, and nobody of another key waits. */
class TurnsTest {
    @Test
    void oneAfterAnother() throws InterruptedException, ExecutionException {
        Turns turns = new Turns();
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (ExecutorService many = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> calls = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                int mine = i;
                calls.add(many.submit(() -> turns.take("a", () -> {
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    Thread.yield();
                    inside.decrementAndGet();
                    return mine;
                })));
            }
            for (int i = 0; i < calls.size(); i++) {
                assertThat(calls.get(i).get()).isEqualTo(i);
            }
        }
        assertThat(most).hasValue(1);
    }

    @Test
    void aFailureGivesTheTurnBackAndOthersDoNotWait() throws InterruptedException {
        Turns turns = new Turns();
        assertThatThrownBy(() -> turns.take("a", () -> {
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        try (ExecutorService one = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Boolean> holder = one.submit(() -> turns.take("a", () -> {
                held.countDown();
                try {
                    return done.await(60, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }));
            assertThat(held.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(turns.take("b", () -> "there")).isEqualTo("there");
            done.countDown();
            assertThat(holder).succeedsWithin(java.time.Duration.ofSeconds(60)).isEqualTo(true);
        }
    }
}
