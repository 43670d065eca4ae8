package dev.panoptes.sensors.replay;

import dev.panoptes.core.AddressText;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One {@code struct utmp} of wtmp or btmp (utmp(5)), as glibc writes it on x86-64 in 384 octets, and with 64-bit times on arm64 in
 * 400.
 *
 * @param path the file
 * @param offset where it begins there
 * @param type EMPTY 0 to ACCOUNTING 9
 * @param line the terminal, or what stands for it; empty where there is none
 * @param user empty where there is none
 * @param host where the user came from, by name; empty where there is none
 * @param address where the user came from; null where there is none
 */
public record LoginRecord(
        String path,
        long offset,
        int type,
        long pid,
        String line,
        String user,
        String host,
        @Nullable String address,
        Instant time) {
    public static final int BOOT = 2;
    public static final int LOGIN_PROCESS = 6;
    public static final int USER_PROCESS = 7;
    public static final int DEAD_PROCESS = 8;

    private static final int[] SIZES = {384, 400};
    private static final int MOST_TYPE = 9;
    private static final int LOOKED_AT = 16;

    /** How long a record is in a file that begins like this; 0 where it is no such file. */
    public static int size(byte[] head, int length) {
        for (int size : SIZES) {
            if (length < size) {
                continue;
            }
            boolean all = true;
            boolean any = false;
            for (int at = 0; at + size <= length && at < LOOKED_AT * size; at += size) {
                all &= read("", 0, head, at, size) != null;
                any |= head[at] != 0;
            }
            if (all && any) {
                return size;
            }
        }
        return 0;
    }

    /** Null where the octets are none: a type that there is not, a time that is none, text that does not end as C's does. */
    public static @Nullable LoginRecord read(String path, long offset, byte[] data, int at, int size) {
        boolean wide = size == SIZES[1];
        long type = Bytes.u32(data, at, true) & 0xffff;
        if (type > MOST_TYPE || data[at + 2] != 0 || data[at + 3] != 0) {
            return null;
        }
        String line = text(data, at + 8, 32);
        String user = text(data, at + 44, 32);
        String host = text(data, at + 76, 256);
        long seconds = wide ? Bytes.u64(data, at + 344, true) : Bytes.u32(data, at + 340, true);
        long micros = wide ? Bytes.u64(data, at + 352, true) : Bytes.u32(data, at + 344, true);
        if (line == null
                || user == null
                || host == null
                || seconds < 0
                || seconds > 0xffff_ffffL
                || micros < 0
                || micros > 999_999) {
            return null;
        }
        return new LoginRecord(
                path,
                offset,
                (int) type,
                Bytes.u32(data, at + 4, true),
                line,
                user,
                host,
                address(data, at + (wide ? 360 : 348)),
                Instant.ofEpochSecond(seconds, micros * 1000));
    }

    /** Up to the first NUL, behind which there is nothing but NULs; null where a control character is in it. */
    private static @Nullable String text(byte[] data, int at, int length) {
        int end = at;
        while (end < at + length && data[end] != 0) {
            if (data[end] > 0 && data[end] < ' ') {
                return null;
            }
            end++;
        }
        return new String(data, at, end - at, StandardCharsets.UTF_8);
    }

    /** In network order; an IPv4 address stands in the first four octets. */
    private static @Nullable String address(byte[] data, int at) {
        byte[] all = Arrays.copyOfRange(data, at, at + 16);
        boolean four = true;
        for (int i = 4; i < 16; i++) {
            four &= all[i] == 0;
        }
        if (four && Bytes.u32(all, 0) == 0) {
            return null;
        }
        return AddressText.of(four ? Arrays.copyOf(all, 4) : all);
    }
}
