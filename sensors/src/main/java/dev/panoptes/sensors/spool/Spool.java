package dev.panoptes.sensors.spool;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The durable queue of one sensor on one installation: one stream of events with numbers from 1 without a gap, also over
 * restarts. What {@link #append} returned from is on disk. Positions and losses are in the same file, in the same frame as the
 * events that they belong to, so that a crash keeps all of them or none. Only what the server acknowledged is forgotten, or
 * what {@link Limits} make it drop, and that is told by number. Safe for several threads; one process at a time.
 */
public final class Spool implements AutoCloseable {
    private static final Pattern UUIDS = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final String DISK_FULL = "disk_full";
    private static final String UNEXPLAINED = "unexplained";
    private static final int ACKNOWLEDGED_BYTES = 16;

    private final Path directory;
    private Limits limits;
    private final FileChannel lockFile;
    private final UUID stream;
    private final RandomAccessFile acknowledgedFile;
    private final Deque<Segment> segments = new ArrayDeque<>();
    private final Map<String, String> positions = new LinkedHashMap<>();
    /** Positions and losses that no frame holds yet, because it could not be written. */
    private final Map<String, String> unwritten = new LinkedHashMap<>();

    private final List<LostRange> unwrittenLost = new ArrayList<>();
    private final List<LostRange> lost = new ArrayList<>();
    private long acknowledged;
    private long next = 1;
    private long bytes;
    private @Nullable Cursor cursor;

    private Spool(Path directory, Limits limits, FileChannel lockFile, UUID stream, RandomAccessFile acknowledgedFile) {
        this.directory = directory;
        this.limits = limits;
        this.lockFile = lockFile;
        this.stream = stream;
        this.acknowledgedFile = acknowledgedFile;
    }

    /** Where the next batch is read. */
    private record Cursor(Segment segment, long at, long number) {}

    /**
     * Opens the spool of a directory, made where there is none, readable by its owner only.
     *
     * @param fresh the id of a new stream
     * @throws SpoolInUse where another process has it open
     */
    public static Spool open(Path directory, Limits limits, UUID fresh) throws IOException {
        Files.createDirectories(directory);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        FileChannel lockFile =
                FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            lock(lockFile, directory);
            UUID stream = stream(directory, fresh);
            RandomAccessFile acknowledged =
                    new RandomAccessFile(directory.resolve("acknowledged").toFile(), "rw");
            Spool spool = new Spool(directory, limits, lockFile, stream, acknowledged);
            spool.recover();
            return spool;
        } catch (IOException | RuntimeException e) {
            lockFile.close();
            throw e;
        }
    }

    private static void lock(FileChannel file, Path directory) throws IOException {
        FileLock lock;
        try {
            lock = file.tryLock();
        } catch (OverlappingFileLockException e) {
            throw new SpoolInUse(directory, e);
        }
        if (lock == null) {
            throw new SpoolInUse(directory, null);
        }
    }

    private static UUID stream(Path directory, UUID fresh) throws IOException {
        Path file = directory.resolve("stream");
        if (Files.exists(file)) {
            String text = Files.readString(file).strip();
            if (UUIDS.matcher(text).matches()) {
                return UUID.fromString(text);
            }
            throw new IOException(file + " holds no stream id; move " + directory + " away to begin anew");
        }
        Path temporary = directory.resolve("stream.new");
        try (FileChannel out = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            out.write(ByteBuffer.wrap((fresh + "\n").getBytes(StandardCharsets.US_ASCII)));
            out.force(true);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        sync(directory);
        return fresh;
    }

    /** A name is durable only when its directory is. */
    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private void recover() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(directory)) {
            files = all.filter(Segment::isOne).sorted(Comparator.naturalOrder()).toList();
        }
        for (Path file : files) {
            Segment segment = Segment.open(file);
            long at = 0;
            Segment.Found found;
            while ((found = segment.read(at)) != null) {
                Frame frame = found.frame();
                take(frame.positions());
                frame.lost().forEach(this::remember);
                if (segments.isEmpty() && at == 0) {
                    next = Math.max(next, frame.first());
                } else if (frame.first() > next) {
                    // Something between whole frames could not be read: say so, rather than close the ranks.
                    gaps(next, frame.first() - 1, UNEXPLAINED).forEach(this::lose);
                }
                next = Math.max(next, frame.first() + frame.count());
                at = found.next();
            }
            segment.cut(at);
            bytes += at;
            segments.add(segment);
        }
        acknowledged = readAcknowledged();
        // The acknowledgement may be newer than a log that was cut.
        next = Math.max(next, acknowledged + 1);
        lost.removeIf(range -> range.to() <= acknowledged);
        if (!segments.isEmpty() && segments.getFirst().first() > acknowledged + 1) {
            // The oldest ones were dropped, and the frame that says so is not there; or the server has them and only
            // our note
            // of that is older, and then it does not count them again.
            gaps(acknowledged + 1, segments.getFirst().first() - 1, DISK_FULL).forEach(this::lose);
        }
    }

    private void take(Map<String, String> changed) {
        changed.forEach((source, position) -> {
            if (position.isEmpty()) {
                positions.remove(source);
            } else {
                positions.put(source, position);
            }
        });
    }

    private void remember(LostRange range) {
        if (!lost.contains(range)) {
            lost.add(range);
        }
    }

    public UUID stream() {
        return stream;
    }

    /** The number that the next event gets. */
    public synchronized long next() {
        return next;
    }

    /** What the server has; 0 where it has nothing. */
    public synchronized long acknowledged() {
        return acknowledged;
    }

    /** On disk. */
    public synchronized long bytes() {
        return bytes;
    }

    public synchronized Optional<String> position(String source) {
        return Optional.ofNullable(positions.get(source));
    }

    /** Ranges that the server does not know to be lost yet. */
    public synchronized List<LostRange> lost() {
        return List.copyOf(lost);
    }

    /**
     * Appends events with the next numbers, and what was learnt with them; returns when all of it is on disk.
     *
     * @param lines the events, each with its line break
     * @param changed positions by source; an empty text forgets one
     * @return false where the bound refused it: the numbers are used up, and told as lost
     * @throws IOException where the disk refused it; the numbers are told as lost as well
     */
    public synchronized boolean append(byte[] lines, int count, Map<String, String> changed) throws IOException {
        if (count == 0 && changed.isEmpty() && unwritten.isEmpty() && unwrittenLost.isEmpty()) {
            return true;
        }
        long first = next;
        next += count;
        Map<String, String> before = Map.copyOf(positions);
        try {
            return write(first, lines, count, changed);
        } catch (IOException e) {
            if (emptied(first, before)) {
                try {
                    return write(first, lines, count, changed);
                } catch (IOException again) {
                    e.addSuppressed(again);
                }
            }
            moved(changed);
            drop(first, count);
            if (count == 0) {
                return false;
            }
            throw e;
        }
    }

    private boolean write(long first, byte[] lines, int count, Map<String, String> changed) throws IOException {
        // A new segment begins with the positions from before: with those of now it would be a promise that a crash
        // breaks.
        Segment segment = room(first, lines.length);
        moved(changed);
        if (segment == null) {
            drop(first, count);
            return count == 0;
        }
        byte[] frame = new Frame(first, count, unwritten, unwrittenLost, lines).encode();
        segment.append(frame);
        bytes += frame.length;
        unwritten.clear();
        unwrittenLost.clear();
        return true;
    }

    /**
     * Where the disk is full and the server has all that is here, what it has goes and a new segment takes its place: nothing else
     * would ever make room, for a segment that is not full is not given up.
     *
     * @param before positions that what is on disk and what is told as lost stand for
     */
    private boolean emptied(long first, Map<String, String> before) {
        if (segments.isEmpty()
                || segments.getLast().first() >= first
                || !gaps(acknowledged + 1, first - 1, DISK_FULL).isEmpty()) {
            return false;
        }
        try {
            Segment fresh = Segment.create(directory, first);
            byte[] state = new Frame(first, 0, before, lost, new byte[0]).encode();
            try {
                fresh.append(state);
                sync(directory);
            } catch (IOException e) {
                fresh.delete();
                return false;
            }
            for (Segment old : segments) {
                bytes -= old.end();
                old.delete();
            }
            segments.clear();
            segments.add(fresh);
            bytes += state.length;
            cursor = null;
            unwritten.clear();
            unwrittenLost.clear();
            return true;
        } catch (IOException e) {
            // Not even a file of a few bytes can be made: it is as it was.
            return false;
        }
    }

    private void moved(Map<String, String> changed) {
        take(changed);
        unwritten.putAll(changed);
    }

    /** From the next append on. A spool that is larger than it may be now shrinks then. */
    public synchronized void limit(Limits wanted) {
        limits = wanted;
    }

    private void drop(long first, int count) {
        if (count > 0) {
            lose(new LostRange(first, first + count - 1, DISK_FULL));
        }
    }

    private void lose(LostRange range) {
        if (!lost.isEmpty()
                && lost.getLast().to() + 1 == range.from()
                && lost.getLast().reason().equals(range.reason())) {
            LostRange joined = new LostRange(lost.getLast().from(), range.to(), range.reason());
            unwrittenLost.remove(lost.removeLast());
            lost.add(joined);
            unwrittenLost.add(joined);
        } else {
            lost.add(range);
            unwrittenLost.add(range);
        }
    }

    /** The segment that takes the next frame; null where the bound is reached and new events are those that go. */
    private @Nullable Segment room(long first, int length) throws IOException {
        while (bytes + length > limits.bytes() && !segments.isEmpty()) {
            if (!limits.dropOldest()) {
                return null;
            }
            dropOldest();
        }
        if (segments.isEmpty() || segments.getLast().end() >= limits.segmentBytes()) {
            Segment segment = Segment.create(directory, first);
            byte[] state = new Frame(first, 0, positions, lost, new byte[0]).encode();
            try {
                segment.append(state);
                sync(directory);
            } catch (IOException e) {
                segment.delete();
                throw e;
            }
            bytes += state.length;
            segments.add(segment);
            unwritten.clear();
            unwrittenLost.clear();
        }
        return segments.getLast();
    }

    private void dropOldest() throws IOException {
        Segment oldest = segments.removeFirst();
        long from = Math.max(oldest.first(), acknowledged + 1);
        long to = segments.isEmpty() ? lastOf(oldest) : segments.getFirst().first() - 1;
        if (to >= from) {
            // Ranges that were lost before are not lost again.
            gaps(from, to, DISK_FULL).forEach(this::lose);
        }
        if (cursor != null && cursor.segment() == oldest) {
            cursor = null;
        }
        bytes -= oldest.end();
        oldest.delete();
    }

    private static long lastOf(Segment segment) throws IOException {
        long last = segment.first() - 1;
        long at = 0;
        Segment.Found found;
        while ((found = segment.read(at)) != null) {
            last = Math.max(last, found.frame().last());
            at = found.next();
        }
        return last;
    }

    /** What is not known to be lost within a range. */
    private List<LostRange> gaps(long from, long to, String reason) {
        List<LostRange> gaps = new ArrayList<>();
        long at = from;
        for (LostRange known :
                lost.stream().sorted(Comparator.comparingLong(LostRange::from)).toList()) {
            if (known.from() > to) {
                break;
            }
            if (known.from() > at) {
                gaps.add(new LostRange(at, known.from() - 1, reason));
            }
            at = Math.max(at, known.to() + 1);
        }
        if (at <= to) {
            gaps.add(new LostRange(at, to, reason));
        }
        return gaps;
    }

    /**
     * What comes next for the server: events that it has not acknowledged, at least one frame, and the ranges lost before their
     * end. Empty where it has everything.
     */
    public synchronized Batch batch(int mostBytes, int mostEvents) throws IOException {
        Cursor from = cursor == null ? begin() : cursor;
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        long first = 0;
        int count = 0;
        Cursor at = from;
        while (at != null) {
            Segment.Found found = at.segment().read(at.at());
            if (found == null) {
                Segment following = after(at.segment());
                at = following == null ? null : new Cursor(following, 0, following.first());
                continue;
            }
            Frame frame = found.frame();
            Cursor next = new Cursor(at.segment(), found.next(), frame.last() + 1);
            if (frame.count() == 0 || frame.last() <= acknowledged) {
                at = next;
                continue;
            }
            int skip = (int) Math.max(0, acknowledged + 1 - frame.first());
            byte[] rest = skip(frame.lines(), skip);
            int here = frame.count() - skip;
            boolean fits = count == 0
                    || (first + count == frame.first()
                            && count + here <= mostEvents
                            && lines.size() + rest.length <= mostBytes);
            if (!fits) {
                break;
            }
            if (count == 0) {
                first = frame.first() + skip;
                // Frames before this one need not be read again.
                cursor = at;
            }
            lines.write(rest);
            count += here;
            at = next;
        }
        if (count == 0) {
            if (!unwrittenLost.isEmpty()) {
                // Nothing happens now that would bring along what was lost; where there is room again it is told
                // without.
                append(new byte[0], 0, Map.of());
            }
            return new Batch(next, 0, new byte[0], lostBefore(next));
        }
        return new Batch(first, count, lines.toByteArray(), lostBefore(first + count));
    }

    private List<LostRange> lostBefore(long end) {
        return lost.stream()
                // What no frame holds would be forgotten by a crash, its numbers be used again, and the server take
                // those for
                // what it heard to be lost.
                .filter(range -> range.to() < end && range.to() > acknowledged && !unwrittenLost.contains(range))
                .toList();
    }

    private @Nullable Cursor begin() {
        Segment start = null;
        for (Segment segment : segments) {
            if (start == null || segment.first() <= acknowledged + 1) {
                start = segment;
            }
        }
        return start == null ? null : new Cursor(start, 0, start.first());
    }

    private @Nullable Segment after(Segment segment) {
        boolean found = false;
        for (Segment each : segments) {
            if (found) {
                return each;
            }
            found = each == segment;
        }
        return null;
    }

    private static byte[] skip(byte[] lines, int count) {
        int at = 0;
        for (int left = count; left > 0; at++) {
            if (lines[at] == '\n') {
                left--;
            }
        }
        byte[] rest = new byte[lines.length - at];
        System.arraycopy(lines, at, rest, 0, rest.length);
        return rest;
    }

    /** The server has everything up to this number: it may be forgotten. What it has already, and what is not there yet, is ignored. */
    public synchronized void acknowledge(long number) throws IOException {
        if (number <= acknowledged || number >= next) {
            return;
        }
        acknowledged = number;
        lost.removeIf(range -> range.to() <= number);
        unwrittenLost.removeIf(range -> range.to() <= number);
        acknowledgedFile.seek(0);
        acknowledgedFile.write(ByteBuffer.allocate(ACKNOWLEDGED_BYTES)
                .putLong(number)
                .putLong(~number)
                .array());
        while (segments.size() > 1) {
            Segment oldest = segments.removeFirst();
            if (segments.getFirst().first() - 1 > acknowledged) {
                segments.addFirst(oldest);
                break;
            }
            if (cursor != null && cursor.segment() == oldest) {
                cursor = null;
            }
            bytes -= oldest.end();
            oldest.delete();
        }
    }

    /** 0 where it was never written, or cut while it was. An older number only means that something is sent twice. */
    private long readAcknowledged() throws IOException {
        if (acknowledgedFile.length() < ACKNOWLEDGED_BYTES) {
            return 0;
        }
        acknowledgedFile.seek(0);
        long number = acknowledgedFile.readLong();
        return number > 0 && acknowledgedFile.readLong() == ~number ? number : 0;
    }

    /** Idempotent. */
    @Override
    public synchronized void close() throws IOException {
        for (Segment segment : segments) {
            segment.close();
        }
        segments.clear();
        acknowledgedFile.close();
        lockFile.close();
    }
}
