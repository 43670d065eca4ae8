package dev.panoptes.sensors.spool;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What a server would have: every event once, and every number that is missing with its reason; on disk before it acknowledges. */
final class CrashLedger implements AutoCloseable {
    private final RandomAccessFile file;
    private final List<Long> events = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private long acknowledged;
    private long lost;
    private long duplicates;

    private CrashLedger(RandomAccessFile file) {
        this.file = file;
    }

    /** What was written before is read; a line that is not whole was never acknowledged. */
    static CrashLedger open(Path path) throws IOException {
        CrashLedger ledger = new CrashLedger(new RandomAccessFile(path.toFile(), "rw"));
        long whole = 0;
        String line;
        while ((line = ledger.file.readLine()) != null && ledger.file.getFilePointer() > whole) {
            ledger.file.seek(ledger.file.getFilePointer() - 1);
            if (ledger.file.read() != '\n') {
                break;
            }
            ledger.apply(line);
            whole = ledger.file.getFilePointer();
        }
        ledger.file.setLength(whole);
        ledger.file.seek(whole);
        return ledger;
    }

    /** @return up to where it has everything */
    synchronized long take(Batch batch) throws IOException {
        StringBuilder line =
                new StringBuilder().append(batch.first()).append(' ').append(batch.count());
        for (LostRange range : batch.lost()) {
            line.append(" L").append(range.from()).append('-').append(range.to());
        }
        for (String event : new String(batch.lines(), StandardCharsets.UTF_8).split("\n")) {
            if (!event.isEmpty()) {
                line.append(' ').append(event, 5, event.length() - 1);
            }
        }
        file.write(line.append('\n').toString().getBytes(StandardCharsets.UTF_8));
        file.getFD().sync();
        apply(line.substring(0, line.length() - 1));
        return acknowledged;
    }

    private void apply(String line) {
        String[] words = line.split(" ");
        long first = Long.parseLong(words[0]);
        int count = Integer.parseInt(words[1]);
        long at = acknowledged + 1;
        List<long[]> ranges = new ArrayList<>();
        int word = 2;
        for (; word < words.length && words[word].startsWith("L"); word++) {
            String[] ends = words[word].substring(1).split("-");
            ranges.add(new long[] {Long.parseLong(ends[0]), Long.parseLong(ends[1])});
        }
        ranges.sort(Comparator.comparingLong(range -> range[0]));
        for (long[] range : ranges) {
            if (range[1] < at) {
                continue;
            }
            if (range[0] > at) {
                faults.add("unexplained " + at + " to " + (range[0] - 1));
            }
            lost += range[1] - Math.max(at, range[0]) + 1;
            at = range[1] + 1;
        }
        if (count > 0 && first > at) {
            faults.add("unexplained " + at + " to " + (first - 1));
        }
        for (int i = 0; i < count; i++) {
            if (first + i > acknowledged) {
                events.add(Long.valueOf(words[word + i]));
            } else {
                duplicates++;
            }
        }
        acknowledged = Math.max(Math.max(acknowledged, at - 1), count > 0 ? first + count - 1 : 0);
    }

    /** The events in the order in which they were kept. */
    List<Long> events() {
        return events;
    }

    List<String> faults() {
        return faults;
    }

    long acknowledged() {
        return acknowledged;
    }

    long lost() {
        return lost;
    }

    long duplicates() {
        return duplicates;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
