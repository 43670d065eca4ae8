package dev.panoptes.core.host;

import java.util.Optional;

/** {@code /proc/PID/stat} (proc_pid_stat(5)). Pure. */
final class ProcStatParser {
    private static final int PARENT = 1;
    private static final int START_TIME = 19;

    private ProcStatParser() {}

    /** @param startTicks field 22 */
    record Stat(int parentPid, long startTicks) {}

    /** Empty where the text is no stat line. The name may hold spaces and brackets, so fields count from its last bracket. */
    static Optional<Stat> parse(String text) {
        int end = text.lastIndexOf(')');
        String[] fields =
                end < 0 ? new String[0] : text.substring(end + 1).strip().split(" ");
        if (fields.length <= START_TIME) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Stat(Integer.parseInt(fields[PARENT]), Long.parseLong(fields[START_TIME])));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
