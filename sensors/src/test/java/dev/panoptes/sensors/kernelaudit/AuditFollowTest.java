package dev.panoptes.sensors.kernelaudit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.event.Event;
import dev.panoptes.core.host.Host;
import dev.panoptes.core.host.Privileges;
import dev.panoptes.sensors.EventSink;
import dev.panoptes.sensors.Loss;
import dev.panoptes.sensors.Settings;
import dev.panoptes.sensors.Surroundings;
import dev.panoptes.sensors.live.LogFollower;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An audit.log that is written piece by piece, by two processors at once, is rotated, copied away and cut, and misses serials,
 * while whoever follows it is killed again and again: what is told is what was written, each serial once and whole.
 */
class AuditFollowTest {
    private static final int STEPS = 500;

    @TempDir
    private Path folder;

    private final Kept kept = new Kept();
    private Instant now = Instant.parse("2024-02-03T04:05:06Z");
    private LogFollower follower;
    private Random random;

    /** What was written: types of records by serial, in the order of first records. */
    private final List<String> written = new ArrayList<>();

    private final List<List<String>> open = new ArrayList<>();
    private final StringBuilder unfinished = new StringBuilder();
    private Instant late = Instant.MAX;
    private Path writesTo;
    private long serial = 4_294_967_000L;
    private long missing;
    private int rotations;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void nothingIsLostAndNothingToldTwice(long seed) throws IOException, InterruptedException {
        random = new Random(seed);
        writesTo = folder.resolve("audit.log");
        write("");
        start();
        for (int i = 0; i < STEPS; i++) {
            happen();
            if (now.isAfter(late)) { // records come within two seconds, or they are told apart
                drain();
            }
            now = now.plusMillis(random.nextInt(300));
            look();
        }
        kept.patience = Integer.MAX_VALUE;
        drain();
        writesTo = folder.resolve("audit.log");
        event(); // whoever reads a moved log waits for its successor
        drain();
        for (int i = 0; i < 3; i++) {
            now = now.plusSeconds(10);
            look();
        }

        assertThat(kept.told).containsExactlyElementsOf(written);
        assertThat(kept.lost).isEqualTo(missing);
        assertThat(rotations).isPositive();
        assertThat(kept.kills).isPositive();
    }

    private void start() throws IOException {
        Surroundings surroundings = new Surroundings(
                Host.live(),
                new Privileges(0, 0, false),
                () -> now,
                ZoneOffset.UTC,
                Settings.none(),
                source -> Optional.ofNullable(kept.positions.get(source)),
                null,
                false);
        follower = new LogFollower(
                folder.resolve("audit.log"), "/audit.log", new AuditFeed(AuditTables.load()), kept, surroundings);
        follower.open();
        kept.patience = 1 + random.nextInt(60);
    }

    private void look() throws IOException, InterruptedException {
        try {
            follower.step();
        } catch (Killed e) {
            kept.kills++;
            start();
        }
    }

    private void happen() throws IOException {
        switch (random.nextInt(40)) {
            case 0 -> moveAway();
            case 1 -> copyAndCut();
            case 2, 3 -> {
                flushWriter();
                writesTo = folder.resolve("audit.log"); // it is told to open its log anew
                write("");
            }
            default -> {
                int count = random.nextInt(12);
                for (int i = 0; i < count; i++) {
                    if (open.isEmpty() || (open.size() < 3 && random.nextInt(3) == 0)) {
                        event();
                    }
                    record();
                }
            }
        }
    }

    /** One more of what the processors tell at once. */
    private void event() {
        if (random.nextInt(15) == 0 && !written.isEmpty()) {
            int gap = 1 + random.nextInt(4);
            missing += gap;
            serial = serial + gap & 4_294_967_295L;
        }
        serial = serial + 1 & 4_294_967_295L;
        String stamp = " msg=audit(%d.%03d:%d): ".formatted(now.getEpochSecond(), now.getNano() / 1_000_000, serial);
        List<String> types = random.nextInt(4) == 0
                ? List.of("USER_LOGIN")
                : List.of("SYSCALL", "CWD", "PATH", "PROCTITLE", "EOE").subList(0, 2 + random.nextInt(4));
        List<String> records = new ArrayList<>();
        for (String type : types) {
            records.add("type=" + type + stamp
                    + switch (type) {
                        case "SYSCALL" -> "arch=c000003e syscall=59 success=yes exit=0 pid=3538 uid=0 comm=\"cat\"";
                        case "CWD" -> "cwd=\"/\"";
                        case "PATH" -> "item=0 name=\"/bin/cat\" inode=1 nametype=NORMAL";
                        case "PROCTITLE" -> "proctitle=636174";
                        case "EOE" -> "";
                        default ->
                            "pid=1 uid=0 auid=1 ses=1 msg='op=login acct=\"a\" exe=\"/usr/sbin/sshd\" res=failed'";
                    });
        }
        if (open.isEmpty()) {
            late = now.plusMillis(300);
        }
        open.add(records);
        written.add(serial + " "
                + String.join(
                        ",", types.stream().filter(type -> !type.equals("EOE")).toList()));
    }

    private void record() throws IOException {
        int which = random.nextInt(open.size());
        // The first records come in the order of their serials, as the kernel queues them.
        for (int i = 0; i < which; i++) {
            if (open.get(i).getFirst().startsWith("type=SYSCALL")
                    || open.get(i).getFirst().startsWith("type=USER_LOGIN")) {
                which = i;
            }
        }
        unfinished.append(open.get(which).removeFirst()).append('\n');
        if (open.get(which).isEmpty()) {
            open.remove(which);
        }
        int length = random.nextInt(unfinished.length() + 1);
        write(unfinished.substring(0, length));
        unfinished.delete(0, length);
    }

    private void flushWriter() throws IOException {
        write(unfinished.toString());
        unfinished.setLength(0);
    }

    private void moveAway() throws IOException {
        Path log = folder.resolve("audit.log");
        if (Files.exists(log) && writesTo.equals(log)) {
            rotations++;
            Path moved = folder.resolve("audit.log." + rotations);
            Files.move(log, moved);
            writesTo = moved;
        }
    }

    private void copyAndCut() throws IOException {
        Path log = folder.resolve("audit.log");
        if (Files.exists(log) && writesTo.equals(log) && Files.size(log) > 0) {
            flushWriter();
            rotations++;
            Path copy = folder.resolve("audit.log." + rotations);
            Files.copy(log, copy);
            touch(copy);
            Files.write(log, new byte[0]);
            event();
            drain();
        }
    }

    private void drain() throws IOException {
        while (!open.isEmpty()) {
            record();
        }
        flushWriter();
        late = Instant.MAX;
    }

    private void write(String text) throws IOException {
        Files.writeString(writesTo, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        touch(writesTo);
    }

    /** Times of files are coarser than this test is fast. */
    private void touch(Path file) throws IOException {
        now = now.plusNanos(1_000_000);
        Files.setLastModifiedTime(file, FileTime.from(now));
    }

    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private static final class Kept implements EventSink {
        private final List<String> told = new ArrayList<>();
        private final Map<String, String> positions = new HashMap<>();
        private long lost;
        private int patience = Integer.MAX_VALUE;
        private int kills;

        @Override
        public void together(Giving giving) throws InterruptedException {
            tire();
            giving.give();
        }

        private void tire() {
            patience--;
            if (patience < 0) {
                throw new Killed();
            }
        }

        @Override
        public void event(Event.Builder event) {
            Event built = event.build();
            told.add(built.number("auditd.serial") + " " + String.join(",", texts(built)));
        }

        private static List<String> texts(Event event) {
            return event.values("auditd.record_types").stream()
                    .map(String::valueOf)
                    .toList();
        }

        @Override
        public void lost(Loss reason, String provider, long count) {
            assertThat(count).as("a gap without its length").isPositive();
            lost += count;
        }

        @Override
        public void malformed(String provider, long count) {
            throw new AssertionError("everything can be read here");
        }

        @Override
        public void position(String source, String position) {
            positions.put(source, position);
        }

        @Override
        public void flush() {
            // nothing is held back
        }
    }
}
