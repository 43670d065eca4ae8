package dev.panoptes.sensors.live;

import org.jspecify.annotations.Nullable;

/**
 * A place in systemd's journal, as journald writes it: {@code s=ID;i=72;b=BOOT;m=...;t=...;x=...}. {@code i} counts, in
 * hexadecimal, what one journald has written, to whatever file; {@code s} tells apart who counts.
 *
 * @param text as journald wrote it
 * @param counter {@code s}; empty where it is not told
 * @param number {@code i}; -1 where it is not told
 */
record JournalCursor(String text, String counter, long number) {
    private static final int HEXADECIMAL = 16;

    static JournalCursor of(String text) {
        String counter = "";
        long number = -1;
        for (String part : text.split(";", 16)) {
            if (part.startsWith("s=")) {
                counter = part.substring(2);
            } else if (part.startsWith("i=")) {
                number = number(part.substring(2));
            }
        }
        return new JournalCursor(text, counter, number);
    }

    private static long number(String text) {
        try {
            return Long.parseUnsignedLong(text, HEXADECIMAL);
        } catch (NumberFormatException e) {
            return -1; // not as it is written today
        }
    }

    /** How many entries lie between that one and this one; -1 where their numbers do not tell. */
    long missingSince(@Nullable JournalCursor before) {
        return before == null || number < 0 || before.number < 0 || number <= before.number
                ? -1
                : number - before.number - 1;
    }
}
