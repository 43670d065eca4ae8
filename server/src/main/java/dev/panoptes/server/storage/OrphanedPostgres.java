package dev.panoptes.server.storage;

import dev.panoptes.server.life.CannotStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PostgreSQL processes that outlived their server. Whoever holds the data directory's lock knows that no live server owns
 * them. A process is one of them when it is a {@code postgres} whose working directory is the cluster; the number in
 * {@code postmaster.pid} alone proves nothing, for numbers are given out again.
 */
final class OrphanedPostgres {
    private static final Logger LOG = LoggerFactory.getLogger(OrphanedPostgres.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private OrphanedPostgres() {}

    /** Ends them all, gently first, and takes away what would keep the next one from starting. */
    static void end(Path cluster) throws CannotStart {
        Path pidFile = cluster.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        try {
            List<ProcessHandle> orphans = find(cluster);
            if (!orphans.isEmpty()) {
                LOG.atWarn()
                        .addKeyValue(
                                "pids", orphans.stream().map(ProcessHandle::pid).toList())
                        .log("ending a PostgreSQL that outlived its server");
                for (ProcessHandle orphan : orphans) {
                    // Only the postmaster: to the checkpointer the same signal means something else.
                    if (orphan.parent().filter(orphans::contains).isEmpty()) {
                        Programs.interrupt(orphan.pid());
                    }
                }
                await(orphans, PATIENCE);
                // A kill is what crash recovery is for; the next start does it.
                orphans.forEach(ProcessHandle::destroyForcibly);
                await(orphans, PATIENCE);
            }
            if (!find(cluster).isEmpty()) {
                throw new CannotStart("a PostgreSQL of an earlier start still runs on " + cluster
                        + " and cannot be ended; end it and start again");
            }
            // What is left names a dead process or, by chance, a living one of somebody else, which PostgreSQL would
            // take for its own. The shared memory of a live backend would still stop it.
            Files.deleteIfExists(pidFile);
        } catch (IOException e) {
            throw new CannotStart("an earlier PostgreSQL could not be ended: " + DataDirectory.reason(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotStart("interrupted while an earlier PostgreSQL was ending", e);
        }
    }

    private static List<ProcessHandle> find(Path cluster) {
        return ProcessHandle.allProcesses()
                .filter(each -> isOn(each.pid(), cluster))
                .toList();
    }

    private static boolean isOn(long pid, Path cluster) {
        Path process = Path.of("/proc", Long.toString(pid));
        try {
            return Files.readSymbolicLink(process.resolve("exe")).endsWith("postgres")
                    && Files.readSymbolicLink(process.resolve("cwd")).equals(cluster);
        } catch (IOException e) {
            // Gone meanwhile, a kernel thread, or another user's: none of them is ours.
            return false;
        }
    }

    private static void await(List<ProcessHandle> processes, Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        for (ProcessHandle each : processes) {
            try {
                each.onExit().get(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException | ExecutionException e) {
                LOG.atDebug().addKeyValue("pid", each.pid()).log("still running");
            }
        }
    }
}
