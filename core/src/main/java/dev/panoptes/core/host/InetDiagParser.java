package dev.panoptes.core.host;

import dev.panoptes.core.AddressText;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Netlink messages of the sock_diag family to sockets (sock_diag(7), linux/inet_diag.h). Pure.
 */
final class InetDiagParser {
    static final int SOCK_DIAG_BY_FAMILY = 20;
    private static final int NLMSG_ERROR = 2;
    private static final int NLMSG_DONE = 3;
    private static final int NLM_F_DUMP_INTR = 0x10;
    private static final int HEADER = 16;
    private static final int INET_DIAG_MSG = 72;
    private static final int AF_INET6 = 10;
    private static final int INET_DIAG_SKV6ONLY = 11;

    private final List<ListeningSocket> sockets = new ArrayList<>();
    private boolean interrupted;

    /** What a datagram says about the dump that it is part of. */
    sealed interface Progress {
        record More() implements Progress {}

        record Done() implements Progress {}

        /** @param errno positive */
        record Refused(int errno) implements Progress {}

        record Malformed(String reason) implements Progress {}
    }

    /** Takes one datagram in native byte order. */
    Progress accept(ByteBuffer datagram) {
        ByteBuffer in = datagram.order(ByteOrder.nativeOrder());
        while (in.remaining() >= HEADER) {
            int start = in.position();
            int length = in.getInt(start);
            int type = Short.toUnsignedInt(in.getShort(start + 4));
            int flags = Short.toUnsignedInt(in.getShort(start + 6));
            if (length < HEADER || length > in.remaining()) {
                return new Progress.Malformed("a message of " + length + " bytes in " + in.remaining());
            }
            interrupted |= (flags & NLM_F_DUMP_INTR) != 0;
            switch (type) {
                case NLMSG_DONE -> {
                    return new Progress.Done();
                }
                case NLMSG_ERROR -> {
                    return length < HEADER + 4
                            ? new Progress.Malformed("an error message without a number")
                            : new Progress.Refused(-in.getInt(start + HEADER));
                }
                case SOCK_DIAG_BY_FAMILY -> {
                    if (length < HEADER + INET_DIAG_MSG) {
                        return new Progress.Malformed("a socket message of " + length + " bytes");
                    }
                    sockets.add(socket(in, start + HEADER, start + length));
                }
                default -> {
                    // NLMSG_NOOP and the like carry nothing for us.
                }
            }
            in.position(Math.min(start + aligned(length), in.limit()));
        }
        return new Progress.More();
    }

    /** True where the table changed during the dump, so that sockets may be missing. */
    boolean wasInterrupted() {
        return interrupted;
    }

    List<ListeningSocket> sockets() {
        return List.copyOf(sockets);
    }

    private static ListeningSocket socket(ByteBuffer in, int at, int end) {
        boolean ipv6 = in.get(at) == AF_INET6;
        int port = Short.toUnsignedInt(in.order(ByteOrder.BIG_ENDIAN).getShort(at + 4));
        in.order(ByteOrder.nativeOrder());
        byte[] address = new byte[ipv6 ? 16 : 4];
        in.get(at + 8, address);
        int uid = in.getInt(at + 64);
        long inode = Integer.toUnsignedLong(in.getInt(at + 68));
        boolean wildcard = ipv6 && isZero(address);
        return new ListeningSocket(
                AddressText.of(address), port, wildcard && !onlyIpv6(in, at + INET_DIAG_MSG, end), inode, uid);
    }

    private static boolean onlyIpv6(ByteBuffer in, int from, int end) {
        for (int at = from; at + 4 <= end; ) {
            int length = Short.toUnsignedInt(in.getShort(at));
            int type = Short.toUnsignedInt(in.getShort(at + 2));
            if (length < 4 || at + length > end) {
                return false;
            }
            if (type == INET_DIAG_SKV6ONLY && length > 4) {
                return in.get(at + 4) != 0;
            }
            at += aligned(length);
        }
        return false;
    }

    private static boolean isZero(byte[] bytes) {
        for (byte each : bytes) {
            if (each != 0) {
                return false;
            }
        }
        return true;
    }

    private static int aligned(int length) {
        return (length + 3) & ~3;
    }
}
