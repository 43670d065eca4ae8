package dev.panoptes.sensors.live;

import dev.panoptes.sensors.EventSink;
import dev.panoptes.sensors.Loss;
import dev.panoptes.sensors.Surroundings;
import dev.panoptes.sensors.replay.Feed;
import dev.panoptes.sensors.replay.LogHeaderParser;
import dev.panoptes.sensors.replay.LogLine;
import dev.panoptes.sensors.replay.SinkOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Follows one log: what is appended, through rotation by renaming, truncation and copytruncate, and while it is away. A log that
 * was moved away is read until its successor has something in it, for its writer goes on with it until it is told. What became
 * durable and the position behind it, file and offset, do so together: a restart neither skips nor repeats. Without a position
 * it begins at the end: what was written before is not this sensor's. For one thread.
 */
public final class LogFollower {
    private static final int CHUNK = 1 << 16;
    private static final int MOST_LINE = 1 << 20;
    private static final int MOST_STEP = 1 << 26;

    private final Path file;
    private final String name;
    private final Feed feed;
    private final EventSink sink;
    private final SinkOutput out;
    private final Surroundings surroundings;
    private final LogHeaderParser headers;
    private final RotatedLogs siblings;
    private long inode = -1;
    private LogHead head = LogHead.NONE;
    /** The file before this one, of which the feed may still hold lines. */
    private long earlierInode = -1;

    private LogHead earlierHead = LogHead.NONE;
    private long offset;
    private byte[] line = new byte[4096];
    private int lineLength;
    private boolean overlong;
    private long skipped;
    private String stored = "";
    /** When the log was last written to, as the last step saw it. */
    private @Nullable FileTime lastWritten;

    /** @param file as this process reaches it; events name it as the host sees it */
    public LogFollower(Path file, String name, Feed feed, EventSink sink, Surroundings surroundings) {
        this.file = file;
        this.name = name;
        this.feed = feed;
        this.sink = sink;
        this.out = new SinkOutput(sink, name);
        this.surroundings = surroundings;
        this.headers =
                LogHeaderParser.live(surroundings.zone(), surroundings.clock().instant());
        this.siblings = new RotatedLogs(file);
    }

    /** Finds the place to go on from; reads nothing. */
    public void open() throws IOException {
        Optional<String> position = surroundings.positions().position(name);
        LogPosition from = position.isPresent() ? LogPosition.parse(position.get()) : null;
        if (from != null) {
            inode = from.inode();
            offset = from.offset();
            head = from.head();
            stored = position.orElse("");
            feed.resume(from.held());
            return;
        }
        feed.resume("");
        inode = inode(file); // where it is away it will be read from its beginning when it comes
        if (inode >= 0) {
            offset = Files.size(file);
            head = LogHead.of(file);
        }
    }

    /** Reads what has been appended since. */
    public void step() throws IOException, InterruptedException {
        long now = inode(file);
        long size = size(file);
        FileTime written = now < 0 ? null : modified(file);
        boolean untouched = size == consumed() && written != null && written.equals(lastWritten);
        boolean same = now == inode && size >= consumed() && (untouched || head.isOf(file));
        lastWritten = written;
        if (inode >= 0 && !same && !finish(now, size > 0)) {
            settle();
            return; // whoever writes it has not gone on to the next one
        }
        if (now >= 0) {
            try (FileChannel channel = opened(file, now)) {
                if (inode < 0 || !same) {
                    begin(now);
                }
                read(channel, true);
            } catch (NoSuchFileException e) {
                lastWritten = null; // moved away this moment: the next step looks for it
            }
        }
        settle();
    }

    /** @throws NoSuchFileException where the name is another file's by now */
    private static FileChannel opened(Path path, long wanted) throws IOException {
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        if (inode(path) != wanted) {
            channel.close();
            throw new NoSuchFileException(path.toString());
        }
        return channel;
    }

    private void settle() throws InterruptedException {
        feed.idle(surroundings.clock().instant(), out);
        String position = position();
        if (out.hasMore() && position != null) {
            stored = position;
            out.endOfRecord(name, position);
        } else {
            out.endOfRecord();
            if (position != null && !position.equals(stored)) {
                sink.position(name, position);
                stored = position;
            }
        }
    }

    /** How far the file has been read, what is no whole line yet included. */
    private long consumed() {
        return offset + lineLength + (overlong ? skipped : 0);
    }

    private void begin(long now) {
        earlierInode = inode;
        earlierHead = head;
        feed.anotherFile(out);
        inode = now;
        head = LogHead.NONE;
        offset = 0;
        lineLength = 0;
        overlong = false;
        skipped = 0;
    }

    /**
     * Reads the rest of the file that had this name before, or of its copy where it was cut, and those that had the name since.
     *
     * @return false where more may come to the last of them, for the log itself is empty or away
     */
    private boolean finish(long now, boolean goesOn) throws IOException, InterruptedException {
        RotatedLogs.Earlier earlier = siblings.find(inode, head, consumed(), now);
        if (earlier == null) {
            if (now != inode) {
                sink.lost(Loss.SOURCE_GAP, name, 0);
                inode = -1;
            }
            return true;
        }
        boolean first = true;
        for (Path next : earlier.files()) {
            long own = inode(next);
            try (FileChannel channel = opened(next, own)) {
                if (!first) {
                    endOfFile();
                    begin(own);
                }
                read(channel, false);
            } catch (NoSuchFileException e) {
                return false; // moved on this moment: the next step finds it, or that it is gone
            } catch (AccessDeniedException e) {
                sink.lost(Loss.SOURCE_GAP, name, 0);
            }
            first = false;
        }
        if (!goesOn && !earlier.unreadable()) {
            return false;
        }
        endOfFile();
        if (earlier.unreadable()) {
            sink.lost(Loss.SOURCE_GAP, name, 0);
        }
        return true;
    }

    private void endOfFile() throws InterruptedException {
        if (lineLength > 0) {
            line();
        }
    }

    private void read(FileChannel channel, boolean mayGoOn) throws IOException, InterruptedException {
        if (!head.isWhole()) {
            head = LogHead.of(channel); // before anything is told of it: a position without one knows no copy
        }
        ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
        long read = 0;
        channel.position(consumed());
        while (channel.read(buffer.clear()) > 0) {
            buffer.flip();
            while (buffer.hasRemaining()) {
                take(buffer.get());
            }
            read += buffer.limit();
            sink.pace();
            if (mayGoOn && read > MOST_STEP) {
                return; // the rest at the next step
            }
        }
    }

    private void take(byte b) throws InterruptedException {
        if (b == '\n') {
            line();
        } else if (overlong) {
            skipped++;
        } else if (lineLength >= MOST_LINE) {
            overlong = true;
            skipped = 1;
        } else {
            if (lineLength == line.length) {
                line = java.util.Arrays.copyOf(line, line.length * 2);
            }
            line[lineLength++] = b;
        }
    }

    private void line() throws InterruptedException {
        long at = offset;
        offset += lineLength + 1 + (overlong ? skipped : 0);
        int length = lineLength > 0 && line[lineLength - 1] == '\r' ? lineLength - 1 : lineLength;
        String text = new String(line, 0, length, StandardCharsets.UTF_8);
        lineLength = 0;
        if (overlong) {
            overlong = false;
            skipped = 0;
            out.malformed();
        } else {
            LogLine parsed = headers.parse(name, at, text, "syslog");
            feed.line(
                    parsed.kernel() && parsed.time() == null
                            ? parsed.at(surroundings.clock().instant())
                            : parsed,
                    out);
        }
        if (out.hasMore()) {
            String position = position();
            if (position == null) {
                out.endOfRecord();
            } else {
                stored = position;
                out.endOfRecord(name, position);
            }
        }
    }

    /** Where a restart has to go on; null where there is no file. */
    private @Nullable String position() {
        if (inode < 0) {
            return null;
        }
        Feed.Held held = feed.held();
        if (held == null || held.offset() < 0) {
            return new LogPosition(inode, offset, head, held == null ? "" : held.known()).text();
        }
        return held.earlierFile() && earlierInode >= 0
                ? new LogPosition(earlierInode, held.offset(), earlierHead, held.known()).text()
                : new LogPosition(inode, Math.min(held.offset(), offset), head, held.known()).text();
    }

    private static @Nullable FileTime modified(Path path) throws IOException {
        try {
            return Files.getLastModifiedTime(path);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private static long size(Path path) throws IOException {
        try {
            return Files.size(path);
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    private static long inode(Path path) throws IOException {
        try {
            return (long) Files.getAttribute(path, "unix:ino");
        } catch (NoSuchFileException e) {
            return -1;
        }
    }

    /**
     * How far a log has been read, as it is kept. Versions before kept inode and offset only.
     *
     * @param held what the feed needs to go on from there
     */
    private record LogPosition(long inode, long offset, LogHead head, String held) {
        private static final int OF_OLD = 2;
        private static final int PARTS = 4;

        String text() {
            return inode + ":" + offset + ":" + head.length() + ":" + head.checksum()
                    + (held.isEmpty() ? "" : "\n" + held);
        }

        static @Nullable LogPosition parse(String text) {
            int end = text.indexOf('\n');
            List<String> parts = List.of((end < 0 ? text : text.substring(0, end)).split(":", -1));
            if (parts.size() != OF_OLD && parts.size() != PARTS) {
                return null;
            }
            try {
                return new LogPosition(
                        Long.parseLong(parts.get(0)),
                        Long.parseLong(parts.get(1)),
                        parts.size() == OF_OLD
                                ? LogHead.NONE
                                : new LogHead(Integer.parseInt(parts.get(2)), Long.parseLong(parts.get(3))),
                        end < 0 ? "" : text.substring(end + 1));
            } catch (NumberFormatException e) {
                return null; // not ours: as if nothing had been read
            }
        }
    }
}
