package dev.panoptes.sensors.auth;

import dev.panoptes.core.event.Event;
import dev.panoptes.sensors.Cycle;
import dev.panoptes.sensors.EventSink;
import dev.panoptes.sensors.Surroundings;
import dev.panoptes.sensors.Watch;
import dev.panoptes.sensors.replay.LoginRecord;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What is appended to wtmp and btmp, from where it was left; a file that is another one or shorter than it was is read from its
 * beginning. Without a position it begins at the end: what was written before is not this sensor's. For one thread.
 */
final class LoginRecordSource implements Watch {
    static final List<String> FILES = List.of("/var/log/wtmp", "/var/log/btmp");
    private static final int AT_ONCE = 4096;
    private static final int LARGEST = 400;

    private final LoginRecords records = new LoginRecords();
    private final Surroundings surroundings;
    private final EventSink sink;
    private final Map<String, String> places = new HashMap<>();

    LoginRecordSource(Surroundings surroundings, EventSink sink) {
        this.surroundings = surroundings;
        this.sink = sink;
        for (String name : FILES) {
            places.put(name, surroundings.positions().position(name).orElseGet(() -> place(name)));
        }
    }

    /** {@code inode offset} of the file's end. */
    private String place(String name) {
        try {
            Path file = surroundings.host().files().locate(name);
            return Files.getAttribute(file, "unix:ino") + " " + Files.size(file);
        } catch (IOException e) {
            return "0 0"; // it is not there: all of it will be new
        }
    }

    @Override
    public void collect(Cycle cycle) throws IOException, InterruptedException {
        for (String name : FILES) {
            String[] before = places.getOrDefault(name, "0 0").split(" ", 2);
            String[] now = place(name).split(" ", 2);
            long end = Long.parseLong(now[1]);
            long from = Long.parseLong(before[1]);
            if (!before[0].equals(now[0]) || end < from) {
                from = 0;
            }
            if (end > from) {
                String place = now[0] + " " + read(name, from, end);
                places.put(name, place);
                sink.position(name, place);
            }
        }
    }

    /** Where the last whole record ends. */
    private long read(String name, long from, long end) throws IOException, InterruptedException {
        Path file = surroundings.host().files().locate(name);
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            byte[] head = new byte[LARGEST * 16];
            int length = Math.max(0, in.read(head));
            int size = LoginRecord.size(head, length);
            if (size == 0) {
                sink.malformed(name, 1);
                return end;
            }
            byte[] one = new byte[size];
            long at = from - from % size;
            in.seek(at);
            for (int i = 0; i < AT_ONCE && at + size <= end; i++, at += size) {
                in.readFully(one);
                LoginRecord record = LoginRecord.read(name, at, one, 0, size);
                Event.Builder event = record == null ? null : records.event(record);
                if (record == null) {
                    sink.malformed(name, 1);
                } else if (event != null) {
                    sink.event(event);
                }
            }
            return at;
        }
    }

    @Override
    public void close() {
        // Nothing is open between two looks.
    }
}
