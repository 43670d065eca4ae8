package dev.panoptes.core.host;

import java.util.OptionalInt;

/** {@code /proc/PID/status} (proc_pid_status(5)). Pure. */
final class ProcStatusParser {
    private ProcStatusParser() {}

    /** The effective user: the second number of {@code Uid:}. Empty where there is none. */
    static OptionalInt effectiveUid(String text) {
        return text.lines()
                .filter(line -> line.startsWith("Uid:"))
                .map(line -> line.substring("Uid:".length()).strip().split("\\s+"))
                .filter(numbers -> numbers.length >= 2)
                .mapToInt(numbers -> number(numbers[1]))
                .findFirst();
    }

    private static int number(String text) {
        try {
            return Integer.parseUnsignedInt(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
