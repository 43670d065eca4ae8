package dev.panoptes.core.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process takes of the machine, by the kernel's own count (proc(5)). */
public final class ThreadTime {
    private static final Path THREAD = Path.of("/proc/thread-self/schedstat");
    private static final Path MEMORY = Path.of("/proc/self/statm");
    private static final long PAGE = 4096;

    private ThreadTime() {}

    /** Nanoseconds that the calling platform thread has been on a processor; -1 where the kernel does not tell. */
    public static long nanos() {
        return number(THREAD, 0);
    }

    /** Bytes of this process that lie in memory; -1 where the kernel does not tell. */
    public static long residentBytes() {
        long pages = number(MEMORY, 1);
        return pages < 0 ? -1 : pages * PAGE;
    }

    private static long number(Path file, int word) {
        try {
            String[] words =
                    Files.readString(file, StandardCharsets.US_ASCII).strip().split(" ");
            return word < words.length ? Long.parseLong(words[word]) : -1;
        } catch (IOException | NumberFormatException e) {
            return -1;
        }
    }
}
