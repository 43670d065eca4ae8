package dev.panoptes.server.telemetry;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which sequences of four bytes occur in a block of events: a Bloom filter of one hash (B. Bloom, "Space/Time Trade-offs in
 * Hash Coding with Allowable Errors", 1970), letters of ASCII without regard to case. What it does not have is in no event
 * of the block; what it has may be. For one thread.
 */
final class EventGrams {
    /** How long the sequences are. */
    static final int LENGTH = 4;

    private static final int MOST_BITS = 1 << 19;
    private static final int LEAST_BITS = 1 << 13;
    /** Bits for each that is set, at least where there is room. */
    private static final int SPARSE = 8;
    /** Of a text that is looked for, more would tell nothing new. */
    private static final int MOST_ASKED = 12;

    private static final byte[] LOWER = new byte[256];

    static {
        for (int i = 0; i < LOWER.length; i++) {
            LOWER[i] = (byte) (i >= 'A' && i <= 'Z' ? i + ('a' - 'A') : i);
        }
    }

    private final long[] bits = new long[MOST_BITS / Long.SIZE];

    /** Adds what stands between two places. */
    void add(byte[] bytes, int from, int to) {
        int gram = 0;
        for (int at = from; at < to; at++) {
            gram = (gram << 8) | (LOWER[bytes[at] & 0xff] & 0xff);
            if (at >= from + LENGTH - 1) {
                int bit = hash(gram) & (MOST_BITS - 1);
                bits[bit >>> 6] |= 1L << bit;
            }
        }
    }

    /** Adds the columns of an event, which may stand in it in another form. */
    void add(@Nullable String action, @Nullable String user, @Nullable String process, List<String> ips) {
        add(Column.ACTION, action);
        add(Column.USER, user);
        add(Column.PROCESS, process);
        ips.forEach(ip -> add(Column.IP, ip));
    }

    private void add(Column column, @Nullable String value) {
        if (value != null) {
            byte[] bytes = column.whole(value);
            add(bytes, 0, bytes.length);
        }
    }

    /** What was added since the last time, as few bits as it needs. */
    byte[] take() {
        int set = Arrays.stream(bits).mapToInt(Long::bitCount).sum();
        int size = MOST_BITS;
        while (size > LEAST_BITS && (long) set * SPARSE * 2 <= size) {
            size /= 2;
        }
        byte[] folded = new byte[size / Byte.SIZE];
        for (int word = 0; word < bits.length; word++) {
            for (int i = 0; i < Long.BYTES; i++) {
                folded[(word * Long.BYTES + i) & (folded.length - 1)] |= (byte) (bits[word] >>> (i * Byte.SIZE));
            }
        }
        Arrays.fill(bits, 0);
        return folded;
    }

    /** A column of events that is searched by its value, which stands in the event perhaps in another form. */
    enum Column {
        ACTION('a'),
        USER('u'),
        IP('i'),
        PROCESS('p');

        private static final char END = '\2';
        private final String begin;

        Column(char letter) {
            this.begin = "\1" + letter;
        }

        private byte[] whole(String value) {
            return (begin + value + END).getBytes(StandardCharsets.UTF_8);
        }

        /** What is in a block that has an event with this value. */
        Set<Integer> of(String value) {
            return grams(whole(value), false);
        }

        /** What is in a block that has an event whose value ends so. */
        static Set<Integer> ending(String value) {
            return grams((value + END).getBytes(StandardCharsets.UTF_8), false);
        }
    }

    /** What is in a block that has an event with this text anywhere; empty where it is too short to tell. */
    static Set<Integer> of(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return grams(bytes, bytes.length != text.length());
    }

    /**
     * Bits that must be set, each taken modulo the size of a filter.
     *
     * @param foreign whether there are letters beyond ASCII, which the database turns to small ones: two of them become
     *     an i and a k
     */
    private static Set<Integer> grams(byte[] bytes, boolean foreign) {
        Set<Integer> all = new LinkedHashSet<>();
        for (int at = 0; at + LENGTH <= bytes.length; at++) {
            int gram = 0;
            boolean usable = true;
            for (int i = at; i < at + LENGTH; i++) {
                int letter = LOWER[bytes[i] & 0xff] & 0xff;
                gram = (gram << 8) | letter;
                usable &= letter < 0x80 && !(foreign && (letter == 'i' || letter == 'k'));
            }
            if (usable) {
                all.add(hash(gram));
            }
        }
        if (all.size() <= MOST_ASKED) {
            return all;
        }
        Integer[] every = all.toArray(Integer[]::new);
        Set<Integer> some = new LinkedHashSet<>();
        for (int i = 0; i < MOST_ASKED; i++) {
            some.add(every[i * every.length / MOST_ASKED]);
        }
        return some;
    }

    private static int hash(int gram) {
        return (gram * 0x9E3779B1) >>> 13;
    }
}
