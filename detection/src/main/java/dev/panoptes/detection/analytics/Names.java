package dev.panoptes.detection.analytics;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What is known of names: public suffixes, services that everybody uses, words, and how letters follow each other in them. */
final class Names {
    private static final Set<String> SUFFIXES = lines("public_suffixes.txt");
    private static final Set<String> FAMILIAR = lines("familiar_domains.txt");
    private static final Set<String> WELL_KNOWN = lines("well_known_domains.txt");
    private static final Set<String> PLATFORMS = lines("platform_suffixes.txt");
    private static final Set<String> WORDS = lines("words.txt");
    private static final Map<String, Double> TRIGRAMS = trigrams();
    private static final Map<String, Integer> NAME_TRIGRAMS = counts("name_trigrams.txt");
    private static final Map<String, Integer> NAME_BIGRAMS = bigrams();
    private static final Map<String, Integer> NAME_WORDS = counts("name_words.txt");
    /** Signs that may stand in a label, and its end: what never followed another is given a share of. */
    private static final int SIGNS = 39;

    private static final double UNSEEN = 0.3;

    private Names() {}

    private static Set<String> lines(String resource) {
        Set<String> lines = new HashSet<>();
        try (InputStream in = Objects.requireNonNull(Names.class.getResourceAsStream(resource));
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (!line.isBlank() && !line.startsWith("//")) {
                    lines.add(line.strip());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Set.copyOf(lines);
    }

    private static Map<String, Double> trigrams() {
        Map<String, Double> map = new HashMap<>();
        for (String line : lines("trigrams.txt")) {
            int blank = line.indexOf(' ');
            map.put(line.substring(0, blank), Double.valueOf(line.substring(blank + 1)));
        }
        return Map.copyOf(map);
    }

    private static Map<String, Integer> counts(String resource) {
        Map<String, Integer> map = new HashMap<>();
        for (String line : lines(resource)) {
            int blank = line.indexOf(' ');
            map.put(line.substring(0, blank), Integer.valueOf(line.substring(blank + 1)));
        }
        return Map.copyOf(map);
    }

    private static Map<String, Integer> bigrams() {
        Map<String, Integer> map = new HashMap<>();
        NAME_TRIGRAMS.forEach((trigram, count) -> map.merge(trigram.substring(0, 2), count, Integer::sum));
        return Map.copyOf(map);
    }

    /** The same as {@link #likelihood}, of names that people registered instead of English words. */
    static double nameLikelihood(String label) {
        String padded = "^^" + label + "$";
        double sum = 0;
        for (int i = 0; i + 3 <= padded.length(); i++) {
            double three = NAME_TRIGRAMS.getOrDefault(padded.substring(i, i + 3), 0) + UNSEEN;
            double two = NAME_BIGRAMS.getOrDefault(padded.substring(i, i + 2), 0) + UNSEEN * SIGNS;
            sum += Math.log(three / two);
        }
        return sum / Math.max(1, padded.length() - 2);
    }

    /** How often a word stands in names that people registered. */
    static int inNames(String word) {
        return NAME_WORDS.getOrDefault(word, 0);
    }

    /** The part that somebody registered: one label more than the public suffix. The name itself where it has fewer. */
    static String registered(String name) {
        String[] labels = name.toLowerCase(Locale.ROOT).split("\\.");
        for (int i = 0; i < labels.length; i++) {
            String rest = String.join(".", List.of(labels).subList(i, labels.length));
            String wild = i + 1 < labels.length
                    ? "*." + String.join(".", List.of(labels).subList(i + 1, labels.length))
                    : "*";
            boolean suffix = SUFFIXES.contains(rest) || (SUFFIXES.contains(wild) && !SUFFIXES.contains("!" + rest));
            if (suffix || i == labels.length - 1) {
                return i == 0 ? rest : labels[i - 1] + "." + rest;
            }
        }
        return name;
    }

    /** True for names below services that most machines ask all day: updates, time, telemetry, content delivery, block lists. */
    static boolean familiar(String name) {
        String rest = name.toLowerCase(Locale.ROOT);
        while (!rest.isEmpty()) {
            if (FAMILIAR.contains(rest)) {
                return true;
            }
            int dot = rest.indexOf('.');
            rest = dot < 0 ? "" : rest.substring(dot + 1);
        }
        return name.indexOf('.') < 0;
    }

    /** True for a registered domain that everybody knows. */
    static boolean wellKnown(String domain) {
        return WELL_KNOWN.contains(domain);
    }

    /** Whether a platform gave the registered domain to a customer's application. */
    static boolean platform(String domain) {
        int dot = domain.indexOf('.');
        return dot > 0 && PLATFORMS.contains(domain.substring(dot + 1));
    }

    static boolean word(String text) {
        return WORDS.contains(text);
    }

    /** The mean logarithm of the chance of each letter after the two before it. */
    static double likelihood(String label) {
        String padded = "^^" + label + "$";
        double sum = 0;
        for (int i = 0; i + 3 <= padded.length(); i++) {
            sum += TRIGRAMS.getOrDefault(padded.substring(i, i + 3), -9.5);
        }
        return sum / Math.max(1, padded.length() - 2);
    }

    /** Shannon's entropy of the characters, in bits. */
    static double entropy(String text) {
        int[] counts = new int[128];
        for (int i = 0; i < text.length(); i++) {
            counts[text.charAt(i) & 127]++;
        }
        double entropy = 0;
        for (int count : counts) {
            if (count > 0) {
                double p = (double) count / text.length();
                entropy -= p * Math.log(p) / Math.log(2);
            }
        }
        return entropy;
    }
}
