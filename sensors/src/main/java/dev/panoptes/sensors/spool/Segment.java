package dev.panoptes.sensors.spool;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One file of a spool: frames one after another. Its name tells the number of its first event. For one thread at a time. Not by
 * a channel: that is closed when the thread that uses it is interrupted, which is how sensors are stopped.
 */
final class Segment implements AutoCloseable {
    private static final String PREFIX = "segment-";
    private static final String SUFFIX = ".log";

    private final Path file;
    private final RandomAccessFile data;
    private final long first;
    private long end;

    private Segment(Path file, RandomAccessFile data, long first, long end) {
        this.file = file;
        this.data = data;
        this.first = first;
        this.end = end;
    }

    static Segment create(Path directory, long first) throws IOException {
        Path file = directory.resolve(PREFIX + String.format(Locale.ROOT, "%020d", first) + SUFFIX);
        // What is there under this name holds no whole frame, or the next number would be another.
        RandomAccessFile data = new RandomAccessFile(file.toFile(), "rw");
        data.setLength(0);
        return new Segment(file, data, first, 0);
    }

    static Segment open(Path file) throws IOException {
        RandomAccessFile data = new RandomAccessFile(file.toFile(), "rw");
        return new Segment(file, data, number(file), data.length());
    }

    static boolean isOne(Path file) {
        String name = file.getFileName().toString();
        return name.matches(PREFIX + "\\d{20}" + SUFFIX);
    }

    private static long number(Path file) {
        String name = file.getFileName().toString();
        return Long.parseLong(name.substring(PREFIX.length(), name.length() - SUFFIX.length()));
    }

    long first() {
        return first;
    }

    long end() {
        return end;
    }

    /** A frame and where the next one begins. */
    record Found(Frame frame, long next) {}

    /** The frame at a place; null where there is no whole one. */
    @Nullable
    Found read(long at) throws IOException {
        ByteBuffer header = fill(at, Frame.HEADER);
        int length = header == null ? -1 : Frame.length(header);
        ByteBuffer body = length < 0 ? null : fill(at + Frame.HEADER, length);
        if (header == null || body == null) {
            return null;
        }
        Frame frame = Frame.decode(header.getInt(4), body.array());
        return frame == null ? null : new Found(frame, at + Frame.HEADER + length);
    }

    private @Nullable ByteBuffer fill(long at, int length) throws IOException {
        if (at + length > data.length()) {
            return null;
        }
        byte[] bytes = new byte[length];
        data.seek(at);
        data.readFully(bytes);
        return ByteBuffer.wrap(bytes);
    }

    /** Writes a frame and waits until it is on disk. A failure leaves nothing of it behind. */
    void append(byte[] frame) throws IOException {
        try {
            data.seek(end);
            data.write(frame);
            data.getFD().sync();
            end += frame.length;
        } catch (IOException e) {
            data.setLength(end);
            throw e;
        }
    }

    /** Cuts off what follows the last whole frame. */
    void cut(long to) throws IOException {
        if (data.length() > to) {
            data.setLength(to);
            data.getFD().sync();
        }
        end = to;
    }

    void delete() throws IOException {
        data.close();
        Files.deleteIfExists(file);
    }

    @Override
    public void close() throws IOException {
        data.close();
    }
}
