package dev.panoptes.detection.sigma;

import org.jspecify.annotations.Nullable;

/** A range of IPv4 or IPv6 addresses (RFC 4632, RFC 4291). A mapped address (::ffff:a.b.c.d) counts as IPv4. */
final class Network {
    private final byte[] address;
    private final int bits;

    private Network(byte[] address, int bits) {
        this.address = address;
        this.bits = bits;
    }

    /** Null where the text is no network; without a length it is one address. */
    static @Nullable Network parse(String text) {
        int slash = text.indexOf('/');
        byte[] address = address(slash < 0 ? text : text.substring(0, slash));
        if (address == null) {
            return null;
        }
        if (slash < 0) {
            return new Network(address, address.length * 8);
        }
        String length = text.substring(slash + 1);
        if (!length.matches("[0-9]{1,3}") || Integer.parseInt(length) > address.length * 8) {
            return null;
        }
        return new Network(address, Integer.parseInt(length));
    }

    boolean contains(String text) {
        byte[] other = address(text);
        if (other == null || other.length != address.length) {
            return false;
        }
        for (int i = 0; i < bits; i++) {
            int mask = 0x80 >> (i & 7);
            if ((address[i >> 3] & mask) != (other[i >> 3] & mask)) {
                return false;
            }
        }
        return true;
    }

    /** The bytes of an address; null where the text is none. No name is ever looked up. */
    static byte @Nullable [] address(String text) {
        int zone = text.indexOf('%');
        String bare = zone < 0 ? text : text.substring(0, zone);
        if (bare.length() > 45) {
            return null;
        }
        return bare.indexOf(':') < 0 ? four(bare) : six(bare);
    }

    private static byte @Nullable [] four(String text) {
        byte[] bytes = new byte[4];
        int index = 0;
        int value = -1;
        for (int i = 0; i <= text.length(); i++) {
            char c = i == text.length() ? '.' : text.charAt(i);
            if (c == '.') {
                if (value < 0 || value > 255 || index > 3) {
                    return null;
                }
                bytes[index++] = (byte) value;
                value = -1;
            } else if (c >= '0' && c <= '9') {
                value = Math.max(value, 0) * 10 + (c - '0');
                if (value > 255) {
                    return null;
                }
            } else {
                return null;
            }
        }
        return index == 4 ? bytes : null;
    }

    private static byte @Nullable [] six(String text) {
        int gap = text.indexOf("::");
        String head = gap < 0 ? text : text.substring(0, gap);
        String tail = gap < 0 ? "" : text.substring(gap + 2);
        byte[] bytes = new byte[16];
        int before = groups(head, bytes, 0);
        byte[] end = new byte[16];
        int after = gap < 0 ? 0 : groups(tail, end, 0);
        if (before < 0 || after < 0 || (gap < 0 ? before != 16 : before + after > 14)) {
            return null;
        }
        System.arraycopy(end, 0, bytes, 16 - after, after);
        return mapped(bytes);
    }

    private static byte[] mapped(byte[] bytes) {
        for (int i = 0; i < 12; i++) {
            if (bytes[i] != (i < 10 ? 0 : (byte) 0xff)) {
                return bytes;
            }
        }
        return new byte[] {bytes[12], bytes[13], bytes[14], bytes[15]};
    }

    /** How many bytes were written; -1 where the text holds no groups of an address. */
    private static int groups(String text, byte[] bytes, int from) {
        if (text.isEmpty()) {
            return from;
        }
        int at = from;
        for (String group : text.split(":", -1)) {
            if (group.indexOf('.') >= 0) {
                byte[] four = four(group);
                if (four == null || at > 12) {
                    return -1;
                }
                System.arraycopy(four, 0, bytes, at, 4);
                at += 4;
            } else if (group.matches("[0-9a-fA-F]{1,4}") && at <= 14) {
                int value = Integer.parseInt(group, 16);
                bytes[at++] = (byte) (value >> 8);
                bytes[at++] = (byte) value;
            } else {
                return -1;
            }
        }
        return at;
    }
}
