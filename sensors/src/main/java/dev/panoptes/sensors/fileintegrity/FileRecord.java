package dev.panoptes.sensors.fileintegrity;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
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
    /** Of a long; nineteen of them are one, or become negative. */
    private static final int MOST_DIGITS = 19;

    private static final List<String> TYPES = List.of("file", "dir", "symlink", "other");

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

    /**
     * Reads one line of UTF-8 that stands in an array; a text is made of what is one, and of nothing else.
     *
     * @return null where the line is not one that was written
     */
    static @Nullable FileRecord parse(byte[] line, int from, int to) {
        int[] starts = new int[PARTS + 1];
        starts[0] = from;
        int parts = 1;
        for (int i = from; i < to; i++) {
            if (line[i] == SEPARATOR) {
                if (parts == PARTS) {
                    return null;
                }
                starts[parts++] = i + 1;
            }
        }
        if (parts != PARTS) {
            return null;
        }
        starts[PARTS] = to + 1;
        String type = type(line, starts[1], starts[2] - 1);
        try {
            return type == null
                    ? null
                    : new FileRecord(
                            unescaped(text(line, starts, 0)),
                            type,
                            number(line, starts, 2),
                            number(line, starts, 3),
                            number(line, starts, 4),
                            Math.toIntExact(number(line, starts, 5)),
                            Math.toIntExact(number(line, starts, 6)),
                            Math.toIntExact(number(line, starts, 7)),
                            number(line, starts, 8),
                            isEmpty(starts, 9)
                                    ? null
                                    : unescaped(text(line, starts, 9).substring(1)),
                            isEmpty(starts, 10) ? null : hex(text(line, starts, 10)),
                            isEmpty(starts, 11) ? null : hex(text(line, starts, 11)));
        } catch (IllegalArgumentException | ArithmeticException e) {
            return null;
        }
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(HexFormat.of().parseHex(text));
    }

    private static boolean isEmpty(int[] starts, int part) {
        return starts[part + 1] - 1 == starts[part];
    }

    private static String text(byte[] line, int[] starts, int part) {
        return new String(line, starts[part], starts[part + 1] - 1 - starts[part], StandardCharsets.UTF_8);
    }

    private static @Nullable String type(byte[] line, int from, int to) {
        for (String type : TYPES) {
            int same = 0;
            while (same < type.length() && from + same < to && line[from + same] == type.charAt(same)) {
                same++;
            }
            if (same == type.length() && from + same == to) {
                return type;
            }
        }
        return null;
    }

    /** A whole number in decimal digits. @throws ArithmeticException where it is none that a long holds */
    private static long number(byte[] line, int[] starts, int part) {
        int to = starts[part + 1] - 1;
        int at = starts[part];
        boolean negative = at < to && line[at] == '-';
        at += negative ? 1 : 0;
        if (at == to || to - at > MOST_DIGITS) {
            throw new ArithmeticException("no number");
        }
        long value = 0;
        for (; at < to; at++) {
            int digit = line[at] - '0';
            if (digit < 0 || digit > 9) {
                throw new ArithmeticException("no digit");
            }
            value = value * 10 + digit;
        }
        if (value < 0) {
            throw new ArithmeticException("too large");
        }
        return negative ? -value : value;
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
