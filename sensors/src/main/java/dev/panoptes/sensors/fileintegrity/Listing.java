package dev.panoptes.sensors.fileintegrity;

import dev.panoptes.core.host.DirectoryLook;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one directory as they were, in the order in which the kernel told them: some hundred octets each, where an
 * object and its texts would be four hundred. Immutable.
 *
 * <p>An entry is its own length, the length of its name, the name in UTF-8, what {@link DirectoryLook#isStatus} compares, and
 * then three parts that each begin with their length, 0 where there is none: a link's target in UTF-8, the digest, the
 * capabilities.
 */
final class Listing {
    static final Listing EMPTY = new Listing(new byte[0], 0);

    private static final int NAME_LENGTH_AT = 4;
    private static final int NAME_AT = 8;
    private static final int MODE_IN_STATUS = 8;
    private static final int PERMISSIONS = 07777;
    private static final long SECOND = 1_000_000_000L;
    private static final Map<String, Integer> TYPES = Map.of("file", 0100000, "dir", 0040000, "symlink", 0120000);

    private final byte[] bytes;
    private final int count;

    /** @param bytes nobody changes them */
    Listing(byte[] bytes, int count) {
        this.bytes = bytes;
        this.count = count;
    }

    byte[] bytes() {
        return bytes;
    }

    int count() {
        return count;
    }

    /** Where the entry behind another one is; the length of all where there is none. */
    int next(int at) {
        return at + number(at);
    }

    /** Where each entry is. */
    void each(IntConsumer entry) {
        for (int at = 0; at < bytes.length; at = next(at)) {
            entry.accept(at);
        }
    }

    String name(int at) {
        return new String(bytes, at + NAME_AT, number(at + NAME_LENGTH_AT), StandardCharsets.UTF_8);
    }

    /** Where the entry of a name is; -1 where there is none. */
    int find(String name) {
        byte[] wanted = name.getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < bytes.length; at = next(at)) {
            int from = at + NAME_AT;
            if (number(at + NAME_LENGTH_AT) == wanted.length
                    && java.util.Arrays.equals(bytes, from, from + wanted.length, wanted, 0, wanted.length)) {
                return at;
            }
        }
        return -1;
    }

    boolean isName(int at, DirectoryLook look) {
        return look.isName(bytes, at + NAME_AT, number(at + NAME_LENGTH_AT));
    }

    /** Whether nothing can have changed of an entry: see {@link FileRecord#sameAsOf}. */
    boolean isSame(int at, DirectoryLook look) {
        return look.isStatus(bytes, status(at));
    }

    private int status(int at) {
        return at + NAME_AT + number(at + NAME_LENGTH_AT);
    }

    boolean isDirectory(int at) {
        int mode = status(at) + MODE_IN_STATUS + 1; // its upper half
        return (bytes[mode] & 0xf0) == 0x40;
    }

    /** Both kinds of machine that have a look put the lowest octet first. */
    private int number(int at) {
        return (bytes[at] & 0xff) | (bytes[at + 1] & 0xff) << 8 | (bytes[at + 2] & 0xff) << 16 | bytes[at + 3] << 24;
    }

    FileRecord record(int at, String directory) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).position(status(at));
        int uid = in.getInt();
        int gid = in.getInt();
        int mode = in.getShort() & 0xffff;
        long inode = in.getLong();
        long size = in.getLong();
        long changed = in.getLong() * SECOND + in.getInt();
        long modified = in.getLong() * SECOND + in.getInt();
        byte[] target = part(in);
        byte[] digest = part(in);
        byte[] capabilities = part(in);
        return new FileRecord(
                FileSource.below(directory, name(at)),
                FileRecord.type(mode),
                size,
                modified,
                changed,
                mode & PERMISSIONS,
                uid,
                gid,
                inode,
                target == null ? null : new String(target, StandardCharsets.UTF_8),
                digest == null ? null : HexFormat.of().formatHex(digest),
                capabilities == null ? null : HexFormat.of().formatHex(capabilities));
    }

    private static byte @Nullable [] part(ByteBuffer in) {
        int length = in.getInt();
        if (length == 0) {
            return null;
        }
        byte[] part = new byte[length];
        in.get(part);
        return part;
    }

    /** Adds a record as an entry. */
    static void put(FileRecord record, ByteArrayOutputStream out) {
        byte[] name = FileSource.name(record.path()).getBytes(StandardCharsets.UTF_8);
        byte[] target = record.target() == null ? new byte[0] : record.target().getBytes(StandardCharsets.UTF_8);
        byte[] digest = hex(record.sha256());
        byte[] capabilities = hex(record.capabilities());
        int length = NAME_AT
                + name.length
                + DirectoryLook.STATUS
                + target.length
                + digest.length
                + capabilities.length
                + 3 * Integer.BYTES;
        ByteBuffer entry = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        entry.putInt(length).putInt(name.length).put(name);
        entry.putInt(record.uid()).putInt(record.gid());
        entry.putShort((short) (TYPES.getOrDefault(record.type(), 0) | record.mode()));
        entry.putLong(record.inode()).putLong(record.size());
        time(entry, record.ctime());
        time(entry, record.mtime());
        for (byte[] part : List.of(target, digest, capabilities)) {
            entry.putInt(part.length).put(part);
        }
        out.writeBytes(entry.array());
    }

    private static void time(ByteBuffer out, long nanos) {
        out.putLong(Math.floorDiv(nanos, SECOND)).putInt(Math.floorMod(nanos, (int) SECOND));
    }

    private static byte[] hex(@Nullable String text) {
        return text == null ? new byte[0] : HexFormat.of().parseHex(text);
    }

    static Listing of(List<FileRecord> records) {
        if (records.isEmpty()) {
            return EMPTY;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        records.forEach(record -> put(record, out));
        return new Listing(out.toByteArray(), records.size());
    }
}
