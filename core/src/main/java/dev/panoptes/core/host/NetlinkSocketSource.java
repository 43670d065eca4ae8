package dev.panoptes.core.host;

import dev.panoptes.core.host.InetDiagParser.Progress;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks the kernel by netlink sock_diag (sock_diag(7)) for the sockets in state LISTEN only: a few microseconds however many
 * connections there are. Blocks its thread; call it on a platform thread.
 */
final class NetlinkSocketSource implements SocketSource {
    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int NETLINK_SOCK_DIAG = 4;
    private static final short NLM_F_REQUEST_DUMP = 0x301;
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final byte IPPROTO_TCP = 6;
    private static final int LISTEN = 1 << 10;
    private static final int REQUEST = 72;
    private static final int BUFFER = 65_536;
    private static final int ANSWER_WITHIN_MILLIS = 2_000;
    private static final int ATTEMPTS = 3;
    private static final short POLLIN = 1;

    @Override
    public List<ListeningSocket> listening() throws IOException {
        try (Libc libc = new Libc()) {
            int fd = libc.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_SOCK_DIAG);
            if (fd < 0) {
                throw new IOException("netlink sock_diag is not available (errno " + libc.errno() + ")");
            }
            try {
                List<ListeningSocket> sockets = new ArrayList<>(dump(libc, fd, AF_INET));
                sockets.addAll(dump(libc, fd, AF_INET6));
                return sockets;
            } finally {
                libc.close(fd);
            }
        }
    }

    /** Repeats a dump during which the table changed; the last attempt is taken as it is. */
    private static List<ListeningSocket> dump(Libc libc, int fd, int family) throws IOException {
        MemorySegment buffer = libc.allocate(BUFFER);
        for (int attempt = 1; ; attempt++) {
            InetDiagParser parser = new InetDiagParser();
            request(libc, fd, family, attempt);
            while (!receive(libc, fd, buffer, parser)) {
                // every datagram until the kernel says that it was the last
            }
            if (!parser.wasInterrupted() || attempt == ATTEMPTS) {
                return parser.sockets();
            }
        }
    }

    private static void request(Libc libc, int fd, int family, int sequence) throws IOException {
        MemorySegment message = libc.allocate(REQUEST);
        message.set(ValueLayout.JAVA_INT, 0, REQUEST);
        message.set(ValueLayout.JAVA_SHORT, 4, (short) InetDiagParser.SOCK_DIAG_BY_FAMILY);
        message.set(ValueLayout.JAVA_SHORT, 6, NLM_F_REQUEST_DUMP);
        message.set(ValueLayout.JAVA_INT, 8, sequence);
        message.set(ValueLayout.JAVA_BYTE, 16, (byte) family);
        message.set(ValueLayout.JAVA_BYTE, 17, IPPROTO_TCP);
        message.set(ValueLayout.JAVA_INT, 20, LISTEN);
        if (libc.send(fd, message, REQUEST, 0) != REQUEST) {
            throw new IOException("netlink sock_diag refused the request (errno " + libc.errno() + ")");
        }
    }

    /** True once the dump is over. */
    private static boolean receive(Libc libc, int fd, MemorySegment buffer, InetDiagParser parser) throws IOException {
        MemorySegment poll = libc.allocate(8);
        poll.set(ValueLayout.JAVA_INT, 0, fd);
        poll.set(ValueLayout.JAVA_SHORT, 4, POLLIN);
        int ready = libc.poll(poll, 1, ANSWER_WITHIN_MILLIS);
        if (ready == 0) {
            throw new IOException("netlink sock_diag did not answer within 2 s");
        }
        long received = ready < 0 ? ready : libc.receive(fd, buffer, 0);
        if (received < 0) {
            if (libc.errno() == Libc.EINTR) {
                return false;
            }
            throw new IOException("netlink sock_diag broke off (errno " + libc.errno() + ")");
        }
        return switch (parser.accept(buffer.asSlice(0, received).asByteBuffer())) {
            case Progress.More() -> false;
            case Progress.Done() -> true;
            case Progress.Refused(int errno) ->
                throw new IOException("netlink sock_diag refused the dump (errno " + errno + ")");
            case Progress.Malformed(String reason) -> throw new IOException("netlink sock_diag answered " + reason);
        };
    }
}
