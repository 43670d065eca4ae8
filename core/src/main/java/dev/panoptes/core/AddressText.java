package dev.panoptes.core;

import java.util.Arrays;

/** Writes raw addresses as literals, as snapshots name them. */
public final class AddressText {
    private static final int GROUPS = 8;

    private AddressText() {}

    /** @param address 4 or 16 bytes in network order; an IPv4-mapped one is written as IPv4 */
    public static String of(byte[] address) {
        return switch (address.length) {
            case 4 -> ipv4(address, 0);
            case 16 -> isMapped(address) ? ipv4(address, 12) : ipv6(address);
            default -> throw new IllegalArgumentException("an address has 4 or 16 bytes, not " + address.length);
        };
    }

    /**
     * Sixteen bytes in network order from a place on, told as the address of version 6 that they are: an IPv4-mapped one stays in
     * its family, as {@code ::ffff:192.0.2.1} (RFC 5952 section 5).
     */
    public static String six(byte[] data, int at) {
        String text = of(Arrays.copyOfRange(data, at, at + 16));
        return text.indexOf(':') < 0 ? "::ffff:" + text : text;
    }

    static boolean isMapped(byte[] address) {
        for (int i = 0; i < 10; i++) {
            if (address[i] != 0) {
                return false;
            }
        }
        return address[10] == -1 && address[11] == -1;
    }

    private static String ipv4(byte[] a, int from) {
        return (a[from] & 0xff) + "." + (a[from + 1] & 0xff) + "." + (a[from + 2] & 0xff) + "." + (a[from + 3] & 0xff);
    }

    /** RFC 5952: the longest run of two or more zero groups becomes {@code ::}, the first of equally long ones. */
    private static String ipv6(byte[] a) {
        int[] groups = new int[GROUPS];
        Arrays.setAll(groups, i -> ((a[2 * i] & 0xff) << 8) | (a[2 * i + 1] & 0xff));
        int start = -1;
        int length = 1;
        for (int i = 0; i < GROUPS; i++) {
            int end = i;
            while (end < GROUPS && groups[end] == 0) {
                end++;
            }
            if (end - i > length) {
                start = i;
                length = end - i;
            }
            i = Math.max(i, end - 1);
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            if (i == start) {
                text.append("::");
                i += length - 1;
            } else {
                if (i > 0 && text.charAt(text.length() - 1) != ':') {
                    text.append(':');
                }
                text.append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }
}
