package dev.panoptes.sensors.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A sensor that is killed at any moment, and a power cut: the ledger equals what was given, exactly. {@code
 * -Dpanoptes.crash.points=1000} kills more often, {@code -Dpanoptes.crash.seed} plays a run again.
 */
class SpoolCrashTest {
    private static final int POINTS = Integer.getInteger("panoptes.crash.points", 10);
    private static final long SEED = Long.getLong("panoptes.crash.seed", 20_261_129);

    @TempDir
    Path directory;

    private Process start(long seed, String drop, String mode) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xshare:auto",
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        SpoolCrashMain.class.getName(),
                        directory.resolve("spool").toString(),
                        directory.resolve("ledger").toString(),
                        Long.toString(seed),
                        drop,
                        mode)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    @ParameterizedTest
    @ValueSource(strings = {"oldest", "newest"})
    void theLedgerEqualsWhatWasGivenWhereverItIsKilled(String drop) throws IOException, InterruptedException {
        Random random = new Random(SEED);
        for (int point = 0; point < POINTS; point++) {
            Process process = start(random.nextLong(), drop, "run");
            try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
                assertThat(out.readLine())
                        .as("seed " + SEED + " point " + point)
                        .isEqualTo("ready");
                process.waitFor(random.nextInt(150), TimeUnit.MILLISECONDS);
            } finally {
                process.destroyForcibly();
                assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            }
        }
        Process last = start(0, drop, "drain");
        String said;
        try (BufferedReader out = last.inputReader(StandardCharsets.UTF_8)) {
            said = out.readLine();
        } finally {
            assertThat(last.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
        long given = Long.parseLong(said.substring("drained ".length()));
        try (CrashLedger ledger = CrashLedger.open(directory.resolve("ledger"))) {
            assertThat(ledger.faults()).as("seed " + SEED).isEmpty();
            assertThat(ledger.events()).isSorted();
            assertThat(new HashSet<>(ledger.events())).hasSize(ledger.events().size());
            assertThat(ledger.acknowledged()).isEqualTo(ledger.events().size() + ledger.lost());
            assertThat(given).isPositive().isEqualTo(ledger.events().size() + ledger.lost());
        }
    }

    /** The files as they were when each frame had been made durable, and torn at any octet of the next. */
    @Test
    void aPowerCutKeepsWhatWasDurable() throws IOException {
        Path spool = directory.resolve("spool");
        try (Spool open = Spool.open(spool, Limits.DEFAULT, UUID.randomUUID())) {
            for (int i = 1; i <= 6; i++) {
                String lines = ("{\"n\":" + i + "}\n").repeat(i);
                open.append(lines.getBytes(StandardCharsets.UTF_8), i, Map.of("source", Integer.toString(i)));
            }
        }
        Path segment = segments(spool).getFirst();
        byte[] whole = Files.readAllBytes(segment);
        for (int cut = 0; cut <= whole.length; cut++) {
            Files.write(segment, java.util.Arrays.copyOf(whole, cut));
            try (Spool open = Spool.open(spool, Limits.DEFAULT, UUID.randomUUID())) {
                int frames = Integer.parseInt(open.position("source").orElse("0"));
                assertThat(open.next()).as("cut at " + cut).isEqualTo(1 + frames * (frames + 1L) / 2);
                assertThat(open.lost()).isEmpty();
            }
            Files.write(segment, whole);
        }
        try (Spool open = Spool.open(spool, Limits.DEFAULT, UUID.randomUUID())) {
            assertThat(open.next()).isEqualTo(22);
        }
    }

    @Test
    void segmentsThatAreGoneWithoutAWordAreTold() throws IOException {
        Path spool = directory.resolve("spool");
        Limits small = new Limits(1 << 20, 200, true);
        try (Spool open = Spool.open(spool, small, UUID.randomUUID())) {
            for (int i = 1; i <= 30; i++) {
                open.append("{\"n\":12345678901234567890}\n".getBytes(StandardCharsets.UTF_8), 1, Map.of());
            }
        }
        Files.delete(segments(spool).getFirst());
        long first = Long.parseLong(
                segments(spool).getFirst().getFileName().toString().replaceAll("\\D", ""));
        try (Spool open = Spool.open(spool, small, UUID.randomUUID())) {
            assertThat(open.lost()).containsExactly(new LostRange(1, first - 1, "disk_full"));
            open.append(new byte[0], 0, Map.of("written", "1"));
            Batch batch = open.batch(1 << 20, 1000);
            assertThat(batch.first()).isEqualTo(first);
            assertThat(batch.lost()).containsExactly(new LostRange(1, first - 1, "disk_full"));
        }
    }

    private static List<Path> segments(Path spool) throws IOException {
        try (Stream<Path> all = Files.list(spool)) {
            return all.filter(Segment::isOne).sorted().toList();
        }
    }
}
