package dev.panoptes.sensors.proc;

import org.jspecify.annotations.Nullable;

/** {@code /proc/PID/status} (proc_pid_status(5)). Pure. */
final class StatusParser {
    private StatusParser() {}

    /** @param capabilities effective; null values where the text does not tell */
    record Status(@Nullable Long realUid, @Nullable Long uid, long capabilities) {}

    static Status parse(String text) {
        Long real = null;
        Long effective = null;
        long capabilities = 0;
        for (String line : text.split("\n", -1)) {
            try {
                if (line.startsWith("Uid:")) {
                    String[] ids = line.substring(4).strip().split("\\s+");
                    real = ids.length > 0 ? Long.valueOf(ids[0]) : null;
                    effective = ids.length > 1 ? Long.valueOf(ids[1]) : null;
                } else if (line.startsWith("CapEff:")) {
                    capabilities = Long.parseUnsignedLong(line.substring(7).strip(), 16);
                }
            } catch (NumberFormatException e) {
                continue; // a line that is not as the kernel writes it tells nothing
            }
        }
        return new Status(real, effective, capabilities);
    }
}
