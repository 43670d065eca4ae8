package dev.panoptes.integrity.declared;

import java.util.ArrayList;
import java.util.List;

/** A fixed set of short texts of ASCII characters that are looked for in long ones, all of them in one pass. */
final class Phrases {
    private static final int ASCII = 128;

    private final List<List<String>> byFirst = new ArrayList<>();

    Phrases(List<String> all) {
        for (int i = 0; i < ASCII; i++) {
            byFirst.add(new ArrayList<>());
        }
        for (String phrase : all) {
            byFirst.get(phrase.charAt(0)).add(phrase);
        }
    }

    /** True where any of them stands in the text. */
    boolean in(String text) {
        for (int i = 0; i < text.length(); i++) {
            char first = text.charAt(i);
            List<String> phrases = first < ASCII ? byFirst.get(first) : List.of();
            for (int each = 0; each < phrases.size(); each++) {
                if (text.startsWith(phrases.get(each), i)) {
                    return true;
                }
            }
        }
        return false;
    }
}
