package dev.panoptes.sensors.proc;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * One message of the kernel's process events connector (include/uapi/linux/cn_proc.h).
 *
 * @param nanos of the monotonic clock
 * @param pid of the process that it is about
 */
sealed interface ProcessMessage {
    long nanos();

    int pid();

    record Forked(long nanos, int parentPid, int pid) implements ProcessMessage {}

    record Executed(long nanos, int pid) implements ProcessMessage {}

    record UserChanged(long nanos, int pid) implements ProcessMessage {}

    /** @param status as wait(2) gives it */
    record Exited(long nanos, int pid, int status) implements ProcessMessage {}

    /** Header of netlink, header of the connector. */
    int OFFSET = 16 + 20;

    int FORK = 1;
    int EXEC = 2;
    int UID = 4;
    int EXIT = 0x8000_0000;

    /** Null for messages of threads, and of kinds that tell nothing here. @param at where the netlink message begins */
    static @Nullable ProcessMessage parse(MemorySegment bytes, long at, long length) {
        if (length < OFFSET + 24) {
            return null;
        }
        long body = at + OFFSET;
        int what = bytes.get(ValueLayout.JAVA_INT_UNALIGNED, body);
        long nanos = bytes.get(ValueLayout.JAVA_LONG_UNALIGNED, body + 8);
        int first = bytes.get(ValueLayout.JAVA_INT_UNALIGNED, body + 16);
        int second = bytes.get(ValueLayout.JAVA_INT_UNALIGNED, body + 20);
        return switch (what) {
            case FORK -> {
                if (length < OFFSET + 32) {
                    yield null;
                }
                int childPid = bytes.get(ValueLayout.JAVA_INT_UNALIGNED, body + 24);
                int childGroup = bytes.get(ValueLayout.JAVA_INT_UNALIGNED, body + 28);
                if (childPid != childGroup) {
                    yield null;
                }
                yield new Forked(nanos, second, childPid);
            }
            case EXEC -> new Executed(nanos, second);
            case UID -> {
                if (first != second) {
                    yield null;
                }
                yield new UserChanged(nanos, second);
            }
            case EXIT -> {
                if (length < OFFSET + 28 || first != second) {
                    yield null;
                }
                yield new Exited(nanos, second, bytes.get(ValueLayout.JAVA_INT_UNALIGNED, body + 24));
            }
            default -> null;
        };
    }
}
