package dev.panoptes.sensors.flow;

import dev.panoptes.core.AddressText;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Values of information elements (RFC 7011 section 6), also in fewer octets than their type has. Pure. */
final class Values {
    private static final char[] HEX = "0123456789abcdef".toCharArray();
    /** From 1900, where NTP's time begins, to 1970. */
    private static final long NTP_TO_UNIX = 2_208_988_800L;

    private static final int MOST_IN_LIST = 1024;

    private Values() {}

    /** What the octets say; a length that the type cannot have gives them as hexadecimal. */
    static @Nullable Object read(Elements elements, Elements.Kind kind, byte[] data, int at, int length) {
        return switch (kind) {
            case UNSIGNED ->
                length <= 8
                        ? unsigned(data, at, length)
                        : length <= 32 ? new BigInteger(1, data, at, length) : hex(data, at, length);
            case SIGNED -> length <= 8 ? (Object) signed(data, at, length) : hex(data, at, length);
            case FLOAT ->
                length == 4
                        ? (Object) (double) Float.intBitsToFloat((int) number(data, at, 4))
                        : length == 8 ? (Object) Double.longBitsToDouble(number(data, at, 8)) : hex(data, at, length);
            case BOOLEAN ->
                length != 1
                        ? hex(data, at, length)
                        : data[at] == 1
                                ? (Object) true
                                : data[at] == 2 ? (Object) false : (Object) (long) (data[at] & 0xff);
            case MAC -> length == 6 ? mac(data, at) : hex(data, at, length);
            case IPV4 -> length == 4 ? ipv4(data, at) : hex(data, at, length);
            case IPV6 -> length == 16 ? ipv6(data, at) : hex(data, at, length);
            case STRING -> text(data, at, length);
            case OCTETS -> hex(data, at, length);
            case SECONDS -> length <= 8 ? time(number(data, at, length), 0, data, at, length) : hex(data, at, length);
            case MILLISECONDS -> {
                long millis = length <= 8 ? number(data, at, length) : -1;
                yield millis < 0
                        ? hex(data, at, length)
                        : time(millis / 1000, (int) (millis % 1000) * 1_000_000, data, at, length);
            }
            case MICROSECONDS -> length == 8 ? ntp(data, at, 0xfffff800L, 1000) : hex(data, at, length);
            case NANOSECONDS -> length == 8 ? ntp(data, at, 0xffffffffL, 1) : hex(data, at, length);
            case BASIC_LIST -> list(elements, data, at, length);
        };
    }

    /** The first up to eight octets as a number, the highest first. */
    static long number(byte[] data, int at, int length) {
        long value = 0;
        for (int i = 0; i < length; i++) {
            value = value << 8 | (data[at + i] & 0xff);
        }
        return value;
    }

    private static Object unsigned(byte[] data, int at, int length) {
        long value = number(data, at, length);
        return value < 0 ? (Object) new BigInteger(1, data, at, length) : (Object) value;
    }

    private static Long signed(byte[] data, int at, int length) {
        int shift = 64 - 8 * length;
        return number(data, at, length) << shift >> shift;
    }

    static String ipv4(byte[] data, int at) {
        return new StringBuilder(15)
                .append(data[at] & 0xff)
                .append('.')
                .append(data[at + 1] & 0xff)
                .append('.')
                .append(data[at + 2] & 0xff)
                .append('.')
                .append(data[at + 3] & 0xff)
                .toString();
    }

    static String ipv6(byte[] data, int at) {
        return AddressText.six(data, at);
    }

    static String mac(byte[] data, int at) {
        char[] text = new char[17];
        for (int i = 0; i < 6; i++) {
            text[3 * i] = HEX[data[at + i] >> 4 & 15];
            text[3 * i + 1] = HEX[data[at + i] & 15];
            if (i < 5) {
                text[3 * i + 2] = ':';
            }
        }
        return new String(text);
    }

    static String hex(byte[] data, int at, int length) {
        return HexFormat.of().formatHex(data, at, at + length);
    }

    /** Fields of fixed length are filled up with NUL. */
    private static @Nullable String text(byte[] data, int at, int length) {
        int end = at + length;
        while (end > at && data[end - 1] == 0) {
            end--;
        }
        return end == at ? null : new String(data, at, end - at, StandardCharsets.UTF_8);
    }

    private static Object time(long seconds, int nanos, byte[] data, int at, int length) {
        return seconds < 0 || seconds > 253_402_300_799L
                ? hex(data, at, length)
                : Instant.ofEpochSecond(seconds, nanos).toString();
    }

    /** RFC 7011 section 6.1.9 and 6.1.10: seconds since 1900 and a fraction of 2^32, of which microseconds leave 11 bits out. */
    static Instant ntpInstant(byte[] data, int at, long mask, int unit) {
        long seconds = number(data, at, 4) - NTP_TO_UNIX;
        long fraction = number(data, at + 4, 4) & mask;
        long nanos = (fraction * 1_000_000_000L) >>> 32;
        long rounded = unit == 1 ? nanos : Math.min(999_999, (nanos + unit / 2) / unit) * unit;
        return Instant.ofEpochSecond(seconds, rounded);
    }

    private static String ntp(byte[] data, int at, long mask, int unit) {
        return ntpInstant(data, at, mask, unit).toString();
    }

    /** RFC 6313 section 4.5.1: the values of one element; as hexadecimal where it is broken. */
    private static Object list(Elements elements, byte[] data, int at, int length) {
        if (length < 5) {
            return hex(data, at, length);
        }
        int end = at + length;
        int id = (int) number(data, at + 1, 2);
        int size = (int) number(data, at + 3, 2);
        int place = at + 5;
        int enterprise = 0;
        if ((id & 0x8000) != 0) {
            if (place + 4 > end) {
                return hex(data, at, length);
            }
            enterprise = (int) number(data, place, 4);
            place += 4;
        }
        Elements.Element element = enterprise == 0 ? elements.element(id & 0x7fff) : null;
        Elements.Kind kind =
                element == null || element.kind() == Elements.Kind.BASIC_LIST ? Elements.Kind.OCTETS : element.kind();
        List<Object> values = new ArrayList<>();
        while (place < end && values.size() < MOST_IN_LIST) {
            int one = size;
            if (size == 65_535) {
                one = data[place++] & 0xff;
                if (one == 255) {
                    if (place + 2 > end) {
                        return hex(data, at, length);
                    }
                    one = (int) number(data, place, 2);
                    place += 2;
                }
            }
            if ((one == 0 && size == 0) || place + one > end) {
                return hex(data, at, length);
            }
            Object value = one == 0 ? null : read(elements, kind, data, place, one);
            if (value != null) {
                values.add(value);
            }
            place += one;
        }
        return values;
    }
}
