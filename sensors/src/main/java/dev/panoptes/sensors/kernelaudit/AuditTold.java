package dev.panoptes.sensors.kernelaudit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What has been told of a followed log, for a restart: the newest serial of each node, by which a gap over the restart is known,
 * and the serials that were told although records of theirs stand behind the line at which reading goes on. For one thread.
 */
final class AuditTold {
    private static final int MOST_NODES = 16;
    private static final int MOST_LINES = 512;
    private static final String NEWEST = "newest";
    private static final String TOLD = "told";
    private static final int PARTS = 7;

    private final Map<String, Newest> newest = new LinkedHashMap<>();
    private final Set<Serial> before = new HashSet<>();
    private final ArrayDeque<Line> lines = new ArrayDeque<>();

    /** The highest serial of a node that has been told. */
    record Newest(String node, long serial, long seconds, int nanos) {}

    private record Serial(String node, long serial, long seconds, int nanos) {}

    /** The last record of a serial that has been told. */
    private record Line(Serial serial, int file, long offset) {}

    /** @param known as {@link #text} gave it; empty where nothing is known */
    AuditTold(String known) {
        for (String line : known.split("\n", MOST_NODES + MOST_LINES)) {
            String[] parts = line.split(" ", PARTS);
            if (parts.length == PARTS) {
                read(parts);
            }
        }
    }

    private void read(String... parts) {
        try {
            Serial serial = new Serial(
                    parts[6], Long.parseLong(parts[1]), Long.parseLong(parts[2]), Integer.parseInt(parts[3]));
            if (parts[0].equals(NEWEST)) {
                newest.put(serial.node, new Newest(serial.node, serial.serial, serial.seconds, serial.nanos));
            } else {
                before.add(serial);
                lines.add(new Line(serial, Integer.parseInt(parts[4]), Long.parseLong(parts[5])));
            }
        } catch (NumberFormatException e) {
            return; // not ours
        }
    }

    Collection<Newest> newest() {
        return List.copyOf(newest.values());
    }

    /** True where the record's serial was told before the restart. */
    boolean isTold(String node, AuditRecord record) {
        return !before.isEmpty()
                && before.contains(new Serial(node, record.serial(), record.seconds(), record.nanos()));
    }

    void add(String node, AuditRecord last, int file) {
        Newest known = newest.get(node);
        boolean daemon = last.type().startsWith("DAEMON_"); // auditd numbers its own records by itself
        if (!daemon && (known != null || newest.size() < MOST_NODES) && isNewer(known, last)) {
            newest.put(node, new Newest(node, last.serial(), last.seconds(), last.nanos()));
        }
        if (last.line().offset() >= 0 && lines.size() < MOST_LINES) { // the kernel's own come once
            lines.add(new Line(
                    new Serial(node, last.serial(), last.seconds(), last.nanos()),
                    file,
                    last.line().offset()));
        }
    }

    /** A serial that came late is no step back; one that is smaller and of a later time is of a kernel that began anew. */
    private static boolean isNewer(@Nullable Newest known, AuditRecord last) {
        return known == null
                || last.serial() > known.serial
                || last.seconds() > known.seconds
                || (last.seconds() == known.seconds && last.nanos() > known.nanos);
    }

    /** Reading goes on there. */
    void forgetLinesBefore(int file, long offset) {
        lines.removeIf(line -> line.file < file || (line.file == file && line.offset < offset));
    }

    /** @param first the file at which reading goes on */
    String text(int first) {
        List<String> all = new ArrayList<>();
        for (Newest each : newest.values()) {
            all.add(text(NEWEST, each.serial, each.seconds, each.nanos, "0 0", each.node));
        }
        for (Line line : lines) {
            Serial each = line.serial;
            String place = (line.file - first) + " " + line.offset;
            all.add(text(TOLD, each.serial, each.seconds, each.nanos, place, each.node));
        }
        return String.join("\n", all);
    }

    private static String text(String kind, long serial, long seconds, int nanos, String place, String node) {
        return kind + ' ' + serial + ' ' + seconds + ' ' + nanos + ' ' + place + ' ' + node;
    }
}
