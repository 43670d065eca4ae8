package dev.panoptes.server.config;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * A range of IP addresses, as CIDR (RFC 4632) writes it.
 *
 * @param bits how many of them count, from the left
 */
public record Network(InetAddress address, int bits) {
    public Network {
        if (bits < 0 || bits > address.getAddress().length * 8) {
            throw new IllegalArgumentException("too many bits");
        }
    }

    /** @throws IllegalArgumentException for what is no address, with {@code /bits} or without */
    public static Network parse(String text) {
        int slash = text.indexOf('/');
        InetAddress address = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
        int all = address.getAddress().length * 8;
        return new Network(address, slash < 0 ? all : Integer.parseInt(text.substring(slash + 1)));
    }

    static List<Network> list(String text) {
        return text.equals("none")
                ? List.of()
                : Stream.of(text.split(",", -1))
                        .map(each -> parse(each.strip()))
                        .toList();
    }

    public boolean contains(InetAddress other) {
        byte[] mine = address.getAddress();
        byte[] its = other.getAddress();
        if (mine.length != its.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> (bit % 8);
            if ((mine[bit / 8] & mask) != (its[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }
}
