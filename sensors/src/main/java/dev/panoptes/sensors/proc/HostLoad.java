package dev.panoptes.sensors.proc;

import dev.panoptes.core.host.HostFiles;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * How busy a host was at one moment: {@code /proc/stat}, {@code /proc/meminfo} and {@code /proc/loadavg} (proc_stat(5),
 * proc_meminfo(5), proc_loadavg(5)).
 *
 * @param busyTicks of all cores since boot, without what they were idle or waited for disks
 * @param allTicks of all cores since boot
 * @param memoryBytes null where it cannot be read
 * @param availableBytes what programs may still take without swapping; null where it cannot be read
 * @param load of the last minute; null where it cannot be read
 */
record HostLoad(
        long busyTicks,
        long allTicks,
        @Nullable Long memoryBytes,
        @Nullable Long availableBytes,
        @Nullable Double load) {
    private static final int MOST = 1 << 20;
    private static final String CPU = "cpu ";
    /** user nice system idle iowait irq softirq steal; guests are counted in user and nice already. */
    private static final int COUNTERS = 8;

    private static final int IDLE = 3;
    private static final int WAITING = 4;

    /** Null where not even the processor's times can be read. */
    static @Nullable HostLoad of(HostFiles files) {
        String stat = text(files, "/proc/stat");
        return stat == null ? null : parse(stat, text(files, "/proc/meminfo"), text(files, "/proc/loadavg"));
    }

    private static @Nullable String text(HostFiles files, String path) {
        try {
            return files.readText(path, MOST);
        } catch (IOException e) {
            return null; // hidden, or another kernel's
        }
    }

    /** Pure. Null where the first text has no line of all cores. */
    static @Nullable HostLoad parse(String stat, @Nullable String memory, @Nullable String load) {
        String line =
                stat.lines().filter(each -> each.startsWith(CPU)).findFirst().orElse(null);
        if (line == null) {
            return null;
        }
        String[] fields = line.substring(CPU.length()).strip().split(" +");
        long all = 0;
        long idle = 0;
        try {
            for (int i = 0; i < Math.min(fields.length, COUNTERS); i++) {
                long ticks = Long.parseLong(fields[i]);
                all += ticks;
                idle += i == IDLE || i == WAITING ? ticks : 0;
            }
        } catch (NumberFormatException e) {
            return null;
        }
        return new HostLoad(
                all - idle, all, kibibytes(memory, "MemTotal:"), kibibytes(memory, "MemAvailable:"), first(load));
    }

    private static @Nullable Long kibibytes(@Nullable String text, String name) {
        String found = text == null
                ? null
                : text.lines()
                        .filter(line -> line.startsWith(name))
                        .findFirst()
                        .map(line ->
                                line.substring(name.length()).replace("kB", "").strip())
                        .orElse(null);
        try {
            return found == null ? null : Math.multiplyExact(Long.parseLong(found), 1_024L);
        } catch (NumberFormatException | ArithmeticException e) {
            return null;
        }
    }

    private static @Nullable Double first(@Nullable String text) {
        try {
            return text == null ? null : Double.valueOf(text.strip().split(" ")[0]);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** How much of all cores was busy since then, 0 to 100; null where no time has passed, or the counters went back. */
    @Nullable
    Double percentSince(HostLoad before) {
        long all = allTicks - before.allTicks;
        long busy = busyTicks - before.busyTicks;
        // iowait may decrease (proc_stat(5)), so that more can seem busy than time has passed.
        return all <= 0 || busy < 0 ? null : Math.min(100, Math.round(1_000.0 * busy / all) / 10.0);
    }
}
