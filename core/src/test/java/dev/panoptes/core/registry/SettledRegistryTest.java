package dev.panoptes.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.yaml.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettledRegistryTest {
    private static final String ADA = "agents:\n  ada: {connection: {url: 'http://ada:1'}}\n";
    private static final String BOB = "  bob: {connection: {url: 'http://bob:2'}}\n";

    @TempDir
    private Path folder;

    private Path file;
    private Instant now = Instant.parse("2026-03-01T10:00:00Z");
    private Duration waited = Duration.ZERO;
    private final Deque<Step> writer = new ArrayDeque<>();

    /** What somebody else does to the file so long after the beginning. */
    private record Step(Duration after, Runnable act) {}

    @BeforeEach
    void begin() {
        file = folder.resolve("agent-registry.yaml");
    }

    @Test
    void oneThatRestsIsReadOnceWithoutWaiting() {
        write(ADA + BOB);
        now = now.plusSeconds(60);
        assertThat(agents()).containsExactly("ada", "bob");
        assertThat(waited).isZero();
    }

    @Test
    void oneThatIsWrittenInPiecesIsReadWhenItIsWhole() {
        write(ADA);
        later(200, () -> append("  bo"));
        later(900, () -> append("b: {connection: {ur"));
        later(1_700, () -> append("l: 'http://bob:2'}}\n"));
        assertThat(agents()).containsExactly("ada", "bob");
        assertThat(waited).isBetween(Duration.ofMillis(1_700), Duration.ofMillis(2_200));
    }

    @Test
    void oneThatWasEmptiedToBeWrittenIsNoDamagedOne() {
        write("");
        later(400, () -> append(ADA));
        assertThat(agents()).containsExactly("ada");
    }

    @Test
    void oneThatIsRemovedToBeReplacedIsWaitedForOnlyWhereItIsExpected() throws IOException {
        Files.setLastModifiedTime(folder, FileTime.from(now));
        later(300, () -> write(ADA));
        assertThat(load(false)).isInstanceOf(RegistryResult.Absent.class);
        assertThat(waited).isZero();
        assertThat(agents()).containsExactly("ada");
    }

    @Test
    void oneThatIsReallyDamagedIsToldAfterASecond() {
        write("agents: [");
        assertThat(load(true)).isInstanceOf(RegistryResult.Broken.class);
        assertThat(waited).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void oneThatNeverRestsIsJudgedAsItIsAndTold() {
        write(ADA);
        for (int at = 100; at <= 4_000; at += 100) {
            later(at, () -> append("# still\n"));
        }
        assertThat(load(true)).isInstanceOfSatisfying(RegistryResult.Loaded.class, loaded -> {
            assertThat(loaded.registry().agents()).hasSize(1);
            assertThat(loaded.problems()).extracting(Problem::code).containsExactly("changing");
        });
        assertThat(waited).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void theBytesThatAreToldAreThoseThatWereJudged() throws InterruptedException {
        write(ADA);
        later(100, () -> append(BOB));
        List<String> told = new ArrayList<>();
        new SettledRegistry(() -> now, true, this::pause)
                .load(file, "r.yaml", bytes -> told.add(new String(bytes, StandardCharsets.UTF_8)));
        assertThat(told).containsExactly(ADA + BOB);
    }

    private List<String> agents() {
        return load(true) instanceof RegistryResult.Loaded(Registry registry, var problems) && problems.isEmpty()
                ? registry.agents().stream().map(DeclaredAgent::key).toList()
                : List.of();
    }

    private RegistryResult load(boolean expected) {
        try {
            return new SettledRegistry(() -> now, expected, this::pause).load(file, "r.yaml", _ -> {});
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Time passes, and with it the other writes on. */
    private void pause(Duration time) {
        waited = waited.plus(time);
        Instant end = now.plus(time);
        while (!writer.isEmpty() && writer.peek().after().compareTo(waited) <= 0) {
            now = end.minus(waited.minus(writer.peek().after()));
            writer.remove().act().run();
        }
        now = end;
    }

    private void later(int millis, Runnable act) {
        writer.add(new Step(Duration.ofMillis(millis), act));
    }

    private void write(String text) {
        change(text, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
    }

    private void append(String text) {
        change(text, StandardOpenOption.APPEND);
    }

    private void change(String text, StandardOpenOption... how) {
        try {
            Files.writeString(file, text, how);
            Files.setLastModifiedTime(file, FileTime.from(now));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
