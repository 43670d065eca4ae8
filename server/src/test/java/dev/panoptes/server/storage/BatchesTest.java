package dev.panoptes.server.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Many callers, one piece of work, each its own answer. */
class BatchesTest {
    @Test
    void everyoneGetsTheAnswerToTheirsAndNoBatchHoldsAKeyTwice() throws InterruptedException, ExecutionException {
        Set<List<Integer>> seen = ConcurrentHashMap.newKeySet();
        Batches<Integer, String> batches = new Batches<>(100, item -> item % 50, items -> {
            seen.add(items);
            return items.stream().map(item -> "answer " + item).toList();
        });
        try (ExecutorService many = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                int mine = i;
                answers.add(many.submit(() -> batches.submit(mine)));
            }
            for (int i = 0; i < answers.size(); i++) {
                assertThat(answers.get(i).get()).isEqualTo("answer " + i);
            }
        }
        assertThat(seen)
                .allSatisfy(items ->
                        assertThat(items.stream().map(item -> item % 50)).doesNotHaveDuplicates());
    }

    @Test
    void whatOneBringsAlongDoesNotHitTheOthers() throws InterruptedException {
        Batches<Integer, Integer> batches = new Batches<>(100, item -> item, items -> {
            if (items.contains(7)) {
                throw new IllegalArgumentException("seven");
            }
            return items;
        });
        try (ExecutorService many = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                int mine = i;
                answers.add(many.submit(() -> batches.submit(mine)));
            }
            for (int i = 0; i < answers.size(); i++) {
                int mine = i;
                Future<Integer> answer = answers.get(i);
                if (mine == 7) {
                    assertThat(answer)
                            .failsWithin(java.time.Duration.ofSeconds(60))
                            .withThrowableOfType(ExecutionException.class)
                            .withMessageContaining("seven");
                } else {
                    assertThat(answer)
                            .succeedsWithin(java.time.Duration.ofSeconds(60))
                            .isEqualTo(mine);
                }
            }
        }
    }

    @Test
    void twoAtOnceNeverHoldOneKeyAndKeepItsOrder() throws InterruptedException, ExecutionException {
        Set<Integer> busy = ConcurrentHashMap.newKeySet();
        Map<Integer, List<Integer>> done = new ConcurrentHashMap<>();
        AtomicInteger under = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Batches<Integer, Integer> batches = new Batches<>(40, 2, Duration.ofMillis(1), item -> item % 50, items -> {
            most.accumulateAndGet(under.incrementAndGet(), Math::max);
            for (int item : items) {
                assertThat(busy.add(item % 50)).isTrue();
            }
            LockSupport.parkNanos(1_000_000);
            for (int item : items) {
                done.computeIfAbsent(item % 50, _ -> new CopyOnWriteArrayList<>())
                        .add(item);
                busy.remove(item % 50);
            }
            under.decrementAndGet();
            if (items.contains(1_007)) {
                throw new IllegalArgumentException("1007");
            }
            return items;
        });
        // One thread for each key: it sends the next as soon as it has the answer to the last.
        try (ExecutorService many = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> keys = new ArrayList<>();
            for (int key = 0; key < 50; key++) {
                int mine = key;
                keys.add(many.submit(() -> {
                    for (int item = mine; item < 2_000; item += 50) {
                        if (item == 1_007) {
                            int bad = item;
                            assertThatThrownBy(() -> batches.submit(bad)).hasMessage("1007");
                        } else {
                            assertThat(batches.submit(item)).isEqualTo(item);
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> key : keys) {
                key.get();
            }
        }
        assertThat(most).hasValue(2);
        assertThat(done).hasSize(50);
        done.forEach(
                (_, items) -> assertThat(items.stream().distinct().toList()).isSorted());
    }
}
