package dev.panoptes.sensors.live;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32;

/**
 * How a log begins: by this it is known under another name, as a copy, and from another one that was given the same inode.
 *
 * @param length of the bytes that are meant, fewer than {@link #MOST} while the log is short
 */
record LogHead(int length, long checksum) {
    private static final int MOST = 256;
    /** Shorter ones are alike too easily. */
    private static final int ENOUGH = 16;

    static final LogHead NONE = new LogHead(0, 0);

    static LogHead of(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return of(channel);
        }
    }

    static LogHead of(FileChannel channel) throws IOException {
        return of(channel, MOST);
    }

    private static LogHead of(FileChannel channel, int most) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(most);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, buffer.position()) <= 0) {
                break;
            }
        }
        CRC32 checksum = new CRC32();
        checksum.update(buffer.array(), 0, buffer.position());
        return new LogHead(buffer.position(), checksum.getValue());
    }

    boolean isWhole() {
        return length == MOST;
    }

    /** True where it tells one log from another. */
    boolean tells() {
        return length >= ENOUGH;
    }

    /** True where the file begins so. */
    boolean isOf(Path file) throws IOException {
        if (length == 0) {
            return true;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return equals(of(channel, length));
        } catch (NoSuchFileException e) {
            return false; // moved away meanwhile
        }
    }
}
