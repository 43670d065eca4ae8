package dev.panoptes.core.event;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Events as they are written: a text that grows, kept as its octets in UTF-8, and filled again and again. For one thread. */
public final class EventLine {
    /** What grew larger than this is let go when it is emptied. */
    private static final int MOST_KEPT = 1 << 20;

    private static final int FIRST = 2048;

    private byte[] bytes = new byte[FIRST];
    private int size;

    /** Empties it. */
    public void clear() {
        size = 0;
        if (bytes.length > MOST_KEPT) {
            bytes = new byte[FIRST];
        }
    }

    public int size() {
        return size;
    }

    /** Appends a character of ASCII. */
    public void append(char ascii) {
        room(1)[size++] = (byte) ascii;
    }

    /** Appends a text of ASCII alone. */
    void append(String ascii) {
        append(ascii.getBytes(StandardCharsets.ISO_8859_1), 0, ascii.length());
    }

    void append(byte[] from, int start, int length) {
        System.arraycopy(from, start, room(length), size, length);
        size += length;
    }

    void append(long number) {
        if (number < 0) {
            append(Long.toString(number));
            return;
        }
        int digits = 1;
        for (long rest = number / 10; rest > 0; rest /= 10) {
            digits++;
        }
        byte[] into = room(digits);
        long rest = number;
        for (int i = size + digits - 1; i >= size; i--) {
            into[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        size += digits;
    }

    /** The array with room for so many octets behind {@link #size}. */
    byte[] room(int more) {
        if (more > bytes.length - size) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), (int)
                    Math.min(bytes.length * 2L, Integer.MAX_VALUE - 8)));
        }
        return bytes;
    }

    /** What was put into {@link #room}. */
    void grown(int more) {
        size += more;
    }

    /** Takes back what was appended from a place on. */
    void back(int place) {
        size = place;
    }

    public void writeTo(OutputStream out) throws IOException {
        out.write(bytes, 0, size);
    }

    public void writeTo(ByteArrayOutputStream out) {
        out.write(bytes, 0, size);
    }

    @Override
    public String toString() {
        return new String(bytes, 0, size, StandardCharsets.UTF_8);
    }
}
