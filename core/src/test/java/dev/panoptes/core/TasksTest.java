package dev.panoptes.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.panoptes.core.Tasks.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class TasksTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void outcomesAreInTheOrderOfTheTasks() throws InterruptedException {
        List<Callable<Integer>> tasks = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            int number = i;
            tasks.add(() -> number);
        }

        List<Outcome<Integer>> outcomes = Tasks.runAll(tasks, 256, LONG);

        for (int i = 0; i < 1_000; i++) {
            assertThat(outcomes.get(i)).isEqualTo(new Outcome.Done<>(i));
        }
    }

    @Test
    void noTasksEndAtOnce() throws InterruptedException {
        assertThat(Tasks.runAll(List.<Callable<String>>of(), 3, LONG)).isEmpty();
    }

    @Test
    void aTaskThatFailsTellsItsCauseAndStopsNoOther() throws InterruptedException {
        IOException refused = new IOException("refused");
        StackOverflowError deep = new StackOverflowError();

        List<Outcome<String>> outcomes = Tasks.runAll(
                List.<Callable<String>>of(
                        () -> {
                            throw refused;
                        },
                        () -> {
                            throw deep;
                        },
                        () -> "done"),
                1,
                LONG);

        assertThat(outcomes)
                .containsExactly(new Outcome.Failed<>(refused), new Outcome.Failed<>(deep), new Outcome.Done<>("done"));
    }

    @Test
    void noMoreThanTheLimitRunAtOnce() throws InterruptedException {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Callable<String> task = () -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            TimeUnit.MILLISECONDS.sleep(1);
            running.decrementAndGet();
            return "";
        };

        Tasks.runAll(Collections.nCopies(200, task), 3, LONG);

        assertThat(most.get()).isBetween(1, 3);
    }

    /** All wait for each other: so many threads are there only if those that are held up are made up for. */
    @Test
    void tasksThatAreHeldUpDoNotHoldUpTheOthers() throws InterruptedException {
        CountDownLatch together = new CountDownLatch(100);
        Callable<Boolean> task = () -> {
            together.countDown();
            return together.await(20, TimeUnit.SECONDS);
        };

        assertThat(Tasks.runAll(Collections.nCopies(100, task), 100, LONG)).allMatch(new Outcome.Done<>(true)::equals);
    }

    @Test
    void whatHasNotEndedAtTheDeadlineIsInterruptedAndWhatNotBegunIsTimedOutToo() throws InterruptedException {
        CountDownLatch interrupted = new CountDownLatch(1);
        AtomicBoolean begun = new AtomicBoolean();
        CountDownLatch never = new CountDownLatch(1);

        List<Outcome<String>> outcomes = Tasks.runAll(
                List.<Callable<String>>of(
                        () -> "done",
                        () -> {
                            try {
                                never.await();
                                return "never";
                            } finally {
                                interrupted.countDown();
                            }
                        },
                        () -> {
                            begun.set(true);
                            return "begun";
                        }),
                1,
                Duration.ofMillis(100));

        assertThat(outcomes)
                .containsExactly(new Outcome.Done<>("done"), new Outcome.TimedOut<>(), new Outcome.TimedOut<>());
        assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(begun).isFalse();
    }

    @Test
    void aCallerThatIsInterruptedInterruptsTheTasks() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        FutureTask<Boolean> caller = new FutureTask<>(() -> {
            try {
                Tasks.runAll(
                        List.<Callable<String>>of(() -> {
                            running.countDown();
                            try {
                                never.await();
                                return "never";
                            } finally {
                                interrupted.countDown();
                            }
                        }),
                        1,
                        LONG);
                return false;
            } catch (InterruptedException e) {
                return true;
            }
        });
        Thread thread = Thread.ofPlatform().daemon().start(caller);
        assertThat(running.await(20, TimeUnit.SECONDS)).isTrue();

        thread.interrupt();

        assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(caller).succeedsWithin(LONG).isEqualTo(true);
    }

    @Test
    void aLimitBelowOneIsRefused() {
        assertThatThrownBy(() -> Tasks.runAll(List.<Callable<String>>of(() -> ""), 0, LONG))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
