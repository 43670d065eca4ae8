package dev.panoptes.core.host;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The few C library calls that Java has no equivalent for. One instance serves one thread.
 *
 * <p>Every function is bound with the same shape, six machine words to one: on the 64-bit Linux ABIs integers, pointers and
 * sizes all travel in registers, surplus arguments are ignored, and the upper half of an {@code int} result is cut off
 * below; results that are an int are to be cast. Building a shape takes 10 to 20 ms of CPU, so one is shared.
 */
public final class Libc implements AutoCloseable {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int EINTR = 4;
    public static final int EAGAIN = 11;
    public static final int EACCES = 13;
    /** A queue of the kernel ran over: what it dropped is lost. */
    public static final int ENOBUFS = 105;

    /** {@code poll} for reading. */
    public static final short POLLIN = 1;

    private static final FunctionDescriptor SHAPE = FunctionDescriptor.of(
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
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
    private static final int POLLFD = 8;
    private static final VarHandle ERRNO =
            Linker.Option.captureStateLayout().varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
    private final MemorySegment polled = arena.allocate(POLLFD, Long.BYTES);

    /** Binds what is bound, and calls it once, so that whoever needs it next finds it done. */
    static void prepare() {
        try (Libc libc = new Libc()) {
            libc.close(-1);
        } catch (LinkageError | UnsupportedOperationException e) {
            return; // whoever looks will find it refused too
        }
    }

    private static MethodHandle bind(String name) {
        Linker linker = Linker.nativeLinker();
        MemorySegment address = linker.defaultLookup()
                .find(name)
                .orElseThrow(() -> new UnsupportedOperationException("this C library has no " + name));
        return linker.downcallHandle(address, SHAPE, Linker.Option.captureCallState("errno"));
    }

    /** Memory that lives as long as this object. */
    public MemorySegment allocate(long bytes) {
        return arena.allocate(bytes, Long.BYTES);
    }

    /** The error of the last call that returned a negative number. */
    public int errno() {
        return (int) ERRNO.get(state, 0L);
    }

    public int socket(int domain, int type, int protocol) {
        return (int) call(SOCKET, domain, type, protocol, 0);
    }

    public long send(int fd, MemorySegment bytes, long length, int flags) {
        return call(SEND, fd, bytes.address(), length, flags);
    }

    public long receive(int fd, MemorySegment into, int flags) {
        return call(RECV, fd, into.address(), into.byteSize(), flags);
    }

    public int poll(MemorySegment descriptors, int count, int timeoutMillis) {
        return (int) call(POLL, descriptors.address(), count, timeoutMillis, 0);
    }

    public int open(MemorySegment path, int flags) {
        return (int) call(OPEN, path.address(), flags, 0, 0);
    }

    long readDirectory(int fd, MemorySegment into) {
        return call(GETDENTS, fd, into.address(), into.byteSize(), 0);
    }

    /** @param nameAddress address of a C string below {@code directory} */
    long readLink(int directory, long nameAddress, MemorySegment into) {
        return call(READLINKAT, directory, nameAddress, into.address(), into.byteSize());
    }

    /** Bound when it is first needed, and null in a C library that is older than it. */
    private static final class Status {
        private static final @Nullable MethodHandle STATX = found();

        private Status() {}

        private static @Nullable MethodHandle found() {
            try {
                return Libc.bind("statx");
            } catch (UnsupportedOperationException e) {
                return null;
            }
        }
    }

    /** True where {@link #status} can be called. */
    static boolean hasStatus() {
        return Status.STATX != null;
    }

    /** statx(2). @param nameAddress address of a C string below {@code directory} */
    int status(int directory, long nameAddress, int flags, int mask, MemorySegment into) {
        MethodHandle statx = Status.STATX;
        if (statx == null) {
            throw new UnsupportedOperationException("this C library has no statx");
        }
        return (int) call(statx, directory, nameAddress, flags, mask, into.address(), 0);
    }

    /** Bound when it is first needed, which is at a terminal only. */
    private static final class Window {
        /** TIOCGWINSZ, of asm-generic/ioctls.h, which all 64-bit Linux but MIPS, PowerPC and SPARC share. */
        private static final long SIZE = 0x5413;

        private static final MethodHandle IOCTL = bind("ioctl");

        private Window() {}
    }

    /** How many columns the terminal has that this descriptor is; 0 where it is none or does not know (ioctl_tty(2)). */
    public int columns(int fd) {
        MemorySegment size = allocate(Long.BYTES);
        return call(Window.IOCTL, fd, Window.SIZE, size.address(), 0) < 0
                ? 0
                : size.get(ValueLayout.JAVA_SHORT, Short.BYTES) & 0xffff;
    }

    public int close(int fd) {
        return (int) call(CLOSE, fd, 0, 0, 0);
    }

    /** @param address a {@code struct sockaddr} */
    public int bind(int fd, MemorySegment address) {
        return (int) call(Wide.BIND, fd, address.address(), address.byteSize(), 0);
    }

    /** read(2). */
    public long read(int fd, MemorySegment into) {
        return call(Wide.READ, fd, into.address(), into.byteSize(), 0);
    }

    public long write(int fd, MemorySegment bytes, long length) {
        return call(Wide.WRITE, fd, bytes.address(), length, 0);
    }

    public int setOption(int fd, int level, int name, MemorySegment value) {
        return (int) call(Wide.SETSOCKOPT, fd, level, name, value.address(), value.byteSize(), 0);
    }

    /** @param length an int in and out: how much room there is, how much was filled */
    public int option(int fd, int level, int name, MemorySegment value, MemorySegment length) {
        return (int) call(Wide.GETSOCKOPT, fd, level, name, value.address(), length.address(), 0);
    }

    /** recvfrom(2). @param length an int in and out, the size of the address */
    public long receiveFrom(int fd, MemorySegment into, int flags, MemorySegment address, MemorySegment length) {
        return call(Wide.RECVFROM, fd, into.address(), into.byteSize(), flags, address.address(), length.address());
    }

    /** recvmsg(2). @param message a {@code struct msghdr} */
    public long receiveMessage(int fd, MemorySegment message, int flags) {
        return call(Wide.RECVMSG, fd, message.address(), flags, 0);
    }

    public int control(int fd, long request, MemorySegment argument) {
        return (int) call(Wide.IOCTL, fd, request, argument.address(), 0);
    }

    public int watchInit(int flags) {
        return (int) call(Wide.INOTIFY_INIT1, flags, 0, 0, 0);
    }

    /** inotify_add_watch(2). @param path a C string */
    public int watchAdd(int fd, MemorySegment path, int mask) {
        return (int) call(Wide.INOTIFY_ADD_WATCH, fd, path.address(), mask, 0);
    }

    public int watchRemove(int fd, int watch) {
        return (int) call(Wide.INOTIFY_RM_WATCH, fd, watch, 0, 0);
    }

    /** fanotify_init(2). */
    public int notifyInit(int flags, int eventFlags) {
        return (int) call(Wide.FANOTIFY_INIT, flags, eventFlags, 0, 0);
    }

    /** fanotify_mark(2). @param path a C string */
    public int notifyMark(int fd, int flags, long mask, int directory, MemorySegment path) {
        return (int) call(Wide.FANOTIFY_MARK, fd, flags, mask, directory, path.address(), 0);
    }

    /** lgetxattr(2). @param path a C string @param name a C string */
    long attribute(MemorySegment path, MemorySegment name, MemorySegment into) {
        return call(Wide.LGETXATTR, path.address(), name.address(), into.address(), into.byteSize());
    }

    /**
     * Gives the calling thread a lower priority: on Linux setpriority(2) with PRIO_PROCESS and 0 means one thread, not the whole
     * process. Nothing happens where a policy forbids it.
     *
     * @param nice 0 to 19, the higher the later
     */
    public void niceThisThread(int nice) {
        call(Priority.SETPRIORITY, 0, 0, nice, 0);
    }

    /** Bound when it is first needed, which is where passwords are hashed only. */
    private static final class Priority {
        private static final MethodHandle SETPRIORITY = bind("setpriority");

        private Priority() {}
    }

    /** signal(2) with SIG_DFL: from now on the kernel does with that signal what it does by itself. */
    public void signalDefault(int number) {
        call(Wide.SIGNAL, number, 0, 0, 0);
    }

    /**
     * True where there is something to read, false where the time is over or a signal came.
     *
     * @param timeoutMillis how long to wait at most; less than 0 waits for ever
     */
    public boolean readable(int fd, int timeoutMillis) {
        polled.set(ValueLayout.JAVA_INT, 0, fd);
        polled.set(ValueLayout.JAVA_SHORT, 4, POLLIN);
        polled.set(ValueLayout.JAVA_SHORT, 6, (short) 0);
        return poll(polled, 1, timeoutMillis) > 0;
    }

    private long call(MethodHandle handle, long a, long b, long c, long d, long e, long f) {
        try {
            return (long) handle.invokeExact(state, a, b, c, d, e, f);
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable failure) {
            throw new IllegalStateException("a native call throws nothing checked", failure);
        }
    }

    private long call(MethodHandle handle, long a, long b, long c, long d) {
        return call(handle, a, b, c, d, 0, 0);
    }

    @Override
    public void close() {
        arena.close();
    }

    /** What only sensors call; bound at its first use, because each costs start time. */
    private static final class Wide {
        static final MethodHandle BIND = Libc.bind("bind");
        static final MethodHandle READ = Libc.bind("read");
        static final MethodHandle WRITE = Libc.bind("write");
        static final MethodHandle RECVMSG = Libc.bind("recvmsg");
        static final MethodHandle LGETXATTR = Libc.bind("lgetxattr");
        static final MethodHandle SIGNAL = Libc.bind("signal");
        static final MethodHandle IOCTL = Libc.bind("ioctl");
        static final MethodHandle INOTIFY_INIT1 = Libc.bind("inotify_init1");
        static final MethodHandle INOTIFY_ADD_WATCH = Libc.bind("inotify_add_watch");
        static final MethodHandle INOTIFY_RM_WATCH = Libc.bind("inotify_rm_watch");
        static final MethodHandle FANOTIFY_INIT = Libc.bind("fanotify_init");
        static final MethodHandle FANOTIFY_MARK = Libc.bind("fanotify_mark");
        static final MethodHandle SETSOCKOPT = Libc.bind("setsockopt");
        static final MethodHandle GETSOCKOPT = Libc.bind("getsockopt");
        static final MethodHandle RECVFROM = Libc.bind("recvfrom");

        private Wide() {}
    }
}
