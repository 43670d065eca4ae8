package dev.panoptes.core.host;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Whether this process is in the machine's first network namespace. */
final class NetworkNamespace {
    private static final int AF_NETLINK = 16;
    private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
    private static final int NETLINK_CONNECTOR = 11;
    private static final int NLMSG_DONE = 3;
    private static final int ECONNREFUSED = 111;
    private static final int LENGTH = 36;
    /** Of no service of the kernel: who hears it does nothing. */
    private static final int NOBODY = 0x7fff_ff00;

    private NetworkNamespace() {}

    /**
     * True where the kernel's connector, which is there in the first namespace only (drivers/connector/connector.c), does not
     * listen. False also where nobody can tell, as in a kernel that was built without it.
     */
    static boolean isAnother() {
        try (Libc libc = new Libc()) {
            int fd = libc.socket(AF_NETLINK, SOCK_DGRAM_CLOEXEC, NETLINK_CONNECTOR);
            if (fd < 0) {
                return false;
            }
            MemorySegment message = libc.allocate(LENGTH);
            message.set(ValueLayout.JAVA_INT, 0, LENGTH);
            message.set(ValueLayout.JAVA_SHORT, 4, (short) NLMSG_DONE);
            message.set(ValueLayout.JAVA_INT, 16, NOBODY);
            boolean refused = libc.send(fd, message, LENGTH, 0) < 0 && libc.errno() == ECONNREFUSED;
            libc.close(fd);
            return refused;
        }
    }
}
