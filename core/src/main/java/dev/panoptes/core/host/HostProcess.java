package dev.panoptes.core.host;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A process. Pid and start time together are its identity: pids are used again.
 *
 * @param startTicks start time in clock ticks since boot (proc_pid_stat(5), field 22)
 * @param uid effective user
 * @param exe resolved executable, without the kernel's {@code (deleted)}; null where it could not be read
 * @param exeDeleted true where the executable was removed or replaced since the start
 * @param cwd null where it could not be read
 * @param command arguments as given, not masked; empty for a kernel thread
 * @param script the script, jar or module that an interpreter runs: absolute where the file was found, else as written;
 *     null for a native program and where it cannot be told
 * @param realScript {@code script} with links resolved; null where there is no such file
 * @param unit the systemd unit of its cgroup; null where none
 * @param container id of its container; null where none
 * @param apart why its paths or addresses are not this host's: a container, another root directory, another network
 *     namespace; null where they are this host's
 * @param codeDigest SHA-256 of {@code realScript}, or of the executable of a native program; null where it was not asked
 *     for or could not be read
 */
public record HostProcess(
        int pid,
        long startTicks,
        int parentPid,
        int uid,
        @Nullable String exe,
        boolean exeDeleted,
        @Nullable String cwd,
        List<String> command,
        @Nullable String script,
        @Nullable String realScript,
        @Nullable String unit,
        @Nullable String container,
        @Nullable String apart,
        @Nullable String codeDigest) {
    public HostProcess {
        command = List.copyOf(command);
    }

    HostProcess withCodeDigest(@Nullable String digest) {
        return new HostProcess(
                pid,
                startTicks,
                parentPid,
                uid,
                exe,
                exeDeleted,
                cwd,
                command,
                script,
                realScript,
                unit,
                container,
                apart,
                digest);
    }
}
