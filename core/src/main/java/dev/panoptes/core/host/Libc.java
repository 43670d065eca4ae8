package dev.panoptes.core.host;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The few C library calls that Java has no equivalent for. One instance serves one thread.
 *
 * <p>Every function is bound with the same shape, four machine words to one: on the 64-bit Linux ABIs integers, pointers and
 * sizes all travel in registers, surplus arguments are ignored, and the upper half of an {@code int} result is cut off
 * below. Building a shape takes some 5 ms at start, so one is shared.
 */
final class Libc implements AutoCloseable {
    static final int EINTR = 4;
    static final int EACCES = 13;
    static final int EPERM = 1;

    private static final FunctionDescriptor SHAPE = FunctionDescriptor.of(
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG);
    private static final MethodHandle SOCKET = bind("socket");
    private static final MethodHandle SEND = bind("send");
    private static final MethodHandle RECV = bind("recv");
    private static final MethodHandle POLL = bind("poll");
    private static final MethodHandle OPEN = bind("open");
    private static final MethodHandle GETDENTS = bind("getdents64");
    private static final MethodHandle READLINKAT = bind("readlinkat");
    private static final MethodHandle CLOSE = bind("close");
    private static final VarHandle ERRNO =
            Linker.Option.captureStateLayout().varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());

    private static MethodHandle bind(String name) {
        Linker linker = Linker.nativeLinker();
        MemorySegment address = linker.defaultLookup()
                .find(name)
                .orElseThrow(() -> new UnsupportedOperationException("this C library has no " + name));
        return linker.downcallHandle(address, SHAPE, Linker.Option.captureCallState("errno"));
    }

    /** Memory that lives as long as this object. */
    MemorySegment allocate(long bytes) {
        return arena.allocate(bytes, Long.BYTES);
    }

    /** The error of the last call that returned a negative number. */
    int errno() {
        return (int) ERRNO.get(state, 0L);
    }

    int socket(int domain, int type, int protocol) {
        return (int) call(SOCKET, domain, type, protocol, 0);
    }

    long send(int fd, MemorySegment bytes, long length, int flags) {
        return call(SEND, fd, bytes.address(), length, flags);
    }

    long receive(int fd, MemorySegment into, int flags) {
        return call(RECV, fd, into.address(), into.byteSize(), flags);
    }

    int poll(MemorySegment descriptors, int count, int timeoutMillis) {
        return (int) call(POLL, descriptors.address(), count, timeoutMillis, 0);
    }

    int open(MemorySegment path, int flags) {
        return (int) call(OPEN, path.address(), flags, 0, 0);
    }

    long readDirectory(int fd, MemorySegment into) {
        return call(GETDENTS, fd, into.address(), into.byteSize(), 0);
    }

    /** @param nameAddress address of a C string below {@code directory} */
    long readLink(int directory, long nameAddress, MemorySegment into) {
        return call(READLINKAT, directory, nameAddress, into.address(), into.byteSize());
    }

    int close(int fd) {
        return (int) call(CLOSE, fd, 0, 0, 0);
    }

    private long call(MethodHandle handle, long a, long b, long c, long d) {
        try {
            return (long) handle.invokeExact(state, a, b, c, d);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a native call throws nothing checked", e);
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
