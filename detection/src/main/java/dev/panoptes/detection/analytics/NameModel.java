package dev.panoptes.detection.analytics;

import java.util.regex.Pattern;

/**
 * Judges whether an algorithm made a name: a logistic regression over sixteen features of the registered label. The features
 * are its length, the mean likelihood of its letters after one another (trigrams of English words and of names made of them),
 * digits, vowels, the longest run of consonants, changes between letters and digits, entropy, how much of it words cover, and
 * whether it is words from end to end, which with its length tells word-list families. The weights were fitted to names of
 * ten kinds of algorithm and to well-known domains, words and their combinations; the evaluation on names that it was not
 * fitted to is in docs/detection-quality.md.
 */
final class NameModel {
    private static final double[] WEIGHTS = {
        -4.033, 1.911, 1.304, 0.348, -4.203, -10.023, -1.325, 1.793, -0.029, -0.736, -4.774, 3.455, -0.436, -5.884,
        3.167, 0.921
    };

    private static final Pattern HEX = Pattern.compile("[0-9a-f]{8,}");
    private static final int LONGEST_WORD = 10;
    private static final int SHORTEST_WORD = 4;

    private NameModel() {}

    /** @param domain a registered domain, in lower case */
    static boolean generated(String domain) {
        int dot = domain.indexOf('.');
        String label = dot < 0 ? domain : domain.substring(0, dot);
        if (label.length() < 5 || label.startsWith("xn--") || label.length() > 63) {
            return false;
        }
        return score(label) > 0;
    }

    /** The logarithm of the odds. */
    static double score(String label) {
        double[] features = features(label);
        double sum = 0;
        for (int i = 0; i < features.length; i++) {
            sum += WEIGHTS[i] * features[i];
        }
        return sum;
    }

    private static double[] features(String label) {
        int n = label.length();
        double likelihood = Names.likelihood(label);
        int digits = 0;
        int vowels = 0;
        int run = 0;
        int longest = 0;
        int changes = 0;
        for (int i = 0; i < n; i++) {
            char c = label.charAt(i);
            boolean digit = Character.isDigit(c);
            digits += digit ? 1 : 0;
            boolean vowel = "aeiou".indexOf(c) >= 0;
            vowels += vowel ? 1 : 0;
            boolean consonant = "bcdfghjklmnpqrstvwxz".indexOf(c) >= 0;
            run = consonant ? run + 1 : 0;
            longest = Math.max(longest, run);
            changes += i + 1 < n && digit != Character.isDigit(label.charAt(i + 1)) ? 1 : 0;
        }
        int[] cover = cover(label);
        double covered = (double) cover[0] / n;
        double words = cover[0] == n && cover[1] >= 2 ? 1 : 0;
        return new double[] {
            1,
            likelihood / 3,
            n / 10.0,
            n * n / 100.0,
            likelihood * n / 30,
            (double) digits / n,
            (double) vowels / n,
            longest / 5.0,
            changes / 5.0,
            Names.entropy(label) / 3,
            covered,
            words,
            words * Math.max(0, n - 11) / 5.0,
            label.indexOf('-') >= 0 ? 1 : 0,
            digits > 0 && HEX.matcher(label).matches() ? 1 : 0,
            Math.max(0, -likelihood - 3.2) * Math.min(n, 12) / 10
        };
    }

    /** How many letters words can cover, and with how few words. */
    private static int[] cover(String label) {
        int n = label.length();
        int[] covered = new int[n + 1];
        int[] words = new int[n + 1];
        for (int i = 1; i <= n; i++) {
            covered[i] = covered[i - 1];
            words[i] = words[i - 1];
            for (int k = SHORTEST_WORD; k <= Math.min(LONGEST_WORD, i); k++) {
                int more = covered[i - k] + k;
                int with = words[i - k] + 1;
                boolean better = more > covered[i] || (more == covered[i] && with < words[i]);
                if (better && Names.word(label.substring(i - k, i))) {
                    covered[i] = more;
                    words[i] = with;
                }
            }
        }
        return new int[] {covered[n], words[n]};
    }
}
