package dev.panoptes.server.config;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Where the server listens.
 *
 * @param port 0 picks a free one
 */
public record ListenAddress(String address, int port) {
    private static final int LARGEST_PORT = 65_535;

    public ListenAddress {
        if (port < 0 || port > LARGEST_PORT) {
            throw new IllegalArgumentException("no port: " + port);
        }
    }

    static ListenAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("no port");
        }
        String address = text.substring(0, colon);
        if (address.startsWith("[") != address.endsWith("]") || (address.contains(":") && !address.startsWith("["))) {
            throw new IllegalArgumentException("an IPv6 address stands in brackets");
        }
        return new ListenAddress(address.replaceAll("[\\[\\]]", ""), Integer.parseInt(text.substring(colon + 1)));
    }

    public ListenAddress withPort(int other) {
        return new ListenAddress(address, other);
    }

    /** True where only programs of this machine can connect. A name that cannot be resolved is not. */
    public boolean loopback() {
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return (address.contains(":") ? "[" + address + "]" : address) + ":" + port;
    }
}
