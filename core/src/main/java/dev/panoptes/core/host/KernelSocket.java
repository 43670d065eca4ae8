package dev.panoptes.core.host;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A socket over which the kernel tells what happens: uevents and audit records by netlink (netlink(7)), packets by AF_PACKET
 * (packet(7)) with a filter in the kernel. All calls but the constructors' belong to one platform thread, which they block.
 */
public final class KernelSocket implements AutoCloseable {
    private static final int AF_NETLINK = 16;
    private static final int AF_PACKET = 17;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_RAW = 3;
    private static final int CLOEXEC = 0x80000;
    private static final int NETLINK_KOBJECT_UEVENT = 15;
    private static final int NETLINK_AUDIT = 9;
    private static final int ETH_P_ALL_BIG_ENDIAN = 0x0300;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVBUF = 8;
    private static final int SO_ATTACH_FILTER = 26;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int SOL_PACKET = 263;
    private static final int PACKET_STATISTICS = 6;
    private static final int BUFFER = 1 << 22;
    private static final int MOST_MESSAGE = 1 << 18;
    private static final int NAME = 32;
    private static final int ADDRESS_HEADER = 56;

    private final Libc libc = new Libc();
    private final int fd;
    private final MemorySegment message;
    private final MemorySegment name;
    private final MemorySegment header;
    private final MemorySegment statistics;
    private final MemorySegment size;

    /** What one call to receive gave. */
    public enum Received {
        /** There are bytes. */
        DATA,
        /** Nothing came in time. */
        NOTHING,
        /** The kernel's queue ran over: something was dropped. */
        OVERRUN
    }

    private int length;

    private KernelSocket(int domain, int type, int protocol, String what) throws IOException {
        fd = libc.socket(domain, type | CLOEXEC, protocol);
        if (fd < 0) {
            int errno = libc.errno();
            libc.close();
            throw new IOException(what + " is refused (errno " + errno + ")");
        }
        message = libc.allocate(MOST_MESSAGE);
        name = libc.allocate(NAME);
        MemorySegment vector = libc.allocate(16);
        header = libc.allocate(ADDRESS_HEADER);
        vector.set(ValueLayout.JAVA_LONG, 0, message.address());
        vector.set(ValueLayout.JAVA_LONG, 8, MOST_MESSAGE);
        header.set(ValueLayout.JAVA_LONG, 0, name.address());
        header.set(ValueLayout.JAVA_LONG, 16, vector.address());
        header.set(ValueLayout.JAVA_LONG, 24, 1);
        statistics = libc.allocate(8);
        size = libc.allocate(4);
        size.set(ValueLayout.JAVA_INT, 0, BUFFER);
        if (libc.setOption(fd, SOL_SOCKET, SO_RCVBUFFORCE, size) < 0) {
            libc.setOption(fd, SOL_SOCKET, SO_RCVBUF, size); // without privilege the system's bound holds
        }
    }

    /** The kernel's uevents. */
    public static KernelSocket uevents() throws IOException {
        return netlink(NETLINK_KOBJECT_UEVENT, "netlink for uevents");
    }

    /** The records of the audit system, beside whoever else reads them; needs CAP_AUDIT_READ. */
    public static KernelSocket audit() throws IOException {
        return netlink(NETLINK_AUDIT, "netlink for audit records");
    }

    private static KernelSocket netlink(int protocol, String what) throws IOException {
        KernelSocket socket = new KernelSocket(AF_NETLINK, SOCK_RAW, protocol, what);
        MemorySegment address = socket.libc.allocate(12);
        address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_NETLINK);
        address.set(ValueLayout.JAVA_INT, 8, 1); // the first multicast group
        if (socket.libc.bind(socket.fd, address) < 0) {
            int errno = socket.libc.errno();
            socket.close();
            throw new IOException(what + " is refused (errno " + errno + ")");
        }
        return socket;
    }

    /**
     * IP packets of every interface, from their IP header on; needs CAP_NET_RAW.
     *
     * @param filter instructions of the classic packet filter, each {@code code, jt, jf, k}
     */
    public static KernelSocket packets(int[][] filter) throws IOException {
        // Protocol 0 receives nothing: packets come only after the filter is in place and the socket is bound.
        KernelSocket socket = new KernelSocket(AF_PACKET, SOCK_DGRAM, 0, "a packet socket");
        MemorySegment program = socket.libc.allocate(filter.length * 8L);
        for (int i = 0; i < filter.length; i++) {
            program.set(ValueLayout.JAVA_SHORT, i * 8L, (short) filter[i][0]);
            program.set(ValueLayout.JAVA_BYTE, i * 8L + 2, (byte) filter[i][1]);
            program.set(ValueLayout.JAVA_BYTE, i * 8L + 3, (byte) filter[i][2]);
            program.set(ValueLayout.JAVA_INT, i * 8L + 4, filter[i][3]);
        }
        MemorySegment described = socket.libc.allocate(16);
        described.set(ValueLayout.JAVA_SHORT, 0, (short) filter.length);
        described.set(ValueLayout.JAVA_LONG, 8, program.address());
        MemorySegment address = socket.libc.allocate(20);
        address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_PACKET);
        address.set(ValueLayout.JAVA_SHORT, 2, (short) ETH_P_ALL_BIG_ENDIAN);
        if (socket.libc.setOption(socket.fd, SOL_SOCKET, SO_ATTACH_FILTER, described) < 0
                || socket.libc.bind(socket.fd, address) < 0) {
            int errno = socket.libc.errno();
            socket.close();
            throw new IOException("a packet socket is refused (errno " + errno + ")");
        }
        return socket;
    }

    /** Waits for the next message. */
    public Received receive(int timeoutMillis) throws IOException {
        if (!libc.readable(fd, timeoutMillis)) {
            return Received.NOTHING;
        }
        header.set(ValueLayout.JAVA_INT, 8, NAME);
        long received = libc.receiveMessage(fd, header, 0);
        if (received < 0) {
            return switch (libc.errno()) {
                case Libc.ENOBUFS -> Received.OVERRUN;
                case Libc.EINTR, Libc.EAGAIN -> Received.NOTHING;
                default -> throw new IOException("the kernel's socket broke off (errno " + libc.errno() + ")");
            };
        }
        length = (int) received;
        return Received.DATA;
    }

    /** The message received last. */
    public byte[] data() {
        return message.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    }

    /** True where the packet received last left over the loopback interface, on which it comes in again. */
    public boolean isLoopbackEcho() {
        return name.get(ValueLayout.JAVA_SHORT, 8) == 772 && name.get(ValueLayout.JAVA_BYTE, 10) == 4;
    }

    /** Packets that the kernel dropped since this was asked last. */
    public long dropped() {
        size.set(ValueLayout.JAVA_INT, 0, 8);
        return libc.option(fd, SOL_PACKET, PACKET_STATISTICS, statistics, size) < 0
                ? 0
                : Integer.toUnsignedLong(statistics.get(ValueLayout.JAVA_INT, 4));
    }

    @Override
    public void close() {
        libc.close(fd);
        libc.close();
    }
}
