package dev.panoptes.code;

import dev.panoptes.code.syntax.SourceText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What is known of files by their digest, from earlier scans and from this one, kept in a file; one without a file keeps nothing. Safe for
 * several threads. New entries are appended in one write, so that several scans may share it; once most of it is stale it is
 * written anew. An entry: length of the rest (4 bytes), CRC-32C of the rest (4), digest (32), language (1), eager (1), starts
 * (1), parsed (1), the encoded text.
 */
final class FactStore {
    private static final int HEAD_BYTES = 8;
    private static final int FIXED_BYTES = 36;
    private static final long LARGEST_BYTES = 64L << 20;
    private static final long STALE_BYTES = 4L << 20;
    private static final Language[] LANGUAGES = Language.values();

    private final @Nullable Path path;
    private final Map<String, Fact> facts = new HashMap<>();
    private final Set<String> added = new HashSet<>();
    private final Set<String> used = new HashSet<>();
    private long readBytes;
    private boolean read;

    /** @param encoded null where the file was looked at and not parsed */
    private record Fact(String key, Language language, WordScan scan, byte @Nullable [] encoded) {}

    private FactStore(@Nullable Path path) {
        this.path = path;
    }

    /** Keeps nothing. */
    static FactStore none() {
        return new FactStore(null);
    }

    /** The file is read when it is first asked. */
    static FactStore open(Path path) {
        return new FactStore(path);
    }

    private void read() {
        if (read || path == null) {
            return;
        }
        read = true;
        try {
            if (Files.size(path) <= LARGEST_BYTES && !Files.isSymbolicLink(path)) {
                read(ByteBuffer.wrap(Files.readAllBytes(path)));
            }
        } catch (NoSuchFileException e) {
            readBytes = 0;
        } catch (IOException e) {
            // Unreadable: as if there were none; it is replaced when something is kept.
            readBytes = STALE_BYTES;
        }
    }

    private void read(ByteBuffer bytes) {
        readBytes = bytes.remaining();
        while (bytes.remaining() >= HEAD_BYTES) {
            int length = bytes.getInt();
            int sum = bytes.getInt();
            if (length < FIXED_BYTES || length > bytes.remaining()) {
                return;
            }
            byte[] entry = new byte[length];
            bytes.get(entry);
            CRC32C crc = new CRC32C();
            crc.update(entry);
            if ((int) crc.getValue() != sum || entry[32] < 0 || entry[32] >= LANGUAGES.length) {
                continue;
            }
            String digest = HexFormat.of().formatHex(entry, 0, 32);
            Language language = LANGUAGES[entry[32]];
            WordScan scan = new WordScan(entry[33] == 1, entry[34] == 1);
            byte[] encoded = entry[35] == 1 ? Arrays.copyOfRange(entry, FIXED_BYTES, length) : null;
            Fact fact = new Fact(key(digest, language), language, scan, encoded);
            Fact known = facts.get(fact.key());
            if (known == null || encoded != null) {
                facts.put(fact.key(), fact);
            }
        }
    }

    private static String key(String digest, Language language) {
        return digest + language.ordinal();
    }

    /** Null where nothing is known. */
    synchronized @Nullable WordScan scan(String digest, Language language) {
        read();
        Fact fact = facts.get(key(digest, language));
        if (fact == null) {
            return null;
        }
        used.add(fact.key());
        return fact.scan();
    }

    /** The file, parsed; null where it never was. */
    @Nullable
    SourceText text(String digest, Language language) {
        Fact fact;
        synchronized (this) {
            read();
            fact = facts.get(key(digest, language));
        }
        if (fact == null || fact.encoded() == null) {
            return null;
        }
        try {
            SourceText text = SourceText.decoded(fact.encoded());
            return text.language() == language ? text : null;
        } catch (IOException | IllegalArgumentException e) {
            // Damaged in a way that the checksum does not show: the file is parsed again.
            return null;
        }
    }

    /** The file was looked at; it may not be parsed at all. */
    synchronized void scanned(String digest, Language language, WordScan scan) {
        if (path != null) {
            add(new Fact(key(digest, language), language, scan, null));
        }
    }

    void parsed(String digest, WordScan scan, SourceText text) {
        if (path == null) {
            return;
        }
        byte[] encoded = text.encoded();
        synchronized (this) {
            add(new Fact(key(digest, text.language()), text.language(), scan, encoded));
        }
    }

    private void add(Fact fact) {
        read();
        facts.put(fact.key(), fact);
        used.add(fact.key());
        added.add(fact.key());
    }

    /** Writes down what is new. */
    synchronized void flush() {
        if (added.isEmpty() || path == null) {
            return;
        }
        try {
            long live = known(used).stream().mapToLong(FactStore::size).sum();
            boolean anew = readBytes > 3 * live + STALE_BYTES;
            ByteBuffer bytes = bytes(known(anew ? used : added));
            readBytes = bytes.remaining() + (anew ? 0 : readBytes);
            if (anew) {
                rewrite(path, bytes);
            } else {
                append(path, bytes);
            }
        } catch (IOException e) {
            // A full disk or a folder that may not be written to: the next scan parses again.
            readBytes = 0;
        }
        added.clear();
    }

    private List<Fact> known(Set<String> keys) {
        return keys.stream().flatMap(key -> Stream.ofNullable(facts.get(key))).toList();
    }

    private static void append(Path path, ByteBuffer bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(
                path,
                Set.of(
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.APPEND,
                        LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
    }

    /** Puts a file with all these bytes in place of the one that is there. */
    static void rewrite(Path path, ByteBuffer bytes) throws IOException {
        Path fresh = Files.createTempFile(path.toAbsolutePath().getParent(), "code-", ".new");
        try {
            Files.write(fresh, bytes.array());
            Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private static int size(Fact fact) {
        return HEAD_BYTES + FIXED_BYTES + (fact.encoded() == null ? 0 : fact.encoded().length);
    }

    private static ByteBuffer bytes(Collection<Fact> facts) {
        ByteBuffer bytes =
                ByteBuffer.allocate(facts.stream().mapToInt(FactStore::size).sum());
        for (Fact fact : facts) {
            byte[] encoded = fact.encoded() == null ? new byte[0] : fact.encoded();
            ByteBuffer entry = ByteBuffer.allocate(FIXED_BYTES + encoded.length);
            entry.put(HexFormat.of().parseHex(fact.key(), 0, 64));
            entry.put((byte) fact.language().ordinal());
            entry.put((byte) (fact.scan().eager() ? 1 : 0));
            entry.put((byte) (fact.scan().starts() ? 1 : 0));
            entry.put((byte) (fact.encoded() == null ? 0 : 1));
            entry.put(encoded);
            CRC32C crc = new CRC32C();
            crc.update(entry.array());
            bytes.putInt(entry.capacity());
            bytes.putInt((int) crc.getValue());
            bytes.put(entry.array());
        }
        return bytes.flip();
    }
}
