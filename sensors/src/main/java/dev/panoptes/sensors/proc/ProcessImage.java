package dev.panoptes.sensors.proc;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What could be read of one process at one moment. A process that vanished meanwhile has what was read before.
 *
 * @param name the kernel's name for it, {@code comm}
 * @param startTicks clock ticks since boot
 * @param cpuTicks user and system time together
 * @param residentPages of memory
 * @param executable without {@code (deleted)}; null where it could not be read
 * @param deleted true where the executable is not there under this name any more
 * @param arguments as given; empty for kernel threads and zombies
 * @param uid effective; null where it could not be read
 * @param capabilities effective, one bit each
 * @param namespaces inode by name
 * @param service the innermost systemd service; null where none
 * @param container 64 hex digits; null where none
 */
record ProcessImage(
        int pid,
        int parentPid,
        String name,
        char state,
        long startTicks,
        long cpuTicks,
        long residentPages,
        @Nullable String executable,
        boolean deleted,
        List<String> arguments,
        @Nullable String workingDirectory,
        @Nullable Long uid,
        @Nullable Long realUid,
        long capabilities,
        Map<String, Long> namespaces,
        @Nullable String service,
        @Nullable String container) {
    ProcessImage {
        arguments = List.copyOf(arguments);
        namespaces = Map.copyOf(namespaces);
    }

    /** The executable lies in memory only (memfd_create(2)). */
    boolean inMemory() {
        return executable != null && executable.startsWith("/memfd:");
    }

    /** True where both are one process: pids are used again. */
    boolean sameProcess(ProcessImage other) {
        return pid == other.pid && startTicks == other.startTicks;
    }
}
