package dev.panoptes.server.processes;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A process of a host. What is null was not told.
 *
 * @param entityId names it for good: pids are used again
 * @param endedAt null while it runs
 * @param endTold false where a look no longer found it, and nobody told when it ended
 * @param cpuPercent of one core
 * @param usedAt when the two figures were measured
 */
record ProcessLine(
        String entityId,
        int pid,
        @Nullable Integer parentPid,
        @Nullable String parentEntityId,
        @Nullable String name,
        @Nullable String executable,
        @Nullable String commandLine,
        @Nullable String user,
        @Nullable String service,
        @Nullable String container,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        @Nullable Integer exitCode,
        boolean endTold,
        @Nullable Double cpuPercent,
        @Nullable Long memoryBytes,
        @Nullable Instant usedAt) {}
