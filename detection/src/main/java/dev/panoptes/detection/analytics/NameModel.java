package dev.panoptes.detection.analytics;

import java.util.regex.Pattern;

/**
 * Judges whether an algorithm made a name: a logistic regression over 32 features of the registered label. Sixteen are its
 * length, the mean likelihood of its letters after one another (trigrams of English words and of names made of them), digits,
 * vowels, the longest run of consonants, changes between letters and digits, entropy, how much of it words cover, and whether it
 * is words from end to end. The others are the same likelihood by names that people registered, and how often its words stand in
 * such names: people take a few thousand words again and again, word-list families any. The evaluation on names that it was not
 * fitted to is in docs/detection-quality.md.
 */
final class NameModel {
    private static final double[] WEIGHTS = {
        -4.1673, 0.4955, 4.7280, -0.7757, 0.6847, -3.7075, 2.3902, -0.5290, -0.9366, -0.9119, -1.4335, 1.0135, -0.4204,
        -7.4227, 0.5236, 1.5238, 0.6330, -0.6890, 2.7496, -2.2973, 0.1622, -0.3375, -1.4335, 1.0135, -1.8329, 0.1412,
        -1.0319, -0.3152, -0.0572, 0.7384, 4.9445, 8.0827
    };

    /** From which score on a name is held for generated. */
    private static final double THRESHOLD = 0.25;
    /** From which on hardly any name of people is: one in a hundred. */
    private static final double SURE = 4;

    private static final Pattern HEX = Pattern.compile("[0-9a-f]{8,}");
    private static final int LONGEST_WORD = 10;
    private static final int SHORTEST_WORD = 4;

    private NameModel() {}

    /** @param domain a registered domain, in lower case */
    static boolean generated(String domain) {
        return of(domain) > THRESHOLD;
    }

    /** True where nearly no name of people is like it. */
    static boolean surely(String domain) {
        return of(domain) > SURE;
    }

    private static double of(String domain) {
        int dot = domain.indexOf('.');
        String label = dot < 0 ? domain : domain.substring(0, dot);
        return label.length() < 5 || label.startsWith("xn--") || label.length() > 63 ? -SURE : score(label);
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
        double asName = Names.nameLikelihood(label);
        Words found = Words.of(label);
        double pure = found.share() > 0.99 && found.count() >= 2 ? 1 : 0;
        double strange = found.count() > 0 && found.rarest() == 0 ? 1 : 0;
        double dash = label.indexOf('-') >= 0 ? 1 : 0;
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
            dash,
            digits > 0 && HEX.matcher(label).matches() ? 1 : 0,
            Math.max(0, -likelihood - 3.2) * Math.min(n, 12) / 10,
            asName,
            asName * Math.min(n, 20) / 10,
            Math.max(0, -asName - 3) * Math.min(n, 12) / 10,
            found.usual() / 3,
            found.rarest() / 3,
            found.count() / 3.0,
            found.share(),
            pure,
            pure * found.usual() / 3,
            pure * found.rarest() / 3,
            pure * strange,
            pure * n / 10,
            pure * found.count() / 3,
            pure * strange * n / 10,
            found.share() * found.count() / 3,
            dash * found.share()
        };
    }

    /**
     * The words of a label, as few and as long as cover most of it.
     *
     * @param usual the mean logarithm of one more than how often each stands in names that people registered
     * @param rarest the least of these
     * @param share how much of the label they cover, 0 to 1
     */
    private record Words(int count, double usual, double rarest, double share) {
        private static final int SHORTEST = 3;
        private static final int LONGEST = 12;

        static Words of(String label) {
            int n = label.length();
            double[] best = new double[n + 1];
            int[] many = new int[n + 1];
            int[] last = new int[n + 1];
            for (int i = 1; i <= n; i++) {
                best[i] = best[i - 1];
                many[i] = many[i - 1];
                for (int k = SHORTEST; k <= Math.min(LONGEST, i); k++) {
                    double more = best[i - k] + k - (k == SHORTEST ? 0.9 : 0.5);
                    int with = many[i - k] + 1;
                    boolean better = more > best[i] || (more == best[i] && with < many[i]);
                    if (better && Names.word(label.substring(i - k, i))) {
                        best[i] = more;
                        many[i] = with;
                        last[i] = k;
                    }
                }
            }
            int covered = 0;
            double sum = 0;
            double rarest = Double.MAX_VALUE;
            for (int i = n; i > 0; ) {
                int k = last[i];
                if (k == 0) {
                    i--;
                    continue;
                }
                double usual = Math.log1p(Names.inNames(label.substring(i - k, i)));
                sum += usual;
                rarest = Math.min(rarest, usual);
                covered += k;
                i -= k;
            }
            int count = many[n];
            return count == 0 ? new Words(0, 0, 0, 0) : new Words(count, sum / count, rarest, (double) covered / n);
        }
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
