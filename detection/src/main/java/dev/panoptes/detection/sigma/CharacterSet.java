package dev.panoptes.detection.sigma;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A set of characters of 16 bits, as ranges that ascend. Immutable. */
final class CharacterSet {
    private static final int FEW = 3;
    private static final char LONG_S = '\u017f';
    private static final char KELVIN = '\u212a';

    static final CharacterSet ALL = of("\0\uffff");
    static final CharacterSet WORD = of("09AZ__az");
    /** With the long s and the sign for kelvin, which letters fold to. */
    static final CharacterSet WORD_FOLDED = of("09AZ__az\u017f\u017f\u212a\u212a");

    static final CharacterSet DIGIT = of("09");
    static final CharacterSet BLANK = of("\t\n\f\r  ");
    static final CharacterSet LINE_FEED = of("\n\n");

    /** By character of ASCII: it alone. */
    private static final CharacterSet[] SINGLES = singles(false);
    /** By character of ASCII: it and its other cases. */
    private static final CharacterSet[] FOLDED_SINGLES = singles(true);

    private final char[] ranges;
    private final Around around;
    private final @Nullable Set<String> texts;

    private CharacterSet(char[] ranges) {
        this.ranges = ranges;
        long low = 0;
        long high = 0;
        boolean beyond = false;
        for (int i = 0; i < ranges.length; i += 2) {
            low |= bits(ranges[i], ranges[i + 1]);
            high |= bits(ranges[i] - 64, ranges[i + 1] - 64);
            beyond |= ranges[i + 1] >= 128;
        }
        this.around = new Around(low, high, beyond, false);
        this.texts = texts(ranges);
    }

    private static CharacterSet[] singles(boolean folds) {
        CharacterSet[] all = new CharacterSet[128];
        for (char c = 0; c < 128; c++) {
            all[c] = new CharacterSet(folds ? cases(c).toCharArray() : new char[] {c, c});
        }
        return all;
    }

    /** The set of one character, and of its other cases where it folds. */
    static CharacterSet single(char c, boolean folds) {
        if (c < 128) {
            return folds ? FOLDED_SINGLES[c] : SINGLES[c];
        }
        return new CharacterSet(folds ? cases(c).toCharArray() : new char[] {c, c});
    }

    /** The pairs of a character and of its other cases. */
    private static String cases(char c) {
        char lower = c == KELVIN ? 'k' : c == LONG_S ? 's' : c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
        if (lower < 'a' || lower > 'z') {
            return "" + c + c;
        }
        char upper = (char) (lower - 32);
        String third = lower == 'k' ? "" + KELVIN + KELVIN : lower == 's' ? "" + LONG_S + LONG_S : "";
        return "" + upper + upper + lower + lower + third;
    }

    private static @Nullable Set<String> texts(char[] ranges) {
        Set<String> all = new LinkedHashSet<>();
        for (int i = 0; i < ranges.length; i += 2) {
            if (ranges[i + 1] - ranges[i] >= FEW) {
                return null;
            }
            for (int c = ranges[i]; c <= ranges[i + 1]; c++) {
                all.add(String.valueOf(Folded.fold((char) c)));
            }
        }
        return all.size() > FEW ? null : all;
    }

    /** Each character of it as a text, folded; null where these are more than a few. */
    @Nullable
    Set<String> texts() {
        return texts;
    }

    /** Those of the first 64 bits that are from one number to another. */
    private static long bits(int first, int last) {
        return first > 63 || last < 0 ? 0 : (-1L << Math.max(first, 0)) & (-1L >>> (63 - Math.min(last, 63)));
    }

    /** One of it, beside something. */
    Around around() {
        return around;
    }

    /** @param pairs first and last of each range, ascending */
    static CharacterSet of(String pairs) {
        return new CharacterSet(pairs.toCharArray());
    }

    CharacterSet negated() {
        StringBuilder pairs = new StringBuilder();
        int begin = 0;
        for (int i = 0; i < ranges.length; i += 2) {
            if (begin < ranges[i]) {
                pairs.append((char) begin).append((char) (ranges[i] - 1));
            }
            begin = ranges[i + 1] + 1;
        }
        if (begin <= 0xffff) {
            pairs.append((char) begin).append('\uffff');
        }
        return of(pairs.toString());
    }

    boolean contains(char c) {
        for (int i = 0; i < ranges.length && ranges[i] <= c; i += 2) {
            if (c <= ranges[i + 1]) {
                return true;
            }
        }
        return false;
    }

    /** Puts where ranges begin and what follows each of them. */
    void mark(Set<Integer> begins) {
        for (int i = 0; i < ranges.length; i += 2) {
            begins.add((int) ranges[i]);
            begins.add(ranges[i + 1] + 1);
        }
    }

    /** What is gathered for a set in brackets: ASCII, the two beyond it that fold with letters of it, and all others or none. */
    static final class Members {
        private final boolean[] ascii = new boolean[128];
        private boolean beyond;
        private boolean longS;
        private boolean kelvin;

        /** @param last below 128 */
        void add(char first, char last) {
            Arrays.fill(ascii, first, last + 1, true);
        }

        /** @param set of ASCII, of the two that fold with it, and of all others or none */
        void add(CharacterSet set) {
            for (char c = 0; c < 128; c++) {
                ascii[c] |= set.contains(c);
            }
            beyond |= set.contains('\uffff');
            longS |= set.contains(LONG_S);
            kelvin |= set.contains(KELVIN);
        }

        /** Adds the other case of each letter of ASCII, as Unicode's simple folding has it. */
        void fold() {
            for (char c = 'a'; c <= 'z'; c++) {
                boolean third = (c == 's' && longS) || (c == 'k' && kelvin);
                boolean any = ascii[c] || ascii[c - 32] || third;
                ascii[c] = any;
                ascii[c - 32] = any;
            }
            longS = ascii['s'];
            kelvin = ascii['k'];
        }

        CharacterSet set() {
            StringBuilder pairs = new StringBuilder();
            int begin = -1;
            for (int c = 0;
                    c <= 0x10000;
                    c = c == 128 ? LONG_S : c == LONG_S + 1 ? KELVIN : c == KELVIN + 1 ? 0x10000 : c + 1) {
                boolean in = c < 0x10000 && has((char) c);
                if (in && begin < 0) {
                    begin = c;
                } else if (!in && begin >= 0) {
                    pairs.append((char) begin).append((char) (c - 1));
                    begin = -1;
                }
            }
            return of(pairs.toString());
        }

        private boolean has(char c) {
            return c < 128 ? ascii[c] : c == LONG_S ? longS : c == KELVIN ? kelvin : beyond;
        }
    }
}
