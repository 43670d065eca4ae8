package dev.panoptes.detection.analytics;

import java.util.Map;
import java.util.Set;

/**
 * Words and parts of words that stand in names, packed five bits a letter: how dear each is as a part of a name.
 * One costs the negative logarithm of its share among those of names that people registered; an English word that none of
 * them has costs {@link #STRANGE}.
 */
final class NameWords {
    private static final int SHORTEST = 3;
    private static final int LONGEST = 12;
    private static final float STRANGE = 13.5f;
    /** What a sign costs that no word covers. */
    private static final float LOOSE = 6;
    /** The table of weights has so many bits of places. */
    static final int BITS = 17;
    /** What each word costs besides its own price. */
    private static final float EACH = 1;

    private final long[] keys;
    private final float[] costs;
    private final boolean[] english;
    private final int mask;

    /**
     * @param counts words in names that people registered, and how often
     * @param dictionary English words
     */
    NameWords(Map<String, Integer> counts, Set<String> dictionary) {
        int size = Integer.highestOneBit(4 * (counts.size() + dictionary.size()) + 2);
        keys = new long[size];
        costs = new float[size];
        english = new boolean[size];
        mask = size - 1;
        double all = counts.values().stream().mapToLong(Integer::longValue).sum();
        counts.forEach((word, count) -> {
            int at = put(word);
            if (at >= 0) {
                costs[at] = (float) Math.log(all / count);
            }
        });
        for (String word : dictionary) {
            int at = put(word);
            if (at >= 0) {
                english[at] = true;
                if (costs[at] == 0) {
                    costs[at] = STRANGE;
                }
            }
        }
    }

    private int put(String word) {
        if (word.length() < SHORTEST || word.length() > LONGEST) {
            return -1;
        }
        long key = 0;
        for (int i = 0; i < word.length(); i++) {
            int letter = word.charAt(i) - 'a' + 1;
            if (letter < 1 || letter > 26) {
                return -1;
            }
            key = (key << 5) | letter;
        }
        int at = slot(key);
        keys[at] = key;
        return at;
    }

    private int slot(long key) {
        int at = (int) ((key * 0x9E3779B97F4A7C15L) >>> 40) & mask;
        while (keys[at] != 0 && keys[at] != key) {
            at = (at + 1) & mask;
        }
        return at;
    }

    /**
     * Parts of a label.
     *
     * @param cost of all, also of what no word covers
     * @param words how many
     * @param strange how many of them no name of people has
     * @param sum the prices of the words
     * @param dearest the price of the dearest
     * @param covered how many signs words cover
     * @param longest the length of the longest
     * @param shortest the length of the shortest
     * @param keys each word, where it stands and what follows it, as places in a table of weights; only the first {@code many}
     */
    record Parts(
            float cost,
            int words,
            int strange,
            float sum,
            float dearest,
            int covered,
            int longest,
            int shortest,
            int[] keys,
            int many) {}

    /** The parts that cost least together, and the fewest English words that cover most. */
    Parts[] parts(String label) {
        int n = label.length();
        float[] best = new float[n + 1];
        float[] fewest = new float[n + 1];
        int[] last = new int[n + 1];
        int[] lastEnglish = new int[n + 1];
        for (int end = 1; end <= n; end++) {
            best[end] = best[end - 1] + LOOSE;
            fewest[end] = fewest[end - 1] + LOOSE;
            last[end] = -1;
            lastEnglish[end] = -1;
            long key = 0;
            for (int k = 1; k <= Math.min(LONGEST, end); k++) {
                int letter = label.charAt(end - k) - 'a' + 1;
                if (letter < 1 || letter > 26) {
                    break;
                }
                key |= (long) letter << (5 * (k - 1));
                if (k < SHORTEST) {
                    continue;
                }
                int at = slot(key);
                if (keys[at] == 0) {
                    continue;
                }
                float cost = best[end - k] + costs[at] + EACH;
                if (cost < best[end] && costs[at] != STRANGE) {
                    best[end] = cost;
                    last[end] = at;
                }
                float few = fewest[end - k] + (k == SHORTEST ? 6 : 4) + costs[at] / 16;
                if (few < fewest[end] && english[at]) {
                    fewest[end] = few;
                    lastEnglish[end] = at;
                }
            }
        }
        return new Parts[] {parts(best[n], last, 0), parts(fewest[n], lastEnglish, 4)};
    }

    private Parts parts(float cost, int[] last, int salt) {
        int words = 0;
        int strange = 0;
        float sum = 0;
        float dearest = 0;
        int covered = 0;
        int longest = 0;
        int shortest = 0;
        long after = 0;
        int[] places = new int[last.length + 3];
        int many = 0;
        int whole = last.length - 1;
        for (int end = last.length - 1; end > 0; ) {
            int at = last[end];
            if (at < 0) {
                end--;
                continue;
            }
            int k = (68 - Long.numberOfLeadingZeros(keys[at])) / 5;
            places[many++] = place(keys[at], salt);
            if (end == whole) {
                places[many++] = place(keys[at], salt + 1);
            }
            if (end == k) {
                places[many++] = place(keys[at], salt + 2);
            }
            if (words > 0) {
                places[many++] = place(keys[at] * 31 + after, salt + 3);
            }
            after = keys[at];
            words++;
            strange += costs[at] == STRANGE ? 1 : 0;
            sum += costs[at];
            dearest = Math.max(dearest, costs[at]);
            covered += k;
            longest = Math.max(longest, k);
            shortest = shortest == 0 ? k : Math.min(shortest, k);
            end -= k;
        }
        return new Parts(cost, words, strange, sum, dearest, covered, longest, shortest, places, many);
    }

    private static int place(long key, int salt) {
        return (int) (((key * 8 + salt) * 0x9E3779B97F4A7C15L) >>> (64 - BITS));
    }
}
