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
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Follows one log: what is appended, through rotation by renaming (the rest of the old file is read first), truncation and
 * copytruncate, and while it is away. Its position, inode and offset, is kept with what was read, so that a restart neither
 * skips nor repeats. Without a position it begins at the end: what was written before is not this sensor's. For one thread.
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
    private long inode = -1;
    private long offset;
    private byte[] line = new byte[4096];
    private int lineLength;
    private boolean overlong;
    private long skipped;
    private String stored = "";

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
    }

    /** Finds the place to go on from; reads nothing. */
    public void open() throws IOException {
        Optional<String> position = surroundings.positions().position(name);
        if (position.isPresent()) {
            String[] parts = position.get().split(":");
            if (parts.length == 2) {
                inode = Long.parseLong(parts[0]);
                offset = Long.parseLong(parts[1]);
                stored = position.get();
                return;
            }
        }
        try {
            inode = inode(file);
            offset = Files.size(file);
        } catch (NoSuchFileException e) {
            inode = -1; // it will be read from its beginning when it comes
        }
    }

    /** Reads what has been appended since. */
    public void step() throws IOException, InterruptedException {
        try {
            long now = inode(file);
            if (inode < 0) {
                begin(now);
            } else if (now != inode) {
                finishRotated();
                begin(now);
            } else if (Files.size(file) < offset) {
                begin(now); // cut, or copied away and cut
            }
            read(file);
        } catch (NoSuchFileException e) {
            finishRotated(); // it was moved away and is not there again yet
        }
        feed.idle(surroundings.clock().instant(), out);
        out.endOfRecord();
        keep();
    }

    private void begin(long now) {
        inode = now;
        offset = 0;
        lineLength = 0;
        overlong = false;
        skipped = 0;
    }

    /** Reads the rest of the file that had this name before, wherever it lies in the folder now. */
    private void finishRotated() throws IOException, InterruptedException {
        if (inode < 0) {
            return;
        }
        Path rotated = rotated();
        if (rotated == null) {
            sink.lost(Loss.SOURCE_GAP, name, 0);
        } else {
            read(rotated);
            if (lineLength > 0) {
                line();
            }
        }
        inode = -1;
    }

    private @Nullable Path rotated() throws IOException {
        Path folder = file.getParent();
        Path own = file.getFileName();
        if (folder == null || own == null) {
            return null;
        }
        try (DirectoryStream<Path> siblings = Files.newDirectoryStream(folder, own + "*")) {
            for (Path sibling : siblings) {
                if (Files.isRegularFile(sibling) && inode(sibling) == inode) {
                    return sibling;
                }
            }
        } catch (NoSuchFileException e) {
            return null;
        }
        return null;
    }

    private void read(Path from) throws IOException, InterruptedException {
        ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
        long read = 0;
        try (FileChannel channel = FileChannel.open(from, StandardOpenOption.READ)) {
            channel.position(offset + lineLength + (overlong ? skipped : 0));
            while (channel.read(buffer.clear()) > 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    take(buffer.get());
                }
                read += buffer.limit();
                sink.pace();
                if (read > MOST_STEP) {
                    return; // the rest at the next step
                }
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
        out.endOfRecord();
    }

    private void keep() throws InterruptedException {
        if (inode < 0) {
            return;
        }
        long held = feed.heldOffset();
        String position = inode + ":" + (held >= 0 && held < offset ? held : offset);
        if (!position.equals(stored)) {
            sink.position(name, position);
            stored = position;
        }
    }

    private static long inode(Path path) throws IOException {
        return (long) Files.getAttribute(path, "unix:ino");
    }
}
