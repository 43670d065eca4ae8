package dev.panoptes.cli.observer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.panoptes.cli.observer.Delivery.Kind;
import dev.panoptes.cli.shell.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Time passes only while the service pauses. */
final class ObserverServiceTest {
    private static final Delivery OK = new Delivery.Accepted();
    private static final Duration EVERY = Duration.ofSeconds(60);

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<Duration> pauses = new ArrayList<>();
    private final List<String> sent = new ArrayList<>();
    private final Deque<Delivery> answers = new ArrayDeque<>();
    private long now;
    /** The pause, counted from 1, that a change ends half-way. */
    private int changesInPause = -1;

    private int looks;
    private ObserverService.Seen blocked;

    private static Delivery.Failed failed(Kind kind, Duration retryAfter) {
        return new Delivery.Failed("because of " + kind, "", kind, retryAfter);
    }

    /** Runs until there is no answer left. */
    private ExitCode run(Delivery... deliveries) throws IOException, InterruptedException {
        answers.addAll(List.of(deliveries));
        ObserverService service = new ObserverService(
                () -> {
                    looks++;
                    return blocked == null
                            ? new ObserverService.Seen.Snapshot(
                                    Integer.toString(looks).getBytes(StandardCharsets.UTF_8))
                            : blocked;
                },
                snapshot -> {
                    sent.add(new String(snapshot, StandardCharsets.UTF_8));
                    return answers.remove();
                },
                EVERY,
                () -> now,
                time -> {
                    pauses.add(time);
                    boolean changes = pauses.size() == changesInPause;
                    now += changes ? time.toNanos() / 2 : time.toNanos();
                    if (answers.isEmpty()) {
                        throw new InterruptedException();
                    }
                    return changes;
                },
                new SplittableRandom(1),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        return service.run();
    }

    private void runToTheEnd(Delivery... deliveries) {
        assertThatThrownBy(() -> run(deliveries)).isInstanceOf(InterruptedException.class);
    }

    private String said() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void itLooksAtOnceAndThenAfterTheTimeThatWasGivenGiveOrTakeATenth() {
        runToTheEnd(OK, OK, OK, OK);

        assertThat(sent).containsExactly("1", "2", "3", "4");
        assertThat(pauses)
                .allSatisfy(pause -> assertThat(pause).isBetween(Duration.ofSeconds(54), Duration.ofSeconds(66)));
        assertThat(pauses).doesNotHaveDuplicates();
        assertThat(said()).isEmpty();
    }

    @Test
    void whatCouldNotBeSentIsTriedAgainUntilSomethingNewerWasSeen() {
        Delivery down = failed(Kind.UNREACHED, null);
        runToTheEnd(OK, down, down, down, down, down, down, down, OK);

        assertThat(sent).isSorted().startsWith("1", "2", "2", "2", "2");
        assertThat(sent.getLast()).isEqualTo(Integer.toString(looks)).isGreaterThan("2");
        assertThat(said()).isEqualTo("panoptes: because of UNREACHED\npanoptes: sent again after 7 failures\n");
    }

    @Test
    void pausesGrowToFiveMinutesAndNeverPastThem() {
        Delivery[] down = new Delivery[30];
        java.util.Arrays.fill(down, failed(Kind.LATER, null));
        runToTheEnd(down);

        assertThat(pauses.getFirst()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
        assertThat(pauses.getLast()).isBetween(Duration.ofSeconds(150), Duration.ofSeconds(300));
    }

    @Test
    void theServerIsNotAskedSoonerThanItWants() {
        runToTheEnd(failed(Kind.LATER, Duration.ofSeconds(45)), OK);

        assertThat(pauses.getFirst()).isEqualTo(Duration.ofSeconds(45));
        assertThat(sent).containsExactly("1", "1");
    }

    @Test
    void aSnapshotThatIsRefusedIsDroppedAndTheNextOneIsSentInItsTime() {
        runToTheEnd(OK, failed(Kind.SNAPSHOT, null), OK);

        assertThat(sent).containsExactly("1", "2", "3");
        assertThat(pauses).allSatisfy(pause -> assertThat(pause).isGreaterThan(Duration.ofSeconds(50)));
    }

    @Test
    void aTokenThatNeverWasAcceptedEndsIt() throws IOException, InterruptedException {
        assertThat(run(failed(Kind.UNREACHED, null), failed(Kind.CALLER, null))).isEqualTo(ExitCode.USAGE);
        assertThat(said()).endsWith("because of CALLER\n");
    }

    @Test
    void aTokenThatOnceWasAcceptedMayBeReplaced() {
        runToTheEnd(OK, failed(Kind.CALLER, null), OK);

        assertThat(said()).contains("because of CALLER").contains("sent again");
    }

    @Test
    void withoutAPlanItTriesAgainToGetOne() {
        blocked = new ObserverService.Seen.Nothing(failed(Kind.UNREACHED, null));
        runToTheEnd();

        assertThat(looks).isEqualTo(1);
        assertThat(sent).isEmpty();
        assertThat(pauses).hasSize(1);
    }

    @Test
    void whatChangedWhileTheServerCouldNotBeReachedIsLookedAtAnew() {
        changesInPause = 1;
        runToTheEnd(failed(Kind.UNREACHED, null), OK);

        assertThat(sent).containsExactly("1", "2");
        assertThat(pauses.getFirst()).isLessThanOrEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void aChangeIsNoReasonToAskTheServerSoonerThanItWants() {
        changesInPause = 1;
        runToTheEnd(failed(Kind.LATER, Duration.ofSeconds(45)), OK);

        assertThat(sent).containsExactly("1", "2");
        assertThat(pauses.get(0).toMillis() / 2 + pauses.get(1).toMillis()).isEqualTo(45_000);
    }
}
