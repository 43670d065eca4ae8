package dev.panoptes.integrity.plan;

import dev.panoptes.integrity.declared.ScanRoot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which files Git knows, as its index says (gitformat-index(5), versions 2 to 4 with SHA-1). A patch may delete only what Git can bring
 * back, and its paths begin at the top of the work tree.
 */
final class GitFiles {
    private static final long LARGEST_INDEX_BYTES = 64L << 20;
    private static final int ENTRY_HEAD = 62;
    private static final int SHA_AT = 40;
    private static final int SHA_BYTES = 20;
    private static final int EXTENDED = 0x4000;

    private final @Nullable Path top;
    private final Map<String, String> blobs;

    private GitFiles(@Nullable Path top, Map<String, String> blobs) {
        this.top = top;
        this.blobs = Map.copyOf(blobs);
    }

    /** Of the work tree that holds this folder; one that knows no file where there is none, or its index cannot be read. */
    static GitFiles of(Path folder) {
        Path top = ScanRoot.repository(folder.toAbsolutePath().normalize());
        return top == null ? new GitFiles(null, Map.of()) : new GitFiles(top, read(index(top, top.resolve(".git"))));
    }

    /** The top of the work tree; null where there is none. */
    @Nullable
    Path top() {
        return top;
    }

    /** True where Git holds exactly this content of the file, so that it can bring it back. */
    boolean holds(Path file, byte[] content) {
        if (top == null) {
            return false;
        }
        Path absolute = file.toAbsolutePath().normalize();
        String path = absolute.startsWith(top) ? top.relativize(absolute).toString() : "";
        String known = blobs.get(path);
        return known != null && known.equals(blob(content));
    }

    private static @Nullable Path index(Path top, Path git) {
        if (Files.isDirectory(git, LinkOption.NOFOLLOW_LINKS)) {
            return git.resolve("index");
        }
        // Of a linked work tree: one line that names its own folder (gitrepository-layout(5)).
        try {
            if (Files.isRegularFile(git, LinkOption.NOFOLLOW_LINKS) && Files.size(git) < 4_096) {
                String line = Files.readString(git, StandardCharsets.UTF_8).strip();
                return line.startsWith("gitdir: ")
                        ? top.resolve(line.substring("gitdir: ".length())).resolve("index")
                        : null;
            }
        } catch (IOException e) {
            return null;
        }
        return null;
    }

    private static Map<String, String> read(@Nullable Path index) {
        try {
            if (index == null
                    || !Files.isRegularFile(index, LinkOption.NOFOLLOW_LINKS)
                    || Files.size(index) > LARGEST_INDEX_BYTES) {
                return Map.of();
            }
            return parse(ByteBuffer.wrap(Files.readAllBytes(index)));
        } catch (IOException
                | IllegalArgumentException
                | IndexOutOfBoundsException
                | NegativeArraySizeException
                | java.nio.BufferUnderflowException e) {
            // What Git knows is not known: nothing is taken for its.
            return Map.of();
        }
    }

    private static Map<String, String> parse(ByteBuffer bytes) {
        if (bytes.getInt() != 0x44495243) {
            throw new IllegalArgumentException("no index");
        }
        int version = bytes.getInt();
        int count = bytes.getInt();
        if (version < 2 || version > 4) {
            throw new IllegalArgumentException("another version");
        }
        Map<String, String> blobs = new HashMap<>();
        byte[] name = new byte[0];
        for (int i = 0; i < count; i++) {
            int start = bytes.position();
            byte[] sha = new byte[SHA_BYTES];
            bytes.get(start + SHA_AT, sha);
            int flags = bytes.getShort(start + SHA_AT + SHA_BYTES);
            bytes.position(start + ENTRY_HEAD + ((flags & EXTENDED) != 0 ? 2 : 0));
            int kept = version == 4 ? name.length - offset(bytes) : 0;
            int from = bytes.position();
            int end = from;
            while (bytes.get(end) != 0) {
                end++;
            }
            byte[] next = Arrays.copyOf(name, Math.max(kept, 0) + end - from);
            bytes.get(from, next, Math.max(kept, 0), end - from);
            name = next;
            // Before version 4 entries are padded with 1 to 8 NULs to a multiple of eight bytes.
            bytes.position(version == 4 ? end + 1 : start + ((end - start + 8) & ~7));
            blobs.put(new String(name, StandardCharsets.UTF_8), HexFormat.of().formatHex(sha));
        }
        return blobs;
    }

    /** A number as pack files write offsets. */
    private static int offset(ByteBuffer bytes) {
        int next = bytes.get();
        int value = next & 127;
        while ((next & 128) != 0) {
            next = bytes.get();
            value = ((value + 1) << 7) | (next & 127);
        }
        return value;
    }

    private static String blob(byte[] content) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            digest.update(("blob " + content.length + "\0").getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }
}
