package dev.panoptes.core.host;

import java.util.OptionalInt;

/** {@code /proc/PID/status} (proc_pid_status(5)). Pure. */
final class ProcStatusParser {
    private static final String FIELD = "Uid:";

    private ProcStatusParser() {}

    /** The effective user: the second number of {@code Uid:}. Empty where there is none. */
    static OptionalInt effectiveUid(String text) {
        int at = text.startsWith(FIELD) ? 0 : text.indexOf("\n" + FIELD) + 1;
        if (at == 0 && !text.startsWith(FIELD)) {
            return OptionalInt.empty();
        }
        int end = text.indexOf('\n', at);
        String[] numbers = text.substring(at + FIELD.length(), end < 0 ? text.length() : end)
                .strip()
                .split("\t");
        return numbers.length < 2 ? OptionalInt.empty() : OptionalInt.of(number(numbers[1].strip()));
    }

    private static int number(String text) {
        try {
            return Integer.parseUnsignedInt(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
