package dev.panoptes.integrity.judging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.judging.Scanner.Judged;
import dev.panoptes.integrity.world.World;
import dev.panoptes.integrity.world.WorldBuilder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class ScannerTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final World WORLD = new WorldBuilder().build();

    @Test
    void aCheckThatThrowsIsAnIssueAndAnUnknownAndTheOthersRun() throws InterruptedException {
        List<Judged> judged = new Scanner(
                        List.of(
                                check("throws", world -> {
                                    throw new IllegalStateException("broken");
                                }),
                                check("overflows", world -> overflow(1)),
                                check("passes", world -> List.of(new CheckResult.Pass("a")))),
                        LONG)
                .scan(WORLD);

        assertThat(Scanner.issues(judged, WorldBuilder.NOW))
                .extracting(Issue::id)
                .containsExactly("scanner-error-overflows", "scanner-error-throws");
        assertThat(judged)
                .contains(new Judged(info("passes"), new CheckResult.Pass("a")))
                .contains(new Judged(info("throws"), new CheckResult.Unknown("throws", "the check itself failed")));
    }

    @Test
    void aCheckThatIgnoresItsInterruptionIsLeftBehindAndTheRestRuns() throws InterruptedException {
        AtomicBoolean released = new AtomicBoolean();
        Check stubborn = check("stubborn", world -> {
            while (!released.get()) {
                Thread.onSpinWait();
            }
            return List.of();
        });
        try {
            List<Judged> judged = new Scanner(
                            List.of(
                                    stubborn,
                                    stubborn,
                                    stubborn,
                                    check("passes", world -> List.of(new CheckResult.Pass("a")))),
                            Duration.ofMillis(50),
                            LONG)
                    .scan(WORLD);

            assertThat(judged).contains(new Judged(info("passes"), new CheckResult.Pass("a")));
            assertThat(Scanner.issues(judged, WorldBuilder.NOW))
                    .hasSize(3)
                    .allSatisfy(issue ->
                            assertThat(issue.evidence().getFirst().text()).contains("did not end within"));
        } finally {
            released.set(true);
        }
    }

    @Test
    void checksThatCannotBeginBeforeTheDeadlineAreUnknown() throws InterruptedException {
        List<Judged> judged = new Scanner(
                        List.of(check("late", world -> List.of(new CheckResult.Pass("a")))), LONG, Duration.ZERO)
                .scan(WORLD);

        assertThat(judged).hasSize(1);
        assertThat(judged.getFirst().result()).isInstanceOf(CheckResult.Unknown.class);
    }

    @Test
    void anInterruptedScanInterruptsItsChecksAndGivesNoResult() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        Check waits = check("waits", world -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
            return List.of();
        });
        Thread caller = Thread.currentThread();
        Thread interrupter = Thread.ofVirtual().start(() -> {
            try {
                begun.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            caller.interrupt();
        });

        assertThatThrownBy(() -> new Scanner(List.of(waits), LONG).scan(WORLD))
                .isInstanceOf(InterruptedException.class);
        interrupter.join();
        interrupted.await();
    }

    @Test
    void issuesThatWouldShareAnIdGetPartOfTheirFingerprint() {
        List<Issue> issues = Scanner.issues(
                List.of(
                        new Judged(info("dir"), failure("a", "x/y")),
                        new Judged(info("dir"), failure("b", "x-y")),
                        new Judged(info("dir"), failure("c", "z"))),
                WorldBuilder.NOW);

        assertThat(issues).extracting(Issue::id).doesNotHaveDuplicates().contains("dir-z");
        assertThat(issues)
                .filteredOn(issue -> !issue.id().equals("dir-z"))
                .allSatisfy(issue -> assertThat(issue.id())
                        .isEqualTo("dir-x-y-" + issue.fingerprint().substring(0, 4)));
    }

    @Test
    void theOriginalContractKeepsTheSubjectAndAnotherHostIsNamed() {
        CheckInfo original = CheckInfo.original("missing-url", "c", Severity.HIGH, CheckGroup.REGISTRY, "t");
        CheckResult local = failure("Samwell_Tarly", "Samwell_Tarly");
        CheckResult remote = Failure.of("a")
                .host("web-1")
                .title("t")
                .description("d")
                .affected("a")
                .recommend("r")
                .evidence(Evidence.of("registry", "e"))
                .fail();

        assertThat(Scanner.issues(List.of(new Judged(original, local), new Judged(original, remote)), WorldBuilder.NOW))
                .extracting(Issue::id)
                .containsExactly("missing-url-Samwell_Tarly", "missing-url-a@web-1");
    }

    private static List<CheckResult> overflow(int depth) {
        return depth == 0 ? List.of() : overflow(depth + 1);
    }

    private static CheckResult failure(String subject, String affected) {
        return Failure.of(subject)
                .title("t")
                .description("d")
                .affected(affected)
                .recommend("r")
                .evidence(Evidence.of("registry", "e"))
                .fail();
    }

    private static CheckInfo info(String id) {
        return CheckInfo.of(id, Severity.LOW, CheckGroup.REGISTRY, "fails in a test");
    }

    private interface Body {
        List<CheckResult> run(World world) throws InterruptedException;
    }

    private static Check check(String id, Body body) {
        return new Check() {
            @Override
            public CheckInfo info() {
                return ScannerTest.info(id);
            }

            @Override
            public List<CheckResult> run(World world) throws InterruptedException {
                return body.run(world);
            }
        };
    }
}
