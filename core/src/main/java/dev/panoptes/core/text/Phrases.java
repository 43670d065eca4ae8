package dev.panoptes.core.text;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A fixed set of short texts of ASCII characters, two at least, that are looked for in long ones, all of them in one pass. */
public final class Phrases {
    private static final int ASCII = 128;

    /** By the first two characters, {@code first << 7 | second}; null where no phrase begins so, as nearly everywhere. */
    private final byte[] @Nullable [][] byStart = new byte[ASCII * ASCII][][];

    public Phrases(List<String> all) {
        for (String phrase : all) {
            byte[] bytes = phrase.getBytes(StandardCharsets.US_ASCII);
            if (bytes.length < 2) {
                throw new IllegalArgumentException("a phrase has two characters at least");
            }
            int start = (bytes[0] << 7) | bytes[1];
            byte[][] before = byStart[start] == null ? new byte[0][] : byStart[start];
            byte[][] with = new byte[before.length + 1][];
            System.arraycopy(before, 0, with, 0, before.length);
            with[before.length] = bytes;
            byStart[start] = with;
        }
    }

    /** True where any of them stands in the text. */
    public boolean in(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i + 1 < bytes.length; i++) {
            int first = bytes[i];
            int second = bytes[i + 1];
            // What is no ASCII is negative, as is what two of which one is.
            if ((first | second) >= 0) {
                byte[][] phrases = byStart[(first << 7) | second];
                if (phrases != null && anyAt(phrases, bytes, i)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean anyAt(byte[][] phrases, byte[] text, int at) {
        for (byte[] phrase : phrases) {
            if (standsAt(phrase, text, at)) {
                return true;
            }
        }
        return false;
    }

    private static boolean standsAt(byte[] phrase, byte[] text, int at) {
        if (at + phrase.length > text.length) {
            return false;
        }
        for (int i = 2; i < phrase.length; i++) {
            if (text[at + i] != phrase[i]) {
                return false;
            }
        }
        return true;
    }
}
