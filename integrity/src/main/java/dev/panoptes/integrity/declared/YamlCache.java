package dev.panoptes.integrity.declared;

import dev.panoptes.core.PrivateFolder;
import dev.panoptes.core.yaml.Problem;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what YAML files say between scans, one file per scanned root, never in the scanned tree: parsing YAML is the dearest part
 * of reading declarations. Entries are found by the digest of a file's content and count for one version of the reader only;
 * damaged ones are ignored, and those of files that are gone are dropped. Where the folder is somebody else's or open to others,
 * nothing is kept. For one thread.
 *
 * <p>An entry: length of the rest (4 bytes), CRC-32C of the rest (4), digest (32), the encoded documents.
 */
final class YamlCache {
    /** To be raised with every change of what {@link YamlDocuments} or {@link YamlCodec} make of a text. */
    private static final int VERSION = 1;

    private static final int HEAD_BYTES = 8;
    private static final int DIGEST_BYTES = 32;
    private static final long LARGEST_BYTES = 32L << 20;

    private final @Nullable Path path;
    private final Map<String, byte[]> kept;
    private final Map<String, byte[]> used = new LinkedHashMap<>();
    private boolean changed;

    private YamlCache(@Nullable Path path, Map<String, byte[]> kept) {
        this.path = path;
        this.kept = kept;
    }

    /** Keeps nothing. */
    static YamlCache none() {
        return new YamlCache(null, Map.of());
    }

    /**
     * What was kept of one scanned root.
     *
     * @param folder made where there is none; null to keep nothing
     */
    static YamlCache of(@Nullable Path folder, Path root) {
        if (folder == null || !PrivateFolder.usable(folder)) {
            return none();
        }
        CRC32C crc = new CRC32C();
        crc.update(root.toString().getBytes(StandardCharsets.UTF_8));
        Path path = folder.resolve("yaml-" + VERSION + "-" + Long.toHexString(crc.getValue()) + ".facts");
        Map<String, byte[]> kept = new HashMap<>();
        try {
            if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) && Files.size(path) <= LARGEST_BYTES) {
                read(ByteBuffer.wrap(Files.readAllBytes(path)), kept);
            }
        } catch (IOException e) {
            // As if there were none; it is replaced when something is kept.
            kept.clear();
        }
        return new YamlCache(path, kept);
    }

    private static void read(ByteBuffer bytes, Map<String, byte[]> into) {
        while (bytes.remaining() >= HEAD_BYTES) {
            int length = bytes.getInt();
            int sum = bytes.getInt();
            if (length < DIGEST_BYTES || length > bytes.remaining()) {
                return;
            }
            byte[] entry = new byte[length];
            bytes.get(entry);
            CRC32C crc = new CRC32C();
            crc.update(entry);
            if ((int) crc.getValue() == sum) {
                into.put(HexFormat.of().formatHex(entry, 0, DIGEST_BYTES), entry);
            }
        }
    }

    /** As {@link YamlDocuments#parse}; the text is parsed only where it was not kept. */
    List<YamlNode> parse(String file, String text, String digest, List<Problem> problems) {
        byte[] entry = kept.get(digest);
        if (entry != null) {
            try {
                YamlCodec.Documents documents =
                        YamlCodec.decoded(ByteBuffer.wrap(entry, DIGEST_BYTES, entry.length - DIGEST_BYTES), file);
                used.put(digest, entry);
                problems.addAll(documents.problems());
                return documents.roots();
            } catch (IllegalArgumentException | IndexOutOfBoundsException | BufferUnderflowException e) {
                // Damaged in a way that the checksum does not show: it is parsed again.
                kept.remove(digest);
            }
        }
        List<Problem> own = new ArrayList<>();
        List<YamlNode> roots = YamlDocuments.parse(file, text, own);
        problems.addAll(own);
        byte[] encoded = path == null || used.containsKey(digest) ? null : YamlCodec.encoded(roots, own);
        if (encoded != null) {
            used.put(
                    digest,
                    ByteBuffer.allocate(DIGEST_BYTES + encoded.length)
                            .put(HexFormat.of().parseHex(digest))
                            .put(encoded)
                            .array());
            changed = true;
        }
        return roots;
    }

    /** Writes down what this scan used, where some of it is new. */
    void flush() {
        long size = used.values().stream()
                .mapToLong(entry -> HEAD_BYTES + entry.length)
                .sum();
        Path folder = path == null ? null : path.getParent();
        if (!changed || path == null || folder == null || size > LARGEST_BYTES) {
            return;
        }
        ByteBuffer bytes = ByteBuffer.allocate((int) size);
        for (byte[] entry : used.values()) {
            CRC32C crc = new CRC32C();
            crc.update(entry);
            bytes.putInt(entry.length).putInt((int) crc.getValue()).put(entry);
        }
        try {
            Path fresh = Files.createTempFile(folder, "yaml-", ".new");
            try {
                Files.write(fresh, bytes.array());
                Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(fresh);
            }
        } catch (IOException e) {
            // A full disk or a folder that may not be written to: the next scan parses again.
            changed = false;
        }
        changed = false;
    }
}
