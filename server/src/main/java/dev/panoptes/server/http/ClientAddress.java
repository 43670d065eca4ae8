package dev.panoptes.server.http;

import dev.panoptes.server.config.Network;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Where a call comes from: its connection's address, or what proxies say that are trusted. */
final class ClientAddress {
    private final List<Network> trusted;

    ClientAddress(List<Network> trusted) {
        this.trusted = List.copyOf(trusted);
    }

    /** The last address on the way that is no trusted proxy's; each proxy appends the one it was called from. */
    String of(Wire wire) {
        String connection = wire.address();
        if (trusted.isEmpty() || !trusts(connection)) {
            return connection;
        }
        List<String> way = new ArrayList<>();
        for (String header : wire.headers("X-Forwarded-For")) {
            for (String each : header.split(",", -1)) {
                way.add(each.strip());
            }
        }
        String found = connection;
        for (String each : way.reversed()) {
            if (!isAddress(each)) {
                return found;
            }
            found = each;
            if (!trusts(each)) {
                return found;
            }
        }
        return found;
    }

    /** Whether a trusted proxy says that its client speaks TLS. */
    boolean isTls(Wire wire) {
        return !trusted.isEmpty()
                && trusts(wire.address())
                && List.of("https").equals(wire.headers("X-Forwarded-Proto"));
    }

    private boolean trusts(String address) {
        if (!isAddress(address)) {
            return false;
        }
        InetAddress parsed = InetAddress.ofLiteral(address);
        return trusted.stream().anyMatch(network -> network.contains(parsed));
    }

    private static boolean isAddress(String text) {
        try {
            InetAddress.ofLiteral(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Under what it is limited; IPv6 callers own a whole /64. */
    static String key(String address) {
        return isAddress(address) && InetAddress.ofLiteral(address) instanceof Inet6Address six
                ? "address:" + HexFormat.of().formatHex(six.getAddress(), 0, 8)
                : "address:" + address;
    }
}
