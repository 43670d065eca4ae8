package dev.panoptes.sensors.kernelaudit;

import dev.panoptes.sensors.replay.LogLine;
import org.jspecify.annotations.Nullable;

/**
 * One record of the audit system, its header read.
 *
 * @param line where it stands
 * @param node the host that a central log names; null where it names none
 * @param type SYSCALL, PATH, ...
 * @param seconds since 1970
 * @param serial 0 to 4294967295
 * @param text in which the record stands
 * @param bodyAt where in the text what follows the header begins
 */
record AuditRecord(
        LogLine line,
        @Nullable String node,
        String type,
        long seconds,
        int nanos,
        long serial,
        String text,
        int bodyAt) {}
