package dev.panoptes.sensors.kernelaudit;

import dev.panoptes.core.AddressText;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A {@code struct sockaddr} as a SOCKADDR record holds it (unix(7), ip(7), ipv6(7), netlink(7), packet(7)). Pure. */
final class SocketAddress {
    private SocketAddress() {}

    /** Family, address, port and path as far as they are there; null where not even the family is. */
    static @Nullable Map<String, Object> decode(byte[] address, boolean bigEndian) {
        if (address.length < 2) {
            return null;
        }
        int family = bigEndian
                ? (address[0] & 0xff) << 8 | (address[1] & 0xff)
                : (address[1] & 0xff) << 8 | (address[0] & 0xff);
        Map<String, Object> told = new LinkedHashMap<>();
        switch (family) {
            case 1 -> {
                told.put("family", "unix");
                String path = path(address);
                if (!path.isEmpty()) {
                    told.put("path", path);
                }
            }
            case 2 -> {
                told.put("family", "ipv4");
                if (address.length >= 8) {
                    told.put("address", AddressText.of(Arrays.copyOfRange(address, 4, 8)));
                    told.put("port", port(address));
                }
            }
            case 10 -> {
                told.put("family", "ipv6");
                if (address.length >= 24) {
                    told.put("address", AddressText.of(Arrays.copyOfRange(address, 8, 24)));
                    told.put("port", port(address));
                }
            }
            case 16 -> told.put("family", "netlink");
            case 17 -> told.put("family", "packet");
            case 0 -> told.put("family", "unspecified");
            case 31 -> told.put("family", "bluetooth");
            case 38 -> told.put("family", "alg");
            case 40 -> told.put("family", "vsock");
            default -> told.put("family", Integer.toString(family));
        }
        return told;
    }

    private static long port(byte[] address) {
        return (address[2] & 0xff) << 8 | (address[3] & 0xff);
    }

    /** An abstract name begins with NUL and is written with {@code @}, as ss(8) does. */
    private static String path(byte[] address) {
        boolean abstractName = address.length > 2 && address[2] == 0;
        int from = abstractName ? 3 : 2;
        int end = from;
        while (end < address.length && address[end] != 0) {
            end++;
        }
        String path = new String(address, from, Math.max(0, end - from), StandardCharsets.UTF_8);
        return abstractName && !path.isEmpty() ? "@" + path : path;
    }
}
