package dev.panoptes.detection.analytics;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;

/**
 * Judges whether an algorithm made a name: boosted decision trees over what {@link NameFeatures} sees in the registered domain and
 * over four sums of weights. Three are of two to five signs after one another, against names of random signs, of syllables and of
 * words; the fourth is of words, where they stand and which follow which. Weights and trees are fitted to names that people
 * registered and to such as families make; how, and what it is worth on names that it was not fitted to, is in
 * docs/detection-quality.md. Read when the first name is judged.
 */
final class NameModel {
    /** From which on hardly any name of people is: one in two hundred at most. */
    private static final double SURE = 4;

    private static final int SHORTEST = 5;
    private static final int LONGEST = 63;
    private static final int SIGN_SUMS = 3;
    private static final int FEWEST_SIGNS = 2;
    private static final int MOST_SIGNS = 5;
    /** The number of the border before and after a label, beside those of its signs, which are one more than theirs. */
    private static final int BORDER = 38;

    private static final NameModel MODEL = read();

    private final NameWords words;
    private final byte[] chances;
    /** Of each place the weights of all sums of signs, next to one another. */
    private final byte[] signWeights;

    private final byte[] wordWeights;
    private final float[] scales;
    private final float[] starts;
    private final NameTrees trees;

    private NameModel(NameWords words, DataInputStream in) throws IOException {
        this.words = words;
        chances = in.readNBytes(NameFeatures.SIGNS * NameFeatures.SIGNS * NameFeatures.SIGNS);
        scales = new float[SIGN_SUMS + 1];
        starts = new float[SIGN_SUMS + 1];
        signWeights = new byte[SIGN_SUMS << NameWords.BITS];
        for (int i = 0; i < SIGN_SUMS; i++) {
            scales[i] = in.readFloat();
            starts[i] = in.readFloat();
            byte[] weights = in.readNBytes(1 << NameWords.BITS);
            for (int place = 0; place < weights.length; place++) {
                signWeights[place * SIGN_SUMS + i] = weights[place];
            }
        }
        scales[SIGN_SUMS] = in.readFloat();
        starts[SIGN_SUMS] = in.readFloat();
        wordWeights = in.readNBytes(1 << NameWords.BITS);
        trees = NameTrees.read(in);
    }

    private static NameModel read() {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(
                Objects.requireNonNull(NameModel.class.getResourceAsStream("name_model.bin"))))) {
            return new NameModel(new NameWords(Names.counts("name_words.txt"), Names.lines("words.txt")), in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param domain a registered domain, in lower case */
    static boolean generated(String domain) {
        return score(domain) > 0;
    }

    /** True where nearly no name of people is like it. */
    static boolean surely(String domain) {
        return score(domain) > SURE;
    }

    /** The logarithm of the odds, if of two names one is generated. */
    static double score(String domain) {
        int dot = domain.indexOf('.');
        String label = dot < 0 ? domain : domain.substring(0, dot);
        if (label.length() < SHORTEST || label.startsWith("xn--") || label.length() > LONGEST) {
            return -SURE;
        }
        return MODEL.of(label, dot < 0 ? "" : domain.substring(dot + 1));
    }

    private double of(String label, String suffix) {
        float[] features = new float[NameFeatures.COUNT + 2 * SIGN_SUMS + 1];
        NameWords.Parts[] parts = words.parts(label);
        NameFeatures.write(label, suffix, parts, chances, features);
        double root = Math.sqrt(label.length());
        int at = NameFeatures.COUNT;
        int[] signs = signs(label);
        for (int i = 0; i < SIGN_SUMS; i++) {
            float sum = (float) (signs[i] * (double) scales[i] / root + starts[i]);
            features[at + i] = sum;
            features[at + SIGN_SUMS + 1 + i] = (float) (sum / root);
        }
        int sum = 0;
        for (NameWords.Parts of : parts) {
            for (int i = 0; i < of.many(); i++) {
                sum += wordWeights[of.keys()[i]];
            }
        }
        features[at + SIGN_SUMS] = sum * scales[SIGN_SUMS] + starts[SIGN_SUMS];
        return trees.score(features);
    }

    /** The sums of what two to five signs after one another weigh. */
    private int[] signs(String label) {
        int n = label.length() + 2;
        int[] codes = new int[n];
        codes[0] = BORDER;
        codes[n - 1] = BORDER;
        for (int i = 1; i < n - 1; i++) {
            codes[i] = NameFeatures.sign(label.charAt(i - 1)) + 1;
        }
        int[] sums = new int[SIGN_SUMS];
        for (int from = 0; from < n; from++) {
            long key = codes[from];
            for (int many = FEWEST_SIGNS; many <= MOST_SIGNS && from + many <= n; many++) {
                key = (key << 6) | codes[from + many - 1];
                int place = (int) (((key + ((long) many << 30)) * 0x9E3779B97F4A7C15L) >>> (64 - NameWords.BITS));
                for (int i = 0; i < SIGN_SUMS; i++) {
                    sums[i] += signWeights[place * SIGN_SUMS + i];
                }
            }
        }
        return sums;
    }
}
