package dev.panoptes.code;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** A fixed set of words that are looked for in bytes. */
final class Words {
    private final List<List<byte[]>> byFirst = new ArrayList<>();

    Words(Set<String> all) {
        for (int i = 0; i < 128; i++) {
            byFirst.add(new ArrayList<>());
        }
        for (String word : all) {
            byFirst.get(word.charAt(0)).add(word.getBytes(StandardCharsets.US_ASCII));
        }
    }

    boolean has(byte[] source, int start, int end) {
        if (source[start] < 0) {
            return false;
        }
        for (byte[] word : byFirst.get(source[start])) {
            if (word.length == end - start && Arrays.equals(word, 0, word.length, source, start, end)) {
                return true;
            }
        }
        return false;
    }

    /** The end of the word that begins here; the place itself where none does. */
    static int end(byte[] source, int from) {
        int end = from;
        while (end < source.length && part(source[end])) {
            end++;
        }
        return end;
    }

    static boolean is(byte[] source, int start, int end, String word) {
        if (end - start != word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (source[start + i] != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    static boolean part(byte b) {
        return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') || b == '_';
    }
}
