package dev.panoptes.sensors.replay;

import dev.panoptes.core.AddressText;
import org.jspecify.annotations.Nullable;

/** Reads IP addresses as logs write them. No name is ever resolved. */
public final class AddressLiteral {
    private AddressLiteral() {}

    /** The address in its usual form, an IPv4-mapped one as IPv4; null where the text is no address. */
    public static @Nullable String canonical(String text) {
        byte[] bytes = parse(text);
        if (bytes == null) {
            return null;
        }
        return bytes.length == 4 && isUsual(text) ? text : AddressText.of(bytes);
    }

    /** True where an IPv4 address is written without leading zeros, and so in its usual form. */
    private static boolean isUsual(String text) {
        boolean begins = true;
        for (int i = 0; i < text.length() - 1; i++) {
            char c = text.charAt(i);
            if (begins && c == '0' && text.charAt(i + 1) != '.') {
                return false;
            }
            begins = c == '.';
        }
        return text.indexOf(':') < 0;
    }

    /** 4 or 16 bytes; null where the text is no address. A zone ({@code %eth0}) is passed over. */
    public static byte @Nullable [] parse(String text) {
        if (text.isEmpty() || text.length() > 64) {
            return null;
        }
        return text.indexOf(':') >= 0 ? six(text) : four(text, 0);
    }

    private static byte @Nullable [] four(String text, int from) {
        byte[] bytes = new byte[4];
        int at = from;
        for (int part = 0; part < 4; part++) {
            int value = 0;
            int digits = 0;
            while (at < text.length() && isDigit(text.charAt(at)) && digits < 4) {
                value = value * 10 + text.charAt(at++) - '0';
                digits++;
            }
            boolean last = part == 3;
            if (digits == 0 || digits > 3 || value > 255 || (last ? at != text.length() : !text.startsWith(".", at))) {
                return null;
            }
            bytes[part] = (byte) value;
            at++;
        }
        return bytes;
    }

    private static byte @Nullable [] six(String written) {
        int zone = written.indexOf('%');
        String text = zone > 0 ? written.substring(0, zone) : written;
        byte[] bytes = new byte[16];
        int count = 0;
        int gap = -1;
        int at = 0;
        if (text.startsWith("::")) {
            gap = 0;
            at = 2;
        } else if (text.startsWith(":")) {
            return null;
        }
        while (at < text.length()) {
            int end = text.indexOf(':', at);
            String part = end < 0 ? text.substring(at) : text.substring(at, end);
            if (part.isEmpty()) {
                if (gap >= 0) {
                    return null;
                }
                gap = count;
                at++;
                continue;
            }
            if (part.indexOf('.') >= 0) {
                byte[] last = end < 0 && count <= 12 ? four(part, 0) : null;
                if (last == null) {
                    return null;
                }
                System.arraycopy(last, 0, bytes, count, 4);
                count += 4;
                break;
            }
            int value = group(part);
            if (value < 0 || count > 14) {
                return null;
            }
            bytes[count++] = (byte) (value >> 8);
            bytes[count++] = (byte) value;
            if (end < 0) {
                break;
            }
            at = end + 1;
            if (at == text.length()) {
                return null; // a single colon at the end
            }
            if (text.charAt(at) == ':') {
                if (gap >= 0) {
                    return null;
                }
                gap = count;
                at++;
            }
        }
        if (gap < 0) {
            return count == 16 ? bytes : null;
        }
        if (count > 14) {
            return null;
        }
        byte[] spread = new byte[16];
        System.arraycopy(bytes, 0, spread, 0, gap);
        System.arraycopy(bytes, gap, spread, 16 - (count - gap), count - gap);
        return spread;
    }

    private static int group(String part) {
        if (part.length() > 4) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < part.length(); i++) {
            int digit = Character.digit(part.charAt(i), 16);
            if (digit < 0 || part.charAt(i) > 'f') {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
