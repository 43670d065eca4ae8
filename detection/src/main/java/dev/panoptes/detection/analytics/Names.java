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

/** What is known of names: public suffixes, services that everybody uses, platforms, entropy. */
final class Names {
    private static final Set<String> SUFFIXES = lines("public_suffixes.txt");
    private static final Set<String> FAMILIAR = lines("familiar_domains.txt");
    private static final Set<String> WELL_KNOWN = lines("well_known_domains.txt");
    private static final Set<String> PLATFORMS = lines("platform_suffixes.txt");

    private Names() {}

    /** The lines of a list, without its comments. */
    static Set<String> lines(String resource) {
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

    /** Words and how often each is. */
    static Map<String, Integer> counts(String resource) {
        Map<String, Integer> map = new HashMap<>();
        for (String line : lines(resource)) {
            int blank = line.indexOf(' ');
            map.put(line.substring(0, blank), Integer.valueOf(line.substring(blank + 1)));
        }
        return Map.copyOf(map);
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
