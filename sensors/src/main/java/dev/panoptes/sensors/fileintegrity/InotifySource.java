package dev.panoptes.sensors.fileintegrity;

import dev.panoptes.core.host.Libc;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Notifications of inotify(7) for directories. For the thread that made it, which must be a platform thread. */
final class InotifySource implements AutoCloseable {
    static final int ATTRIB = 0x4;
    static final int CLOSE_WRITE = 0x8;
    static final int MOVED_FROM = 0x40;
    static final int MOVED_TO = 0x80;
    static final int CREATE = 0x100;
    static final int DELETE = 0x200;

    private static final int MASK =
            ATTRIB | CLOSE_WRITE | MOVED_FROM | MOVED_TO | CREATE | DELETE | 0x0100_0000 | 0x0200_0000;
    private static final int OVERFLOW = 0x4000;
    private static final int IGNORED = 0x8000;
    private static final int NONBLOCK_CLOEXEC = 0x800 | 0x80000;
    private static final int HEADER = 16;
    private static final int BUFFER = 1 << 16;

    private final Libc libc = new Libc();
    private final MemorySegment buffer = libc.allocate(BUFFER);
    private final int fd;
    private final Map<Integer, String> directories = new HashMap<>();

    InotifySource() throws IOException {
        fd = libc.watchInit(NONBLOCK_CLOEXEC);
        if (fd < 0) {
            int errno = libc.errno();
            libc.close();
            throw new IOException("no inotify: error " + errno);
        }
    }

    /** @param cookie joins the two halves of a move; 0 otherwise */
    record Notice(String path, int mask, int cookie) {}

    /** @return false where no more directories can be watched */
    boolean add(String directory, Path place) {
        try (Arena arena = Arena.ofConfined()) {
            int watch = libc.watchAdd(fd, arena.allocateFrom(place.toString()), MASK);
            if (watch >= 0) {
                directories.put(watch, directory);
            }
            return watch >= 0;
        }
    }

    /**
     * Waits for notices, for a moment at most.
     *
     * @return false where the kernel's queue ran over
     */
    boolean receive(int timeoutMillis, Consumer<Notice> into) throws IOException {
        if (!libc.readable(fd, timeoutMillis)) {
            return true;
        }
        long length = libc.read(fd, buffer);
        if (length < 0) {
            int errno = libc.errno();
            if (errno == Libc.EINTR || errno == Libc.EAGAIN) {
                return true;
            }
            throw new IOException("inotify cannot be read: error " + errno);
        }
        boolean whole = true;
        for (long at = 0; at + HEADER <= length; ) {
            int watch = buffer.get(ValueLayout.JAVA_INT_UNALIGNED, at);
            int mask = buffer.get(ValueLayout.JAVA_INT_UNALIGNED, at + 4);
            int cookie = buffer.get(ValueLayout.JAVA_INT_UNALIGNED, at + 8);
            int size = buffer.get(ValueLayout.JAVA_INT_UNALIGNED, at + 12);
            if ((mask & OVERFLOW) != 0) {
                whole = false;
            } else if ((mask & IGNORED) != 0) {
                directories.remove(watch);
            } else if (size > 0) {
                String directory = directories.get(watch);
                if (directory != null) {
                    into.accept(new Notice(directory + "/" + name(at + HEADER, size), mask, cookie));
                }
            }
            at += HEADER + Integer.toUnsignedLong(size);
        }
        return whole;
    }

    private String name(long at, int size) {
        byte[] bytes = buffer.asSlice(at, size).toArray(ValueLayout.JAVA_BYTE);
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        libc.close(fd);
        libc.close();
    }
}
