package dev.panoptes.detection.analytics;

import java.util.Set;

/** What {@link NameModel} looks at in a registered domain, besides its n-grams: signs, letters after one another, words, suffix. */
final class NameFeatures {
    /** How many there are; n-gram scores follow them. */
    static final int COUNT = 41;

    /** Signs of a label (dash, digits, letters) and its border. */
    static final int SIGNS = 38;

    private static final int BORDER = 37;
    private static final Set<String> OLD = Set.of("net", "org");
    private static final Set<String> CLASSIC = Set.of("info", "biz");
    private static final Set<String> CLOSED = Set.of("gov", "edu", "mil", "int", "ac", "bank", "museum", "aero");
    private static final Set<String> ABUSED = Set.of("ru", "cn", "su", "ws", "cc", "pw", "tk", "in", "me", "tv", "us");
    private static final double[] LOGARITHMS = new double[64];

    static {
        for (int i = 1; i < LOGARITHMS.length; i++) {
            LOGARITHMS[i] = Math.log(i) / Math.log(2);
        }
    }

    private NameFeatures() {}

    /** The number of a sign of a label; dash for what may not stand in one. */
    static int sign(char c) {
        if (c >= 'a' && c <= 'z') {
            return c - 'a' + 11;
        }
        return c >= '0' && c <= '9' ? c - '0' + 1 : 0;
    }

    /**
     * @param chances the logarithm of the chance of a sign after two others in names that people registered, by
     *     {@code (first * SIGNS + second) * SIGNS + third}, in sixteenths
     * @param into the first {@link #COUNT} are written
     */
    static void write(String label, String suffix, NameWords.Parts[] parts, byte[] chances, float[] into) {
        int n = label.length();
        int[] counts = new int[SIGNS];
        int digits = 0;
        int vowels = 0;
        int dashes = 0;
        int consonants = 0;
        int longestConsonants = 0;
        int row = 0;
        int longestVowels = 0;
        int changes = 0;
        int alternations = 0;
        int different = 0;
        int hexadecimal = 0;
        int rare = 0;
        int before = -1;
        int two = BORDER;
        int one = BORDER;
        double chance = 0;
        int least = 0;
        int second = 0;
        int low = 0;
        for (int i = 0; i <= n; i++) {
            int sign = i < n ? sign(label.charAt(i)) : BORDER;
            int log = chances[(two * SIGNS + one) * SIGNS + sign];
            chance += log;
            if (log < least) {
                second = least;
                least = log;
            } else if (log < second) {
                second = log;
            }
            low += log < -80 ? 1 : 0;
            two = one;
            one = sign;
            if (i == n) {
                break;
            }
            different += counts[sign]++ == 0 ? 1 : 0;
            char c = label.charAt(i);
            boolean vowel = "aeiouy".indexOf(c) >= 0;
            boolean digit = sign >= 1 && sign <= 10;
            int kind = digit ? 2 : sign == 0 ? 3 : vowel ? 1 : 0;
            digits += digit ? 1 : 0;
            vowels += vowel ? 1 : 0;
            dashes += kind == 3 ? 1 : 0;
            hexadecimal += digit || (c >= 'a' && c <= 'f') ? 1 : 0;
            rare += "jkqvwxz".indexOf(c) >= 0 ? 1 : 0;
            consonants = kind == 0 ? consonants + 1 : 0;
            row = kind == 1 ? row + 1 : 0;
            longestConsonants = Math.max(longestConsonants, consonants);
            longestVowels = Math.max(longestVowels, row);
            changes += i > 0 && (before == 2) != digit ? 1 : 0;
            alternations += i > 0 && before + kind == 1 ? 1 : 0;
            before = kind;
        }
        double entropy = 0;
        for (int count : counts) {
            entropy += count == 0 ? 0 : count * (LOGARITHMS[n] - LOGARITHMS[count]);
        }
        int k = 0;
        into[k++] = n;
        into[k++] = (float) digits / n;
        into[k++] = (float) vowels / n;
        into[k++] = dashes;
        into[k++] = longestConsonants;
        into[k++] = longestVowels;
        into[k++] = changes;
        into[k++] = n > 1 ? (float) alternations / (n - 1) : 0;
        into[k++] = (float) different / n;
        into[k++] = (float) hexadecimal / n;
        into[k++] = (float) rare / n;
        into[k++] = (float) (entropy / n);
        into[k++] = (float) (chance / (n + 1));
        into[k++] = least;
        into[k++] = second;
        into[k++] = (float) low / n;
        for (NameWords.Parts of : parts) {
            into[k++] = of.cost() / n;
            into[k++] = of.words();
            into[k++] = of.words() == 0 ? 0 : of.sum() / of.words();
            into[k++] = of.dearest();
            into[k++] = (float) of.covered() / n;
            into[k++] = n - dashes - of.covered();
            into[k++] = of.longest();
            into[k++] = of.shortest();
            into[k++] = of.words() == 0 ? 0 : (float) of.covered() / of.words();
            into[k++] = of.covered() == 0 ? 0 : of.sum() / of.covered();
        }
        into[k++] = parts[1].strange();
        into[k++] = digit(label, n - 1) ? 1 : 0;
        into[k++] = n > 0 && digit(label, 0) ? 1 : 0;
        into[k++] = digits;
        into[k++] = suffix(suffix);
    }

    private static boolean digit(String label, int at) {
        return at >= 0 && Character.isDigit(label.charAt(at));
    }

    /** Which kind of suffix: what it costs to register there, and who may. */
    private static int suffix(String suffix) {
        int dot = suffix.indexOf('.');
        String first = dot < 0 ? suffix : suffix.substring(0, dot);
        String last = suffix.substring(suffix.lastIndexOf('.') + 1);
        if (suffix.equals("com")) {
            return 3;
        }
        if (OLD.contains(suffix)) {
            return 4;
        }
        if (CLASSIC.contains(suffix)) {
            return 6;
        }
        if (CLOSED.contains(first) || CLOSED.contains(last)) {
            return 0;
        }
        if (ABUSED.contains(suffix)) {
            return 5;
        }
        return last.length() == 2 ? 1 : 2;
    }
}
