package dev.panoptes.sensors.fileintegrity;

import dev.panoptes.core.host.DirectoryLook;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One file as it was. Times are nanoseconds since 1970.
 *
 * @param type file, dir, symlink or other
 * @param mode the lower twelve bits
 * @param target of a link; null for anything else
 * @param sha256 lower-case hex; null for what is no regular file, or could not be read
 * @param capabilities the attribute {@code security.capability} in hex; null where it has none
 */
record FileRecord(
        String path,
        String type,
        long size,
        long mtime,
        long ctime,
        int mode,
        int uid,
        int gid,
        long inode,
        @Nullable String target,
        @Nullable String sha256,
        @Nullable String capabilities) {
    private static final char SEPARATOR = '\t';
    private static final int PARTS = 12;

    /** Whether nothing can have changed: the kernel sets the change time, and nobody can set it back. */
    boolean sameAsOf(FileRecord before) {
        return ctime == before.ctime
                && mtime == before.mtime
                && size == before.size
                && inode == before.inode
                && mode == before.mode
                && uid == before.uid
                && gid == before.gid
                && type.equals(before.type);
    }

    /** The same of what the kernel says of an entry of a directory. */
    boolean isSameAs(DirectoryLook look) {
        return ctime == look.changed()
                && inode == look.inode()
                && mtime == look.modified()
                && size == look.size()
                && mode == (look.mode() & 07777)
                && uid == look.uid()
                && gid == look.gid()
                && type.equals(type(look.mode()));
    }

    /** The type that is a part of the mode (inode(7)). */
    static String type(int mode) {
        return switch (mode & 0170000) {
            case 0100000 -> "file";
            case 0040000 -> "dir";
            case 0120000 -> "symlink";
            default -> "other";
        };
    }

    FileRecord with(@Nullable String digest, @Nullable String caps) {
        return new FileRecord(path, type, size, mtime, ctime, mode, uid, gid, inode, target, digest, caps);
    }

    FileRecord at(String other) {
        return new FileRecord(other, type, size, mtime, ctime, mode, uid, gid, inode, target, sha256, capabilities);
    }

    /** What differs, by the names of {@code file.changed}; a change time alone is no difference. */
    List<String> changed(FileRecord before) {
        List<String> changed = new ArrayList<>();
        // A content that could not be read is not known to be another.
        boolean content = (sha256 != null && before.sha256 != null && !sha256.equals(before.sha256))
                || !java.util.Objects.equals(target, before.target)
                || !type.equals(before.type);
        add(changed, "content", content);
        add(changed, "size", size != before.size && !type.equals("dir"));
        add(changed, "mode", mode != before.mode);
        add(changed, "owner", uid != before.uid);
        add(changed, "group", gid != before.gid);
        add(changed, "capabilities", !java.util.Objects.equals(capabilities, before.capabilities));
        // A directory's time tells only that its entries changed, which are told themselves.
        add(changed, "mtime", mtime != before.mtime && !type.equals("dir"));
        return changed;
    }

    private static void add(List<String> changed, String name, boolean differs) {
        if (differs) {
            changed.add(name);
        }
    }

    /** One line. */
    String line() {
        return String.join(
                String.valueOf(SEPARATOR),
                escaped(path),
                type,
                Long.toString(size),
                Long.toString(mtime),
                Long.toString(ctime),
                Integer.toString(mode),
                Integer.toString(uid),
                Integer.toString(gid),
                Long.toString(inode),
                target == null ? "" : "=" + escaped(target),
                sha256 == null ? "" : sha256,
                capabilities == null ? "" : capabilities);
    }

    /** Null where the line is none of {@link #line}'s. */
    static @Nullable FileRecord parse(String line) {
        String[] parts = new String[PARTS];
        int from = 0;
        for (int i = 0; i < PARTS - 1; i++) {
            int end = line.indexOf(SEPARATOR, from);
            if (end < 0) {
                return null;
            }
            parts[i] = line.substring(from, end);
            from = end + 1;
        }
        if (line.indexOf(SEPARATOR, from) >= 0) {
            return null;
        }
        parts[PARTS - 1] = line.substring(from);
        try {
            return new FileRecord(
                    unescaped(parts[0]),
                    parts[1].intern(),
                    Long.parseLong(parts[2]),
                    Long.parseLong(parts[3]),
                    Long.parseLong(parts[4]),
                    Integer.parseInt(parts[5]),
                    Integer.parseInt(parts[6]),
                    Integer.parseInt(parts[7]),
                    Long.parseLong(parts[8]),
                    parts[9].isEmpty() ? null : unescaped(parts[9].substring(1)),
                    parts[10].isEmpty() ? null : parts[10],
                    parts[11].isEmpty() ? null : parts[11]);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n");
    }

    private static String unescaped(String text) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                char next = text.charAt(++i);
                out.append(next == 't' ? '\t' : next == 'n' ? '\n' : next);
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
