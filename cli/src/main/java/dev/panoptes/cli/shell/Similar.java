package dev.panoptes.cli.shell;

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

    /** Edits of one character, or a swap of two neighbours, that lead from one to the other. */
    private static int distance(String a, String b) {
        int[][] distances = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                distances[i][j] = i == 0 || j == 0 ? i + j : step(a, b, i, j, distances);
            }
        }
        return distances[a.length()][b.length()];
    }

    private static int step(String a, String b, int i, int j, int[][] distances) {
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        int best = Math.min(
                distances[i - 1][j - 1] + (same ? 0 : 1), Math.min(distances[i - 1][j], distances[i][j - 1]) + 1);
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(best, distances[i - 2][j - 2] + 1) : best;
    }
}
