package dev.panoptes.sensors.proc;

import dev.panoptes.core.host.HostFiles;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a host was booted, and which boot it is.
 *
 * @param at null where it cannot be read
 * @param id the first part of the boot's id; empty where it cannot be read
 */
record BootTime(@Nullable Instant at, String id) {
    /** USER_HZ, which is 100 on every architecture that Java runs on. */
    private static final long TICKS = 100;

    private static final int MOST = 1 << 20;
    private static final int ID_DIGITS = 8;

    static BootTime of(HostFiles files) {
        Instant at = null;
        try {
            for (String line : files.readText("/proc/stat", MOST).split("\n")) {
                if (line.startsWith("btime ")) {
                    at = Instant.ofEpochSecond(Long.parseLong(line.substring(6).strip()));
                }
            }
        } catch (IOException | NumberFormatException e) {
            at = null;
        }
        String id = "";
        try {
            String text = files.readText("/proc/sys/kernel/random/boot_id", 64).strip();
            id = text.length() > ID_DIGITS ? text.substring(0, ID_DIGITS) : text;
        } catch (IOException e) {
            id = "";
        }
        return new BootTime(at, id);
    }

    /** Null where the boot's time is not known. */
    @Nullable
    Instant started(ProcessImage image) {
        return at == null ? null : at.plusMillis(image.startTicks() * 1_000 / TICKS);
    }

    /** Names a process for good: pids are used again, also after a boot. */
    String entity(int pid, long startTicks) {
        return (id.isEmpty() ? "" : id + "-") + pid + "-" + startTicks;
    }

    /** The share of one core that so many ticks in so many nanoseconds are. */
    static double percent(long ticks, long nanos) {
        double seconds = nanos / 1e9;
        return seconds <= 0 ? 0 : Math.round(1_000.0 * ticks / TICKS / seconds) / 10.0;
    }
}
