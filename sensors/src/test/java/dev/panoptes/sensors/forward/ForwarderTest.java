package dev.panoptes.sensors.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.sensors.Log;
import dev.panoptes.sensors.spool.Batch;
import dev.panoptes.sensors.spool.Limits;
import dev.panoptes.sensors.spool.LostRange;
import dev.panoptes.sensors.spool.Spool;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The network is away for an hour of a clock that the test turns, while every second something happens. */
class ForwarderTest {
    private static final long HOUR = Duration.ofHours(1).toMillis();

    @TempDir
    Path directory;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final Log log =
            new Log(new PrintStream(said, true, StandardCharsets.UTF_8), InstantSource.system(), Log.Level.INFO);
    private final List<Long> arrived = new ArrayList<>();
    private final List<LostRange> lost = new ArrayList<>();
    private long now;
    private long happened;
    private long tries;

    /** One event in every second of the time that passes. */
    private void pass(Spool spool, long millis) {
        long until = now + millis;
        try {
            while ((happened + 1) * 1_000 <= until) {
                happened++;
                spool.append(("{\"n\":" + happened + "}\n").getBytes(StandardCharsets.UTF_8), 1, Map.of());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        now = until;
    }

    private long kept(Batch batch) {
        lost.addAll(batch.lost());
        for (long number = batch.first(); number < batch.first() + batch.count(); number++) {
            arrived.add(number);
        }
        long told = batch.lost().stream().mapToLong(LostRange::to).max().orElse(0);
        return Math.max(told, batch.count() > 0 ? batch.last() : 0);
    }

    private Publisher.Answer away(Batch batch) {
        tries++;
        return now < HOUR
                ? new Publisher.Answer.Later("no server answers", null)
                : new Publisher.Answer.Kept(kept(batch));
    }

    private void until(Forwarder forwarder, long end) throws InterruptedException {
        while (now < end) {
            if (!forwarder.step()) {
                return;
            }
        }
    }

    @Test
    void nothingIsLostOrSentTwiceAndTheServerIsAskedOnceAMinute() throws IOException, InterruptedException {
        try (Spool spool = Spool.open(directory, Limits.DEFAULT, UUID.randomUUID())) {
            Forwarder forwarder = new Forwarder(
                    "auth",
                    spool,
                    (_, _, batch, _) -> away(batch),
                    log,
                    new SplittableRandom(7),
                    millis -> pass(spool, millis));
            pass(spool, 1_000);
            until(forwarder, 2 * HOUR);
            assertThat(happened).isGreaterThanOrEqualTo(3_600);
            assertThat(arrived)
                    .isEqualTo(LongStream.rangeClosed(1, happened).boxed().toList());
            assertThat(lost).isEmpty();
            assertThat(spool.acknowledged()).isEqualTo(happened);
            assertThat(tries).isBetween(60L, 150L);
            assertThat(said.toString(StandardCharsets.UTF_8).lines().toList())
                    .hasSize(2)
                    .first()
                    .asString()
                    .contains("events wait: no server answers");
        }
    }

    @Test
    void whatHadNoRoomMeanwhileIsToldByItsNumbers() throws IOException, InterruptedException {
        Limits small = new Limits(40_000, 10_000, true);
        try (Spool spool = Spool.open(directory, small, UUID.randomUUID())) {
            Forwarder forwarder = new Forwarder(
                    "auth",
                    spool,
                    (_, _, batch, _) -> away(batch),
                    log,
                    new SplittableRandom(7),
                    millis -> pass(spool, millis));
            pass(spool, 1_000);
            until(forwarder, 2 * HOUR);
            assertThat(lost).isNotEmpty().allMatch(range -> range.reason().equals("disk_full"));
            List<Long> accounted = new ArrayList<>(arrived);
            lost.forEach(
                    range -> LongStream.rangeClosed(range.from(), range.to()).forEach(accounted::add));
            assertThat(accounted.stream().sorted().toList())
                    .isEqualTo(LongStream.rangeClosed(1, happened).boxed().toList());
        }
    }

    @Test
    void theServersOwnTimeIsObeyedAndWhatIsTooLargeIsHalved() throws IOException, InterruptedException {
        List<Long> pauses = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        try (Spool spool = Spool.open(directory, Limits.DEFAULT, UUID.randomUUID())) {
            Forwarder forwarder = new Forwarder(
                    "auth",
                    spool,
                    (_, _, batch, _) -> {
                        sizes.add(batch.count());
                        if (sizes.size() == 1) {
                            return new Publisher.Answer.Later("too many", Duration.ofMinutes(5));
                        }
                        return batch.count() > 25
                                ? new Publisher.Answer.TooLarge()
                                : new Publisher.Answer.Kept(kept(batch));
                    },
                    log,
                    new SplittableRandom(7),
                    pauses::add);
            pass(spool, 100_000);
            while (forwarder.step()) {
                assertThat(sizes).hasSizeLessThan(100);
            }
            assertThat(pauses.getFirst()).isBetween(300_000L, 375_000L);
            assertThat(sizes).startsWith(100, 100, 50, 25);
            assertThat(arrived).isEqualTo(LongStream.rangeClosed(1, 100).boxed().toList());
        }
    }
}
