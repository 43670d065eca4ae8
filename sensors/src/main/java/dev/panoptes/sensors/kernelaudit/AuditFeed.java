package dev.panoptes.sensors.kernelaudit;

import dev.panoptes.sensors.replay.Feed;
import dev.panoptes.sensors.replay.LogLine;
import dev.panoptes.sensors.replay.Output;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Joins records by serial and tells one event each, in the order in which serials appeared; records may come late within
 * {@link #MOST_OPEN} serials. Serials that are missing are counted: a step forward leaves a gap, a late record closes its place,
 * the step from 4294967295 to 0 is none, and a step back is a restart of the kernel. For one thread.
 */
final class AuditFeed implements Feed {
    private static final int MOST_OPEN = 256;
    private static final int MOST_RECORDS = 4096;
    private static final long MOST_GROUP_CHARS = 1 << 22;
    private static final long MOST_CHARS = 1 << 24;
    private static final int WAIT_SECONDS = 2;
    private static final int LONGEST_DELAY_SECONDS = 3600;
    private static final int MOST_NODES = 1024;
    private static final long LAST_SERIAL = 4_294_967_295L;
    /** How near to the ends both serials must lie for a step back to be a roll-over. */
    private static final long NEAR_END = 1 << 16;

    private final AuditRecordParser parser;
    private final AuditCoalescer coalescer;
    private final Map<Key, Group> open = new LinkedHashMap<>();
    private final Map<String, Newest> newest = new LinkedHashMap<>();
    private long chars;
    /** To which the record before belonged, as the next one mostly does too; null where that has been told. */
    private @Nullable Group latest;

    /** What a restart has to know; null where no file is followed. */
    private @Nullable AuditTold toldOf;

    /** Counts the files that were followed one after another. */
    private int files;

    AuditFeed(AuditTables tables) {
        this.parser = new AuditRecordParser(tables);
        this.coalescer = new AuditCoalescer(tables);
    }

    AuditRecordParser parser() {
        return parser;
    }

    @Override
    public void line(LogLine line, Output out) {
        accept(parser.parse(line), out);
    }

    void accept(AuditRecordParser.Result result, Output out) {
        switch (result) {
            case AuditRecordParser.Result.Malformed() -> out.malformed();
            case AuditRecordParser.Result.Other() -> {
                // not about auditing
            }
            case AuditRecordParser.Result.Read(AuditRecord record) -> add(record, out);
        }
    }

    @Override
    public void finish(Output out) {
        flush(0, out);
    }

    /** A serial whose last record came so long ago gets no more. */
    @Override
    public void idle(Instant now, Output out) {
        long seconds = now.getEpochSecond() - WAIT_SECONDS;
        while (!open.isEmpty()
                && open.values().iterator().next().records.getFirst().seconds() <= seconds) {
            flush(open.size() - 1, out);
        }
    }

    @Override
    public @Nullable Held held() {
        if (toldOf == null) {
            return null;
        }
        if (open.isEmpty()) {
            return new Held(-1, false, toldOf.text(files));
        }
        Group oldest = open.values().iterator().next();
        return new Held(oldest.records.getFirst().line().offset(), oldest.file != files, toldOf.text(oldest.file));
    }

    @Override
    public void anotherFile(Output out) {
        while (!open.isEmpty() && open.values().iterator().next().file < files) {
            flush(open.size() - 1, out);
        }
        files++;
    }

    @Override
    public void resume(String known) {
        toldOf = new AuditTold(known);
        for (AuditTold.Newest last : toldOf.newest()) {
            newest.put(last.node(), new Newest(last.serial(), last.seconds(), last.nanos()));
        }
    }

    private void add(AuditRecord record, Output out) {
        String node = record.node() == null ? "" : record.node();
        Group group = latest != null && latest.takes(node, record) ? latest : null;
        Key key = group != null ? group.key : new Key(node, record.seconds(), record.nanos(), record.serial());
        if (group == null) {
            group = open.get(key);
        }
        if (group == null) {
            if (toldOf != null && toldOf.isTold(node, record)) {
                return; // its others were read before a restart, and it was told then
            }
            group = new Group(key, files);
            if (!record.type().startsWith("DAEMON_")) { // auditd numbers its own records by itself
                follow(node, record, group);
            }
            open.put(key, group);
        }
        latest = group;
        int length = record.line().text().length() + 200;
        if (group.records.size() >= MOST_RECORDS || group.chars + length > MOST_GROUP_CHARS) {
            out.malformed();
            return;
        }
        group.records.add(record);
        group.lastFile = files;
        group.chars += length;
        chars += length;
        if (open.size() > MOST_OPEN) {
            flush(MOST_OPEN, out);
        }
        while (chars > MOST_CHARS && open.size() > 1) {
            flush(open.size() - 1, out);
        }
    }

    private void follow(String node, AuditRecord record, Group group) {
        long serial = record.serial();
        Newest known = newest.get(node);
        if (known == null) {
            if (newest.size() >= MOST_NODES) {
                Iterator<String> oldest = newest.keySet().iterator();
                oldest.next();
                oldest.remove();
            }
            newest.put(node, new Newest(serial, record.seconds(), record.nanos()));
            return;
        }
        long last = known.serial;
        boolean rolledOver = last > LAST_SERIAL - NEAR_END && serial < NEAR_END;
        boolean beforeRollOver = last < NEAR_END && serial > LAST_SERIAL - NEAR_END;
        if (serial == last) {
            return;
        }
        if (beforeRollOver || (serial < last && !rolledOver)) {
            if (!close(node, serial) && !beforeRollOver && !(last - serial < NEAR_END && known.isAfter(record))) {
                newest.put(node, new Newest(serial, record.seconds(), record.nanos())); // a restart
            }
            return;
        }
        long distance = serial - last & LAST_SERIAL;
        if (distance > 1) {
            group.node = node;
            group.gapFrom = last + 1 & LAST_SERIAL;
            group.gapLength = distance - 1;
            for (Map.Entry<Key, Group> other : open.entrySet()) {
                if (other.getKey().node.equals(node) && group.holds(other.getKey().serial)) {
                    group.gapFilled++;
                }
            }
        }
        newest.put(node, new Newest(serial, record.seconds(), record.nanos()));
    }

    /** True where the serial was missing in a gap that has not been told yet; it is no longer. */
    private boolean close(String node, long serial) {
        for (Group group : open.values()) {
            if (node.equals(group.node) && group.holds(serial)) {
                group.gapFilled++;
                return true;
            }
        }
        return false;
    }

    private void flush(int leave, Output out) {
        Iterator<Group> groups = open.values().iterator();
        while (open.size() > leave) {
            Group group = groups.next();
            groups.remove();
            chars -= group.chars;
            if (group == latest) {
                latest = null;
            }
            if (group.gapLength > group.gapFilled) {
                out.lost("auditd", group.gapLength - group.gapFilled);
            }
            if (group.hasMore()) {
                out.event(coalescer.event(group.records));
            }
            if (toldOf != null) {
                remember(toldOf, group);
            }
        }
    }

    /** For a restart: what was told of lines that will be read again, because older ones wait for more. */
    private void remember(AuditTold told, Group group) {
        AuditRecord last = group.records.getLast();
        told.add(group.key.node, last, group.lastFile);
        if (open.isEmpty()) {
            told.forgetLinesBefore(group.lastFile, last.line().offset() + 1);
        } else {
            Group oldest = open.values().iterator().next();
            told.forgetLinesBefore(oldest.file, oldest.records.getFirst().line().offset());
        }
    }

    /** The highest serial of a node, and when it was given. */
    private record Newest(long serial, long seconds, int nanos) {
        /** What is older and has a smaller serial came late; a kernel that began anew counts at a later time. */
        boolean isAfter(AuditRecord record) {
            long late = seconds - record.seconds();
            return late < LONGEST_DELAY_SECONDS && (late > 0 || (late == 0 && nanos > record.nanos()));
        }
    }

    private record Key(String node, long seconds, int nanos, long serial) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key(String hers, long herSeconds, int herNanos, long herSerial)
                    && serial == herSerial
                    && seconds == herSeconds
                    && nanos == herNanos
                    && node.equals(hers);
        }

        /** By hand: asked for every record, where the one that records are given is linked at run time. */
        @Override
        public int hashCode() {
            return 31 * (31 * Long.hashCode(serial) + Long.hashCode(seconds)) + nanos;
        }
    }

    private static final class Group {
        private final Key key;
        /** Of the first record, counted as {@link AuditFeed#files}. */
        private final int file;

        private int lastFile;
        private final List<AuditRecord> records = new ArrayList<>(8);
        private long chars;
        private @Nullable String node;
        private long gapFrom;
        private long gapLength;
        private long gapFilled;

        Group(Key key, int file) {
            this.key = key;
            this.file = file;
            this.lastFile = file;
        }

        boolean takes(String other, AuditRecord record) {
            return key.serial == record.serial()
                    && key.seconds == record.seconds()
                    && key.nanos == record.nanos()
                    && key.node.equals(other);
        }

        /** True where there is a record that is not only the end of the others. */
        boolean hasMore() {
            for (AuditRecord record : records) {
                if (!record.type().equals("EOE")) {
                    return true;
                }
            }
            return false;
        }

        /** True where the serial lies in the gap before this group. */
        boolean holds(long serial) {
            return gapLength > 0 && (serial - gapFrom & LAST_SERIAL) < gapLength;
        }
    }
}
