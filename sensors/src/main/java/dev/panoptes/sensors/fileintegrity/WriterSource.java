package dev.panoptes.sensors.fileintegrity;

import dev.panoptes.core.host.HostFiles;
import dev.panoptes.core.host.Libc;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who closed a file after writing it, by fanotify(7), which needs CAP_SYS_ADMIN. A thread of its own reads at once, for a writer may
 * end as soon as it has closed its file; then only its number is known. Bounded: of many writers the latest are kept.
 */
final class WriterSource implements AutoCloseable {
    private static final int CLOEXEC_NONBLOCK = 0x1 | 0x2;
    private static final int READ_CLOEXEC = 0x80000;
    private static final int MARK_ADD = 1;
    private static final long CLOSE_WRITE_OF_CHILDREN = 0x8L | 0x0800_0000L;
    private static final int CURRENT_DIRECTORY = -100;
    private static final int METADATA = 24;
    private static final int BUFFER = 1 << 16;
    private static final int WAIT_MILLIS = 250;
    private static final int MOST = 4096;
    private static final Pattern UID = Pattern.compile("(?m)^Uid:\\s+\\d+\\s+(\\d+)");

    private final Libc marks = new Libc();
    private final int fd;
    private final HostFiles files = new HostFiles(Path.of("/"));
    private final Map<String, Writer> writers = new LinkedHashMap<>();
    private final Thread reader;
    private volatile boolean closed;

    /** A process that wrote. @param uid effective; null, as the name and the executable, where it had ended already */
    record Writer(
            int pid,
            @Nullable String name,
            @Nullable String executable,
            @Nullable Long uid) {}

    /** @throws IOException where the kernel does not let this process know */
    WriterSource() throws IOException {
        fd = marks.notifyInit(CLOEXEC_NONBLOCK, READ_CLOEXEC);
        if (fd < 0) {
            int errno = marks.errno();
            marks.close();
            throw new IOException("no fanotify: error " + errno);
        }
        reader = Thread.ofPlatform().daemon().name("file_integrity fanotify").start(this::listen);
    }

    /** For the thread that made this. */
    void add(Path directory) {
        try (Arena arena = Arena.ofConfined()) {
            // A directory that cannot be marked is one whose writers are not known.
            marks.notifyMark(
                    fd, MARK_ADD, CLOSE_WRITE_OF_CHILDREN, CURRENT_DIRECTORY, arena.allocateFrom(directory.toString()));
        }
    }

    /** Who wrote the file last, told once; null where nobody is known. */
    @Nullable
    Writer take(String path) {
        synchronized (writers) {
            return writers.remove(path);
        }
    }

    private void listen() {
        try (Libc libc = new Libc()) {
            MemorySegment buffer = libc.allocate(BUFFER);
            while (!closed) {
                if (!libc.readable(fd, WAIT_MILLIS)) {
                    continue;
                }
                long length = libc.read(fd, buffer);
                for (long at = 0; at + METADATA <= length; ) {
                    long size = Integer.toUnsignedLong(buffer.get(ValueLayout.JAVA_INT_UNALIGNED, at));
                    if (size < METADATA) {
                        break;
                    }
                    written(
                            libc,
                            buffer.get(ValueLayout.JAVA_INT_UNALIGNED, at + 16),
                            buffer.get(ValueLayout.JAVA_INT_UNALIGNED, at + 20));
                    at += size;
                }
            }
            libc.close(fd);
        }
    }

    private void written(Libc libc, int file, int pid) {
        if (file < 0) {
            return; // the queue ran over
        }
        try {
            if (pid != ProcessHandle.current().pid()) {
                String path = files.readLink("/proc/self/fd/" + file);
                Writer writer = writer(pid);
                synchronized (writers) {
                    writers.remove(path);
                    writers.put(path, writer);
                    if (writers.size() > MOST) {
                        String oldest = writers.keySet().iterator().next();
                        writers.remove(oldest);
                    }
                }
            }
        } catch (IOException e) {
            return; // the file has no name any more
        } finally {
            libc.close(file);
        }
    }

    private Writer writer(int pid) {
        String folder = "/proc/" + pid;
        String name = null;
        String executable = null;
        Long uid = null;
        try {
            name = files.readText(folder + "/comm", 64).strip();
            executable = files.readLink(folder + "/exe");
            Matcher status = UID.matcher(files.readText(folder + "/status", 1 << 14));
            uid = status.find() ? Long.valueOf(status.group(1)) : null;
        } catch (IOException e) {
            return new Writer(pid, name, executable, uid); // it has ended meanwhile, or is a thread of the kernel
        }
        return new Writer(pid, name, executable, uid);
    }

    @Override
    public void close() {
        closed = true;
        try {
            reader.join(4L * WAIT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        marks.close();
    }
}
