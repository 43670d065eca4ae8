package dev.panoptes.sensors.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was appended is there after any end, once and in order; what is gone is told by number. */
class SpoolTest {
    private static final Limits SMALL = new Limits(4_000, 1_000, true);

    @TempDir
    Path directory;

    private Spool open(Limits limits) throws IOException {
        return Spool.open(directory.resolve("spool"), limits, UUID.randomUUID());
    }

    private static byte[] lines(long first, int count) {
        StringBuilder text = new StringBuilder();
        for (long number = first; number < first + count; number++) {
            text.append("{\"n\":").append(number).append("}\n");
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void append(Spool spool, int count, Map<String, String> positions) throws IOException {
        spool.append(lines(spool.next(), count), count, positions);
    }

    /** Sends everything to a server that keeps the ledger. @return the numbers that came */
    private static List<Long> drain(Spool spool, List<LostRange> lost) throws IOException {
        List<Long> came = new ArrayList<>();
        for (Batch batch = spool.batch(300, 10); !batch.isEmpty(); batch = spool.batch(300, 10)) {
            lost.addAll(batch.lost());
            for (String line : new String(batch.lines(), StandardCharsets.UTF_8).split("\n")) {
                if (!line.isEmpty()) {
                    came.add(Long.parseLong(line.replaceAll("\\D", "")));
                }
            }
            long last = batch.count() > 0
                    ? batch.last()
                    : batch.lost().stream().mapToLong(LostRange::to).max().orElseThrow();
            spool.acknowledge(last);
        }
        return came;
    }

    @Test
    void everythingComesOnceAndInOrderOverRestarts() throws IOException {
        List<Long> came = new ArrayList<>();
        UUID stream = null;
        SplittableRandom random = new SplittableRandom(7);
        long written = 0;
        for (int run = 0; run < 20; run++) {
            try (Spool spool = open(Limits.DEFAULT)) {
                assertThat(stream == null || stream.equals(spool.stream())).isTrue();
                stream = spool.stream();
                assertThat(spool.next()).isEqualTo(written + 1);
                for (int i = 0; i < 5; i++) {
                    int count = random.nextInt(1, 9);
                    append(spool, count, Map.of("log", "at " + (written + count)));
                    written += count;
                }
                if (run % 3 == 0) {
                    came.addAll(drain(spool, new ArrayList<>()));
                }
            }
        }
        try (Spool spool = open(Limits.DEFAULT)) {
            assertThat(spool.position("log")).contains("at " + written);
            came.addAll(drain(spool, new ArrayList<>()));
        }
        assertThat(came).hasSize((int) written);
        for (int i = 0; i < came.size(); i++) {
            assertThat(came.get(i)).isEqualTo(i + 1L);
        }
    }

    /** A power cut leaves any part of the last write: what was durable before stays, the rest was never there. */
    @Test
    void aTornWriteLeavesWhatWasBefore() throws IOException {
        try (Spool spool = open(Limits.DEFAULT)) {
            append(spool, 3, Map.of("log", "3"));
            append(spool, 4, Map.of("log", "7"));
        }
        Path segment;
        try (Stream<Path> files = Files.list(directory.resolve("spool"))) {
            segment = files.filter(file -> file.getFileName().toString().startsWith("segment"))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] whole = Files.readAllBytes(segment);
        for (int cut = whole.length - 1; cut > whole.length - 60; cut--) {
            Files.write(segment, java.util.Arrays.copyOf(whole, cut));
            try (Spool spool = open(Limits.DEFAULT)) {
                assertThat(spool.next()).isEqualTo(4);
                assertThat(spool.position("log")).contains("3");
            }
        }
    }

    @Test
    void atTheBoundTheOldestGoAndAreTold() throws IOException {
        try (Spool spool = open(SMALL)) {
            for (int i = 0; i < 200; i++) {
                append(spool, 5, Map.of());
            }
            assertThat(spool.bytes()).isLessThan(6_000);
            List<LostRange> lost = new ArrayList<>();
            List<Long> came = drain(spool, lost);
            long missing = lost.stream().distinct().mapToLong(LostRange::count).sum();
            assertThat(missing + came.size()).isEqualTo(1_000);
            assertThat(came.getLast()).isEqualTo(1_000);
            assertThat(lost).allMatch(range -> range.reason().equals("disk_full"));
        }
    }

    @Test
    void atTheBoundTheNewestGoWhereThatIsWanted() throws IOException {
        List<LostRange> lost = new ArrayList<>();
        List<Long> came;
        try (Spool spool = open(new Limits(4_000, 1_000, false))) {
            for (int i = 0; i < 200; i++) {
                append(spool, 5, Map.of());
            }
            came = drain(spool, lost);
            append(spool, 5, Map.of());
            came.addAll(drain(spool, lost));
        }
        long missing = lost.stream().distinct().mapToLong(LostRange::count).sum();
        assertThat(missing + came.size()).isEqualTo(1_005);
        assertThat(came.getFirst()).isEqualTo(1);
        assertThat(came.getLast()).isEqualTo(1_005);
    }

    @Test
    void aSecondOneIsRefused() throws IOException {
        try (Spool first = open(Limits.DEFAULT)) {
            assertThat(first.next()).isEqualTo(1);
            assertThatThrownBy(() -> open(Limits.DEFAULT)).isInstanceOf(SpoolInUse.class);
        }
    }

    @Test
    void aBatchMayBeHalved() throws IOException {
        try (Spool spool = open(Limits.DEFAULT)) {
            append(spool, 9, Map.of());
            Batch half = spool.batch(1_000, 100).half();
            assertThat(half.count()).isEqualTo(4);
            spool.acknowledge(half.last());
            Batch rest = spool.batch(1_000, 100);
            assertThat(rest.first()).isEqualTo(5);
            assertThat(rest.count()).isEqualTo(5);
        }
    }
}
