package dev.panoptes.server.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
}
