package dev.panoptes.cli;

import org.jspecify.annotations.Nullable;

/** Finds what a mistyped word was meant to be. */
public final class Similar {
    private Similar() {}

    /** The candidate with the smallest edit distance, if it is small enough to be a slip; else null. */
    public static @Nullable String to(String word, Iterable<String> candidates) {
        String best = null;
        int limit = Math.max(1, word.length() / 3) + 1;
        for (String candidate : candidates) {
            int distance = distance(word, candidate);
            if (distance < limit) {
                limit = distance;
                best = candidate;
            }
        }
        return best;
    }

    private static int distance(String a, String b) {
        int[] before = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            before[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] now = new int[b.length() + 1];
            now[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = before[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                now[j] = Math.min(replaced, Math.min(before[j], now[j - 1]) + 1);
            }
            before = now;
        }
        return before[b.length()];
    }
}
