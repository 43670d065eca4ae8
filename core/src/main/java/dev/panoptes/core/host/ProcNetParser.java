package dev.panoptes.core.host;

import dev.panoptes.core.AddressText;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Optional;

/** A line of {@code /proc/net/tcp} or {@code tcp6} to a socket (proc_pid_net(5)). Pure. */
final class ProcNetParser {
    private static final int LISTEN = 0x0A;

    private final ByteOrder order;

    /** @param order byte order of the machine that wrote the file: addresses are its 32-bit words in hex */
    ProcNetParser(ByteOrder order) {
        this.order = order;
    }

    /** What one line is. */
    sealed interface Line {
        record Listening(ListeningSocket socket) implements Line {}

        /** A socket in another state. The kernel lists those after every listening one. */
        record Other() implements Line {}

        /** The heading, or nothing that can be read. */
        record NoSocket() implements Line {}
    }

    Line parse(String line) {
        String[] fields = line.strip().split("\\s+");
        if (fields.length < 10 || !fields[0].endsWith(":")) {
            return new Line.NoSocket();
        }
        try {
            if (Integer.parseInt(fields[3], 16) != LISTEN) {
                return new Line.Other();
            }
            int colon = fields[1].indexOf(':');
            int port = Integer.parseInt(fields[1].substring(colon + 1), 16);
            int uid = Integer.parseUnsignedInt(fields[7]);
            long inode = Long.parseLong(fields[9]);
            return address(fields[1].substring(0, colon))
                    .<Line>map(bytes -> new Line.Listening(
                            new ListeningSocket(AddressText.of(bytes), port, isIpv6Wildcard(bytes), inode, uid)))
                    .orElseGet(Line.NoSocket::new);
        } catch (NumberFormatException | StringIndexOutOfBoundsException e) {
            return new Line.NoSocket();
        }
    }

    private Optional<byte[]> address(String hex) {
        if (hex.length() != 8 && hex.length() != 32) {
            return Optional.empty();
        }
        ByteBuffer words = ByteBuffer.wrap(HexFormat.of().parseHex(hex));
        ByteBuffer bytes = ByteBuffer.allocate(words.capacity()).order(order);
        while (words.hasRemaining()) {
            bytes.putInt(words.getInt());
        }
        return Optional.of(bytes.array());
    }

    /** The table does not tell IPV6_V6ONLY; without it, the system's default, the wildcard takes IPv4 too. */
    private static boolean isIpv6Wildcard(byte[] address) {
        if (address.length != 16) {
            return false;
        }
        for (byte each : address) {
            if (each != 0) {
                return false;
            }
        }
        return true;
    }
}
