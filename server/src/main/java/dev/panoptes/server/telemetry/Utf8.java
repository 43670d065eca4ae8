package dev.panoptes.server.telemetry;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Looks through bytes eight at a time; pure. */
final class Utf8 {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH = 0x8080808080808080L;
    private static final long LINE_FEEDS = ONES * '\n';

    private Utf8() {}

    /** Where the line ends that begins here: at the line feed, or at the end of the bytes. */
    static int lineEnd(byte[] bytes, int from) {
        int at = from;
        for (; at <= bytes.length - 8; at += 8) {
            long word = (long) LONGS.get(bytes, at) ^ LINE_FEEDS;
            // A byte that is zero borrows; the lowest one that does is a zero byte.
            long zero = (word - ONES) & ~word & HIGH;
            if (zero != 0) {
                return at + (Long.numberOfTrailingZeros(zero) >>> 3);
            }
        }
        while (at < bytes.length && bytes[at] != '\n') {
            at++;
        }
        return at;
    }

    /** Whether bytes are UTF-8 as RFC 3629 has it: shortest forms only, no surrogates, nothing beyond U+10FFFF. */
    static boolean isValid(byte[] bytes) {
        int at = 0;
        while (at < bytes.length) {
            if (at <= bytes.length - 8 && ((long) LONGS.get(bytes, at) & HIGH) == 0) {
                at += 8;
                continue;
            }
            int length = length(bytes, at);
            if (length == 0) {
                return false;
            }
            at += length;
        }
        return true;
    }

    /** Of the character that begins here; 0 where none does. */
    private static int length(byte[] bytes, int at) {
        int first = bytes[at] & 0xff;
        if (first < 0x80) {
            return 1;
        }
        int length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
        if (length == 0 || at + length > bytes.length) {
            return 0;
        }
        int second = bytes[at + 1] & 0xff;
        int least = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
        int most = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
        if (second < least || second > most) {
            return 0;
        }
        for (int i = 2; i < length; i++) {
            if ((bytes[at + i] & 0xc0) != 0x80) {
                return 0;
            }
        }
        return length;
    }
}
