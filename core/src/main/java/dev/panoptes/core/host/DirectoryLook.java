package dev.panoptes.core.host;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * What the kernel says of each entry of a directory, by one call of statx(2) each: neither a path nor a table of attributes is
 * made for an entry that turns out to be as it was. While an entry is visited, this object tells of that entry. For one thread.
 */
public final class DirectoryLook implements AutoCloseable {
    private static final int O_DIRECTORY_AMD64 = 0x10000;
    private static final int O_NOFOLLOW_AMD64 = 0x20000;
    private static final int O_DIRECTORY_ARM64 = 0x4000;
    private static final int O_NOFOLLOW_ARM64 = 0x8000;
    private static final int O_CLOEXEC = 0x80000;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int AT_NO_AUTOMOUNT = 0x800;
    private static final int STATX_BASIC_STATS = 0x7ff;
    /** Type, mode, owner, group, inode, size, change and modification time. */
    private static final int NEEDED = 0x001 | 0x002 | 0x008 | 0x010 | 0x040 | 0x080 | 0x100 | 0x200;

    private static final int STATX = 256;
    /** As much of it as is needed. */
    private static final int TOLD = 128;

    /** How many octets {@link #isStatus} compares. */
    public static final int STATUS = 50;

    private static final int ENTRIES = 1 << 15;
    private static final int LONGEST_PATH = 4096;
    private static final int NAME_AT = 19;
    private static final long MOST_SECONDS = Long.MAX_VALUE / 1_000_000_000L - 1;

    private final Libc libc = new Libc();
    private final MemorySegment entries = libc.allocate(ENTRIES);
    private final MemorySegment status = libc.allocate(STATX);
    private final MemorySegment path = libc.allocate(LONGEST_PATH);
    private final int flags;
    /** Copies of both: what is read octet by octet is read from an array. */
    private final byte[] listed = new byte[ENTRIES];

    private final byte[] told = new byte[TOLD];
    private int nameAt;
    private int nameLength;

    private DirectoryLook(int flags) {
        this.flags = flags;
    }

    /** Takes entries. */
    public interface Visitor {
        /** One entry, of which the look tells until this returns. */
        void entry(DirectoryLook look);

        /** One of which the kernel does not tell all in this way; only the look's name is its own. */
        void unknown(DirectoryLook look);

        /** One whose name is no ASCII: how such names become text is for Java to say. */
        void foreign();
    }

    /** Empty where this C library or kind of machine is not known to have what this needs: then Java's own way remains. */
    public static Optional<DirectoryLook> open() {
        int flags = switch (System.getProperty("os.arch", "")) {
            case "amd64" -> O_DIRECTORY_AMD64 | O_NOFOLLOW_AMD64;
            case "aarch64" -> O_DIRECTORY_ARM64 | O_NOFOLLOW_ARM64;
            default -> 0;
        };
        return flags == 0 || !Libc.hasStatus() ? Optional.empty() : Optional.of(new DirectoryLook(flags | O_CLOEXEC));
    }

    /**
     * Visits all entries of a directory but itself and its parent, in no particular order. A visitor may not begin another list.
     *
     * @param directory an absolute path; where it is a link, it is not followed
     * @return false where it could not be read, or not to its end
     */
    public boolean list(String directory, Visitor visitor) {
        byte[] bytes = directory.getBytes(StandardCharsets.UTF_8);
        int bits = 0;
        for (byte each : bytes) {
            bits |= each;
        }
        if (bits < 0 || bytes.length >= LONGEST_PATH) {
            return false; // how a name that is no ASCII is spelled is for Java to say
        }
        MemorySegment.copy(bytes, 0, path, ValueLayout.JAVA_BYTE, 0, bytes.length);
        path.set(ValueLayout.JAVA_BYTE, bytes.length, (byte) 0);
        int fd = libc.open(path, flags);
        if (fd < 0) {
            return false;
        }
        try {
            long read;
            while ((read = libc.readDirectory(fd, entries)) > 0) {
                MemorySegment.copy(entries, ValueLayout.JAVA_BYTE, 0, listed, 0, (int) read);
                visit(fd, (int) read, visitor);
            }
            return read == 0;
        } finally {
            libc.close(fd);
        }
    }

    /** {@code struct linux_dirent64}: inode, offset, its own length, type, and a name that ends with NUL (getdents(2)). */
    private void visit(int fd, int read, Visitor visitor) {
        for (int at = 0; at + NAME_AT < read; ) {
            int length = number16(listed, at + 16);
            if (length <= NAME_AT || at + length > read) {
                return;
            }
            nameAt = at + NAME_AT;
            int bits = 0;
            int size = 0;
            for (byte b; nameAt + size < at + length && (b = nameByte(size)) != 0; size++) {
                bits |= b;
            }
            nameLength = size;
            at += length;
            boolean dots = nameByte(0) == '.' && (size == 1 || (size == 2 && nameByte(1) == '.'));
            if (dots) {
                continue;
            }
            if (bits < 0) {
                visitor.foreign();
                continue;
            }
            long result = libc.status(
                    fd, entries.address() + nameAt, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT, STATX_BASIC_STATS, status);
            if (result < 0) {
                if (libc.errno() != Libc.ENOENT) { // or it is gone again
                    visitor.unknown(this);
                }
            } else {
                MemorySegment.copy(status, ValueLayout.JAVA_BYTE, 0, told, 0, TOLD);
                if ((number32(told, 0) & NEEDED) == NEEDED) {
                    visitor.entry(this);
                } else {
                    visitor.unknown(this);
                }
            }
        }
    }

    private byte nameByte(int index) {
        return listed[nameAt + index];
    }

    /** The entry's name, which is ASCII. */
    public String name() {
        return new String(listed, nameAt, nameLength, StandardCharsets.US_ASCII);
    }

    /** True where a name in an array is the entry's. */
    public boolean isName(byte[] name, int from, int length) {
        return length == nameLength && Arrays.equals(name, from, from + length, listed, nameAt, nameAt + length);
    }

    /**
     * True where owner, group, mode, inode, size, change and modification time stand in an array as they are: 4, 4, 2, 8, 8, 8 + 4 and
     * 8 + 4 octets, the lowest first, times as seconds and nanoseconds. They are {@link #STATUS}.
     */
    public boolean isStatus(byte[] kept, int at) {
        return Arrays.equals(told, 96, 108, kept, at + 26, at + 38)
                && Arrays.equals(told, 32, 48, kept, at + 10, at + 26)
                && Arrays.equals(told, 112, 124, kept, at + 38, at + 50)
                && Arrays.equals(told, 20, 30, kept, at, at + 10);
    }

    public long inode() {
        return number64(told, 32);
    }

    public long size() {
        return number64(told, 40);
    }

    /** Type and permissions, as inode(7) has them. */
    public int mode() {
        return number16(told, 28);
    }

    public int uid() {
        return number32(told, 20);
    }

    public int gid() {
        return number32(told, 24);
    }

    /** Nanoseconds since 1970; the last that a long holds where it is later. */
    public long changed() {
        return nanos(96);
    }

    /** Nanoseconds since 1970; the last that a long holds where it is later. */
    public long modified() {
        return nanos(112);
    }

    private long nanos(int at) {
        long seconds = number64(told, at);
        if (seconds > MOST_SECONDS) {
            return Long.MAX_VALUE;
        }
        if (seconds < -MOST_SECONDS) {
            return Long.MIN_VALUE;
        }
        return seconds * 1_000_000_000L + Integer.toUnsignedLong(number32(told, at + 8));
    }

    /** Both kinds of machine put the lowest octet first. */
    private static int number16(byte[] bytes, int at) {
        return (bytes[at] & 0xff) | (bytes[at + 1] & 0xff) << 8;
    }

    private static int number32(byte[] bytes, int at) {
        return number16(bytes, at) | number16(bytes, at + 2) << 16;
    }

    private static long number64(byte[] bytes, int at) {
        return Integer.toUnsignedLong(number32(bytes, at)) | (long) number32(bytes, at + 4) << 32;
    }

    @Override
    public void close() {
        libc.close();
    }
}
