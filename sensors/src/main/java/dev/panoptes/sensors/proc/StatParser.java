package dev.panoptes.sensors.proc;

import org.jspecify.annotations.Nullable;

/** {@code /proc/PID/stat} (proc_pid_stat(5)). Pure. */
final class StatParser {
    private static final int FIELDS = 22;
    private static final int PARENT = 1;
    private static final int USER_TIME = 11;
    private static final int SYSTEM_TIME = 12;
    private static final int START = 19;
    private static final int RESIDENT = 21;

    private StatParser() {}

    /** @param cpuTicks user and system time */
    record Stat(String name, char state, int parentPid, long cpuTicks, long startTicks, long residentPages) {}

    /** Null where the text is no stat line. The name may hold anything, so fields count from its last bracket. */
    static @Nullable Stat parse(String text) {
        int open = text.indexOf('(');
        int close = text.lastIndexOf(')');
        if (open < 0 || close < open || close + 2 > text.length()) {
            return null;
        }
        String[] fields = text.substring(close + 1).strip().split(" ");
        if (fields.length < FIELDS || fields[0].length() != 1) {
            return null;
        }
        try {
            return new Stat(
                    text.substring(open + 1, close),
                    fields[0].charAt(0),
                    Integer.parseInt(fields[PARENT]),
                    Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME]),
                    Long.parseUnsignedLong(fields[START]),
                    Long.parseLong(fields[RESIDENT]));
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
