package dev.panoptes.code;

import dev.panoptes.code.Code.ProgramLookup;
import dev.panoptes.code.KeptForm.Content;
import dev.panoptes.core.ContentDigest;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What was read and followed of a tree, kept in a file until something changes at a place that was looked at for it. It is
 * whole or it is not used: one change anywhere, and all is read anew. A file that is damaged, of another build or cannot be
 * read counts as none; one that cannot be written leaves things as they are. Safe for several threads.
 *
 * <p>The file: CRC-32C of the rest (4 bytes), the rest as {@link KeptForm} has it. Of what launchers pass to programs only a
 * digest is in it.
 */
final class KeptCode {
    private static final long LARGEST_BYTES = 32L << 20;
    private static final int HEAD_BYTES = 4;

    private final @Nullable Path path;
    private final String key;
    private final @Nullable Looks looks;
    private final @Nullable Content content;
    private final Map<String, ProgramLookup> programs = new ConcurrentHashMap<>();
    private final Map<String, Optional<Bind>> settings = new ConcurrentHashMap<>();
    private volatile boolean changed;

    private KeptCode(@Nullable Path path, String key, @Nullable Looks looks, @Nullable Content content) {
        this.path = path;
        this.key = key;
        this.looks = looks;
        this.content = content;
        this.changed = content == null;
        if (content != null) {
            programs.putAll(content.programs());
            settings.putAll(content.settings());
        }
    }

    /** Keeps nothing. */
    static KeptCode none() {
        return new KeptCode(null, "", null, null);
    }

    /**
     * What was kept, where it still holds.
     *
     * @param path null to keep nothing
     * @param wanted what besides the tree decides what is read
     */
    static KeptCode open(@Nullable Path path, List<String> wanted, ScannedTree tree, InstantSource clock) {
        String build = path == null ? null : Build.identity();
        if (path == null || build == null) {
            return none();
        }
        String key = build + "\0" + tree.root() + "\0" + tree.realRoot() + "\0" + String.join("\0", wanted);
        Content content = read(path, key);
        boolean holds = content != null && Looks.hold(content.looks(), tree);
        return new KeptCode(
                path,
                key,
                new Looks(clock, holds && content != null ? content.looks() : Map.of()),
                holds ? content : null);
    }

    private static @Nullable Content read(Path path, String key) {
        try {
            if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) || Files.size(path) > LARGEST_BYTES) {
                return null;
            }
            byte[] bytes = Files.readAllBytes(path);
            CRC32C crc = new CRC32C();
            if (bytes.length < HEAD_BYTES) {
                return null;
            }
            crc.update(bytes, HEAD_BYTES, bytes.length - HEAD_BYTES);
            ByteBuffer whole = ByteBuffer.wrap(bytes);
            return whole.getInt() == (int) crc.getValue() ? KeptForm.decoded(whole, key) : null;
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException | BufferUnderflowException e) {
            // Unreadable, or damaged in a way that the checksum does not show: all is read, and it is replaced.
            return null;
        }
    }

    /** The same tree; what is looked at in it is noted where it is to be kept. */
    ScannedTree noting(ScannedTree tree) {
        return looks == null ? tree : tree.noting(looks);
    }

    /** Null where it is to be read. */
    @Nullable
    Content content() {
        return content;
    }

    /** What the file gives when it is started like this: as it was kept, else as it is followed now. */
    ProgramLookup program(String rootPath, Start start, Supplier<ProgramLookup> followed) {
        if (looks == null) {
            return followed.get();
        }
        String name = start.equals(Start.PLAIN) ? rootPath : digest(rootPath, "", start);
        ProgramLookup known = programs.get(name);
        if (known != null) {
            return known;
        }
        ProgramLookup found = followed.get();
        programs.put(name, found);
        changed = true;
        return found;
    }

    /** The same of a setting. */
    @Nullable
    Bind setting(String rootPath, String name, Start start, Supplier<@Nullable Bind> followed) {
        if (looks == null) {
            return followed.get();
        }
        String digest = digest(rootPath, name, start);
        Optional<Bind> known = settings.get(digest);
        if (known == null) {
            known = Optional.ofNullable(followed.get());
            settings.put(digest, known);
            changed = true;
        }
        return known.orElse(null);
    }

    /** Something was followed that was not followed to its end. */
    void doubt() {
        if (looks != null) {
            looks.doubt();
        }
    }

    /** Writes it down where something of it is new and all of it is certain. */
    void keep(CodeView.Children children, List<CodeDirectory> directories) {
        Map<String, Looks.Seen> seen = looks == null || !changed ? null : looks.all();
        if (seen == null || path == null) {
            return;
        }
        changed = false;
        byte[] encoded = KeptForm.encoded(
                new Content(key, seen, children, directories, Map.copyOf(programs), Map.copyOf(settings)));
        if (encoded.length > LARGEST_BYTES - HEAD_BYTES) {
            return;
        }
        CRC32C crc = new CRC32C();
        crc.update(encoded);
        ByteBuffer bytes = ByteBuffer.allocate(HEAD_BYTES + encoded.length)
                .putInt((int) crc.getValue())
                .put(encoded);
        try {
            FactStore.rewrite(path, bytes);
        } catch (IOException e) {
            // A full disk or a folder that may not be written to: the next scan reads again.
            changed = true;
        }
    }

    /** Every word with its length, so that two words are not one. */
    private static String digest(String rootPath, String name, Start start) {
        List<String> words = new ArrayList<>(List.of(rootPath, name));
        words.addAll(start.arguments());
        // No argument is this one.
        words.add("\0");
        new TreeMap<>(start.environment()).forEach((variable, value) -> words.addAll(List.of(variable, value)));
        StringBuilder whole = new StringBuilder();
        words.forEach(word -> whole.append(word.length()).append(':').append(word));
        return ContentDigest.sha256(whole.toString().getBytes(StandardCharsets.UTF_8));
    }
}
