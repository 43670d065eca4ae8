package dev.panoptes.sensors.proc;

import dev.panoptes.core.host.Libc;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.Consumer;

/**
 * The kernel's process events connector, over netlink. It wants CAP_NET_ADMIN in the machine's first namespaces. For the thread
 * that made it, which must be a platform thread: its calls block.
 */
final class ConnectorSource implements AutoCloseable {
    private static final int AF_NETLINK = 16;
    private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
    private static final int NETLINK_CONNECTOR = 11;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int QUEUE_BYTES = 8 << 20;
    private static final int CN_IDX_PROC = 1;
    private static final int CN_VAL_PROC = 1;
    private static final int PROC_CN_MCAST_LISTEN = 1;
    private static final int PROC_CN_MCAST_IGNORE = 2;
    private static final int NLMSG_DONE = 3;
    private static final int BUFFER = 1 << 16;
    private static final int HEADER = 16;

    private final Libc libc = new Libc();
    private final MemorySegment buffer = libc.allocate(BUFFER);
    private final int fd;

    ConnectorSource() throws IOException {
        fd = libc.socket(AF_NETLINK, SOCK_DGRAM_CLOEXEC, NETLINK_CONNECTOR);
        if (fd < 0) {
            int errno = libc.errno();
            libc.close();
            throw new IOException("no process connector: error " + errno);
        }
        try {
            MemorySegment size = libc.allocate(4);
            size.set(ValueLayout.JAVA_INT, 0, QUEUE_BYTES);
            // Where that is refused the kernel's own size has to do.
            libc.setOption(fd, SOL_SOCKET, SO_RCVBUFFORCE, size);
            MemorySegment address = libc.allocate(12);
            address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_NETLINK);
            address.set(ValueLayout.JAVA_INT, 8, CN_IDX_PROC);
            if (libc.bind(fd, address) < 0) {
                throw new IOException("the process connector is refused: error " + libc.errno());
            }
            ask(PROC_CN_MCAST_LISTEN);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private void ask(int what) throws IOException {
        int length = ProcessMessage.OFFSET + 4;
        MemorySegment message = libc.allocate(length);
        message.set(ValueLayout.JAVA_INT, 0, length);
        message.set(ValueLayout.JAVA_SHORT, 4, (short) NLMSG_DONE);
        message.set(ValueLayout.JAVA_INT, 16, CN_IDX_PROC);
        message.set(ValueLayout.JAVA_INT, 20, CN_VAL_PROC);
        message.set(ValueLayout.JAVA_SHORT, 32, (short) 4);
        message.set(ValueLayout.JAVA_INT, 36, what);
        if (libc.send(fd, message, length, 0) < 0) {
            throw new IOException("the process connector does not listen: error " + libc.errno());
        }
    }

    /**
     * Waits for messages, for a moment at most, and hands them on.
     *
     * @return false where the kernel's queue ran over: an unknown number is lost
     */
    boolean receive(int timeoutMillis, Consumer<ProcessMessage> into) throws IOException {
        if (!libc.readable(fd, timeoutMillis)) {
            return true;
        }
        long length = libc.receive(fd, buffer, 0);
        if (length < 0) {
            return switch (libc.errno()) {
                case Libc.ENOBUFS -> false;
                case Libc.EINTR, Libc.EAGAIN -> true;
                default -> throw new IOException("the process connector cannot be read: error " + libc.errno());
            };
        }
        for (long at = 0; at + HEADER <= length; ) {
            long size = Integer.toUnsignedLong(buffer.get(ValueLayout.JAVA_INT_UNALIGNED, at));
            if (size < HEADER || at + size > length) {
                break;
            }
            ProcessMessage message = ProcessMessage.parse(buffer, at, size);
            if (message != null) {
                into.accept(message);
            }
            at += (size + 3) & ~3L;
        }
        return true;
    }

    @Override
    public void close() {
        try {
            // Kernels before 6.6 go on making messages for nobody otherwise.
            ask(PROC_CN_MCAST_IGNORE);
        } catch (IOException e) {
            // It did not listen, or does not any more: nothing to take back.
        }
        libc.close(fd);
        libc.close();
    }
}
