package dev.panoptes.integrity.observed;

import dev.panoptes.core.AddressText;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which addresses a probe may connect to when nobody configured them: not those that answer only from within a machine or
 * to it, so that a registry cannot turn the observer against its own cloud's metadata service. Pure; judges the address that
 * is then connected to.
 */
final class AddressPolicy {
    /** Metadata services outside the link-local range: Alibaba, Azure, Oracle, AWS and Google over IPv6. */
    private static final Set<InetAddress> METADATA = Stream.of(
                    "100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254", "fd20:ce::254")
            .map(InetAddress::ofLiteral)
            .collect(Collectors.toUnmodifiableSet());

    private AddressPolicy() {}

    /** Why this address is refused, in words that follow it; null where it may be asked. */
    static @Nullable String refusal(InetAddress address) {
        InetAddress embedded = embedded(address);
        if (embedded != null) {
            String refusal = refusal(embedded);
            return refusal == null
                    ? null
                    : "stands for " + AddressText.of(embedded.getAddress()) + ", which " + refusal;
        }
        if (address.isLinkLocalAddress()) {
            return "is link-local, where metadata services live";
        }
        if (METADATA.contains(address)) {
            return "belongs to a metadata service";
        }
        if (address.isLoopbackAddress()) {
            return "is this machine's loopback";
        }
        if (address.isAnyLocalAddress() || address.getAddress()[0] == 0) {
            return "is no address to connect to";
        }
        boolean broadcast = address.getAddress().length == 4 && (address.getAddress()[0] & 0xf0) == 0xf0;
        return address.isMulticastAddress() || broadcast ? "is no address of one machine" : null;
    }

    /** The IPv4 address within a NAT64 (RFC 6052), 6to4 (RFC 3056) or IPv4-compatible address; null in others. */
    private static @Nullable InetAddress embedded(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return null;
        }
        byte[] bytes = address.getAddress();
        byte[] nat64 = {0, 0x64, (byte) 0xff, (byte) 0x9b, 0, 0, 0, 0, 0, 0, 0, 0};
        int from;
        if (Arrays.equals(bytes, 0, 12, nat64, 0, 12)) {
            from = 12;
        } else if (bytes[0] == 0x20 && bytes[1] == 0x02) {
            from = 2;
        } else if (Arrays.equals(bytes, 0, 12, new byte[12], 0, 12) && bytes[12] != 0) {
            from = 12;
        } else {
            return null;
        }
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(bytes, from, from + 4));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }
}
