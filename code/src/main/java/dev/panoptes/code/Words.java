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

    static boolean part(byte b) {
        return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') || b == '_';
    }
}
