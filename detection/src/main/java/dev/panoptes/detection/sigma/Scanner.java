package dev.panoptes.detection.sigma;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds which of many literals a text contains, in one pass and whatever their case. Each literal is known by the rarest of its runs of
 * four characters, a shorter one by itself; the text's runs are looked up in a bitmap that stays in the first cache, and only where
 * one may be known, in a table. What is found there lies in few arrays: objects would be as many misses of the cache, and most of the
 * time. Immutable once built; thread-safe.
 */
final class Scanner {
    private static final int RUN = 4;
    private static final int LEAST_BITS = 9;
    private static final int MOST_BITS = 20;
    private static final int PAIR = (1 << 14) - 1;
    private static final int TRIPLE = (1 << 21) - 1;
    private static final int QUADRUPLE = (1 << 28) - 1;
    private static final int OF_ENTRY = 4;
    private static final int OF_WANTED = 3;

    /** By character of ASCII: its seven bits, folded. */
    private static final byte[] SEVEN = new byte[128];

    static {
        for (char c = 0; c < 128; c++) {
            SEVEN[c] = (byte) Folded.fold(c);
        }
    }

    /** Of the runs of four and three: a bit for what each may be hashed to. */
    private final long[] bitmap;

    private final int shift;
    /** By pair of characters: bit n - 1 where something of n characters ends so. */
    private final byte[] pairs;

    /** Key and place among the entries, in turn; the place 0 where there is nothing. */
    private final int[] table;
    /**
     * Of each key how many entries it has, and of each entry: where its literal begins among the characters, how long it is, where in it
     * the run stands, how many are wanted of it, and of each of these the atom and what may stand before and after it.
     */
    private final int[] entries;

    private final char[] characters;
    private final Around[] arounds;

    /** @param atom what is marked where the literal is found between those */
    record Wanted(int atom, Around before, Around after) {}

    private record Entry(String literal, int offset, List<Wanted> wanted) {}

    /** @param literals folded, none empty */
    Scanner(Map<String, List<Wanted>> literals) {
        Map<Integer, List<Entry>> byKey = byKey(literals);
        int bits = Math.clamp(37 - Integer.numberOfLeadingZeros(byKey.size()), LEAST_BITS, MOST_BITS);
        shift = 32 - bits;
        bitmap = new long[1 << (bits - 6)];
        boolean shorter = literals.keySet().stream().anyMatch(literal -> literal.length() < RUN);
        pairs = new byte[shorter ? PAIR + 1 : 0];
        table = new int[Integer.highestOneBit(byKey.size() * 2) * 4];
        Writing writing = new Writing();
        byKey.forEach((key, known) -> {
            tell(key);
            int at = place(key);
            table[at] = key;
            table[at + 1] = writing.write(known);
        });
        entries = writing.entries();
        characters = writing.characters.toString().toCharArray();
        arounds = writing.arounds.keySet().toArray(Around[]::new);
    }

    private static Map<Integer, List<Entry>> byKey(Map<String, List<Wanted>> literals) {
        Map<Integer, Integer> frequency = new HashMap<>();
        for (String literal : literals.keySet()) {
            for (int i = 0; i + RUN <= literal.length(); i++) {
                frequency.merge(run(literal, i, RUN), 1, Integer::sum);
            }
        }
        Map<Integer, List<Entry>> byKey = new HashMap<>();
        literals.forEach((literal, wanted) -> {
            int length = Math.min(RUN, literal.length());
            int best = 0;
            for (int i = 1; i + RUN <= literal.length(); i++) {
                if (frequency.getOrDefault(run(literal, i, RUN), 0)
                        < frequency.getOrDefault(run(literal, best, RUN), 0)) {
                    best = i;
                }
            }
            byKey.computeIfAbsent(key(run(literal, best, length), length), _ -> new ArrayList<>(1))
                    .add(new Entry(literal, best, wanted));
        });
        return byKey;
    }

    /** Lets the first look at a text know a key. */
    private void tell(int key) {
        int length = key >>> 28 == 0 ? RUN : key >>> 28;
        if (length == 1) {
            for (int before = 0; before < 128; before++) {
                pairs[before << 7 | (key & 127)] |= 1;
            }
        } else if (length < RUN) {
            pairs[key & PAIR] |= (byte) (1 << (length - 1));
        }
        int hash = hash(key) >>> shift;
        bitmap[hash >>> 6] |= 1L << hash;
    }

    private static final class Writing {
        private final StringBuilder characters = new StringBuilder();
        private final Map<Around, Integer> arounds = new LinkedHashMap<>();
        private int[] entries = new int[64];
        private int size = 1;

        int write(List<Entry> known) {
            int begin = size;
            put(known.size());
            for (Entry entry : known) {
                put(characters.length());
                put(entry.literal().length());
                put(entry.offset());
                put(entry.wanted().size());
                characters.append(entry.literal());
                for (Wanted wanted : entry.wanted()) {
                    put(wanted.atom());
                    put(arounds.computeIfAbsent(wanted.before(), _ -> arounds.size()));
                    put(arounds.computeIfAbsent(wanted.after(), _ -> arounds.size()));
                }
            }
            return begin;
        }

        private void put(int number) {
            if (size == entries.length) {
                entries = Arrays.copyOf(entries, size * 2);
            }
            entries[size++] = number;
        }

        int[] entries() {
            return Arrays.copyOf(entries, size);
        }
    }

    private static int run(String text, int from, int length) {
        int run = 0;
        for (int i = 0; i < length; i++) {
            run = run << 7 | seven(text.charAt(from + i));
        }
        return run;
    }

    private static int key(int run, int length) {
        return length == RUN ? run : run | length << 28;
    }

    private static int hash(int key) {
        int hash = key * 0x9E3779B1;
        return hash ^ hash >>> 15;
    }

    /** Where a key stands in the table, or would. */
    private int place(int key) {
        int mask = table.length - 1;
        int at = hash(key) << 1 & mask;
        while (table[at + 1] != 0 && table[at] != key) {
            at = at + 2 & mask;
        }
        return at;
    }

    /** Seven bits of a character; others than ASCII may fall together, which the comparison of the whole literal tells apart. */
    private static int seven(char c) {
        if (c < 128) {
            return SEVEN[c];
        }
        char folded = Folded.fold(c);
        return folded < 128 ? folded : (folded ^ folded >>> 7) & 127;
    }

    /** Marks what is found in a text. */
    void scan(String text, Marks marks) {
        int run = 0;
        int end = text.length();
        int whole = Math.min(RUN - 1, end);
        boolean shorter = pairs.length > 0;
        for (int i = 0; i < whole; i++) {
            run = run << 7 | seven(text.charAt(i));
            if (shorter && pairs[run & PAIR] != 0) {
                lookShorter(text, i, run, pairs[run & PAIR], marks);
            }
        }
        for (int i = whole; i < end; i++) {
            run = (run << 7 | seven(text.charAt(i))) & QUADRUPLE;
            if (mayKnow(run)) {
                look(text, i - RUN + 1, run, marks);
            }
            if (shorter && pairs[run & PAIR] != 0) {
                lookShorter(text, i, run, pairs[run & PAIR], marks);
            }
        }
    }

    private boolean mayKnow(int key) {
        int hash = hash(key) >>> shift;
        return (bitmap[hash >>> 6] & 1L << hash) != 0;
    }

    private void lookShorter(String text, int last, int run, int ends, Marks marks) {
        if ((ends & 1) != 0) {
            look(text, last, key(run & 127, 1), marks);
        }
        if ((ends & 2) != 0 && last > 0) {
            look(text, last - 1, key(run & PAIR, 2), marks);
        }
        int triple = key(run & TRIPLE, 3);
        if ((ends & 4) != 0 && last > 1 && mayKnow(triple)) {
            look(text, last - 2, triple, marks);
        }
    }

    private void look(String text, int from, int key, Marks marks) {
        int at = table[place(key) + 1];
        if (at == 0) {
            return;
        }
        int left = entries[at++];
        for (; left > 0; left--) {
            int length = entries[at + 1];
            int begin = from - entries[at + 2];
            int wanted = entries[at + 3];
            if (begin >= 0 && begin + length <= text.length() && same(text, begin, entries[at], length)) {
                found(text, begin, length, at + OF_ENTRY, wanted, marks);
            }
            at += OF_ENTRY + wanted * OF_WANTED;
        }
    }

    private boolean same(String text, int begin, int literal, int length) {
        for (int i = 0; i < length; i++) {
            if (Folded.fold(text.charAt(begin + i)) != characters[literal + i]) {
                return false;
            }
        }
        return true;
    }

    private void found(String text, int begin, int length, int at, int wanted, Marks marks) {
        for (int i = 0; i < wanted; i++, at += OF_WANTED) {
            if (arounds[entries[at + 1]].allows(text, begin - 1)
                    && arounds[entries[at + 2]].allows(text, begin + length)) {
                marks.add(entries[at]);
            }
        }
    }
}
