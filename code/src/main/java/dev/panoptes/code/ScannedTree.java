package dev.panoptes.code;

import dev.panoptes.core.ContentDigest;
import dev.panoptes.core.IoReason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * The directory tree that a scan reads. Everything in it is hostile: links are followed only while they stay below the root,
 * only regular files are opened, and no more is read than the caller allows. Paths are below the root, {@code /}-separated;
 * the empty path is the root. Safe for use by several threads.
 */
public final class ScannedTree {
    /** What bytes that are not UTF-8 are decoded to. */
    private static final char REPLACED = '\uFFFD';

    private final Path root;
    private final Path real;
    private final @Nullable Looks looks;
    private final @Nullable ReadTexts texts;

    private ScannedTree(Path root, Path real, @Nullable Looks looks, @Nullable ReadTexts texts) {
        this.root = root;
        this.real = real;
        this.looks = looks;
        this.texts = texts;
    }

    /** The same tree, which notes what is looked at. */
    ScannedTree noting(Looks noted) {
        return new ScannedTree(root, real, noted, null);
    }

    /** The same tree, which reads a small file once, for several readers that each look for something else in it. */
    public ScannedTree remembering() {
        return new ScannedTree(root, real, looks, new ReadTexts());
    }

    /** Something of it was read that may be otherwise the next time although nothing has changed. */
    void doubt() {
        if (looks != null) {
            looks.doubt();
        }
    }

    /** @throws IOException where the root is no directory or cannot be resolved */
    public static ScannedTree at(Path root) throws IOException {
        Path absolute = root.toAbsolutePath().normalize();
        Path real = absolute.toRealPath();
        if (!Files.isDirectory(real)) {
            throw new NotDirectoryException(root.toString());
        }
        return new ScannedTree(absolute, real, null, null);
    }

    /** What stands at a path. */
    public sealed interface Place {
        /** @param file links resolved; below the real root */
        record Here(Path file, boolean directory, boolean regular, long sizeBytes) implements Place {}

        /** Nothing: the folder could be looked into. */
        record Absent() implements Place {}

        /** @param reason a clause such as {@code leads out of the scanned tree through a link} */
        record Unclear(String reason) implements Place {}
    }

    /** What reading a file gave. */
    public sealed interface Content {
        /**
         * @param text decoded as UTF-8 without a byte order mark; malformed bytes are replaced
         * @param digest SHA-256 of the bytes, lower-case hex
         */
        record Text(String text, String digest) implements Content {
            /** The first line, counted from 1, that is no comment and holds bytes that are not UTF-8; 0 for none. */
            public int damagedLine() {
                if (text.indexOf(REPLACED) < 0) {
                    return 0;
                }
                int number = 0;
                for (String line : (Iterable<String>) text.lines()::iterator) {
                    number++;
                    int hash = line.indexOf('#');
                    int at = line.indexOf(REPLACED);
                    if (at >= 0
                            && (hash < 0 || at < hash)
                            && !line.stripLeading().startsWith(";")) {
                        return number;
                    }
                }
                return 0;
            }
        }

        record Absent() implements Content {}

        /** @param reason a clause such as {@code is larger than 1 MiB} */
        record Unreadable(String reason) implements Content {}
    }

    /** Absolute and normalized, links not resolved. */
    public Path root() {
        return root;
    }

    /** The root with links resolved. */
    public Path realRoot() {
        return real;
    }

    /** The path below the root of a resolved path that is there; {@code ""} for the root. */
    public String rootPath(Path resolved) {
        return real.relativize(resolved).toString();
    }

    public Place look(String rootPath) {
        if (looks == null) {
            return look(rootPath, null);
        }
        Place place = look(rootPath, looks);
        switch (place) {
            case Place.Here _ -> {}
            case Place.Absent _ -> looks.gone(rootPath, real);
            case Place.Unclear(String reason) -> looks.refused(rootPath, reason);
        }
        return place;
    }

    private Place look(String rootPath, @Nullable Looks noted) {
        Path wanted;
        try {
            wanted = real.resolve(rootPath.startsWith("/") ? rootPath.substring(1) : rootPath)
                    .normalize();
        } catch (InvalidPathException e) {
            return new Place.Unclear("is no valid path here");
        }
        if (!wanted.startsWith(real)) {
            return new Place.Unclear("leads out of the scanned tree");
        }
        try {
            Path resolved = wanted.toRealPath();
            if (!resolved.startsWith(real)) {
                return new Place.Unclear("leads out of the scanned tree through a link");
            }
            if (noted != null) {
                Looks.Stamp stamp = Looks.Stamp.of(resolved);
                noted.there(rootPath, rootPath(resolved), stamp);
                return new Place.Here(resolved, stamp.directory(), stamp.regular(), stamp.size());
            }
            BasicFileAttributes attributes =
                    Files.readAttributes(resolved, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return new Place.Here(resolved, attributes.isDirectory(), attributes.isRegularFile(), attributes.size());
        } catch (NoSuchFileException | NotDirectoryException e) {
            return leavesByLink(wanted)
                    ? new Place.Unclear("is a link that leads out of the scanned tree")
                    : new Place.Absent();
        } catch (AccessDeniedException e) {
            doubt();
            return new Place.Unclear("cannot be looked at: permission denied");
        } catch (IOException e) {
            // ENOTDIR has no class of its own in every JDK: a file where a folder was expected holds nothing.
            if (hasFileAbove(wanted)) {
                return new Place.Absent();
            }
            doubt();
            return new Place.Unclear("cannot be looked at: " + IoReason.of(e));
        }
    }

    /** Reads a regular file of at most {@code limitBytes}. */
    public Content read(String rootPath, int limitBytes) {
        Content.Text known = texts == null ? null : texts.get(rootPath, limitBytes);
        if (known != null) {
            return known;
        }
        Content content = readAnew(rootPath, limitBytes);
        if (texts != null && content instanceof Content.Text text) {
            texts.put(rootPath, text);
        }
        return content;
    }

    private Content readAnew(String rootPath, int limitBytes) {
        return switch (look(rootPath)) {
            case Place.Absent absent -> new Content.Absent();
            case Place.Unclear(String reason) -> new Content.Unreadable(reason);
            case Place.Here(Path file, boolean directory, boolean regular, long size) -> {
                if (!regular) {
                    yield new Content.Unreadable(directory ? "is a directory" : "is no regular file");
                }
                yield size > limitBytes ? tooLarge(limitBytes) : read(file, limitBytes);
            }
        };
    }

    private Content read(Path file, int limitBytes) {
        byte[] bytes;
        try {
            bytes = bytes(file, limitBytes + 1);
        } catch (NoSuchFileException e) {
            doubt();
            return new Content.Absent();
        } catch (IOException e) {
            doubt();
            return new Content.Unreadable("cannot be read: " + IoReason.of(e));
        }
        if (bytes.length > limitBytes) {
            return tooLarge(limitBytes);
        }
        for (byte each : bytes) {
            if (each == 0) {
                return new Content.Unreadable("is a binary file");
            }
        }
        return new Content.Text(decoded(bytes), ContentDigest.sha256(bytes));
    }

    /** As UTF-8, without a byte order mark. */
    private static String decoded(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /** The text of a regular file of at most {@code limitBytes}, without its digest; null where it cannot be read as such. */
    public @Nullable String text(String rootPath, int limitBytes) {
        Content.Text known = texts == null ? null : texts.get(rootPath, limitBytes);
        if (known != null) {
            return known.text();
        }
        if (!(look(rootPath) instanceof Place.Here(Path file, boolean directory, boolean regular, long size))
                || !regular
                || size > limitBytes) {
            return null;
        }
        try {
            String text = decoded(bytes(file, limitBytes));
            return text.indexOf('\0') >= 0 ? null : text;
        } catch (IOException e) {
            doubt();
            return null;
        }
    }

    /** The first bytes of a file. */
    static byte[] bytes(Path file, int mostBytes) throws IOException {
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            return in.readNBytes(mostBytes);
        }
    }

    private static Content tooLarge(int limitBytes) {
        return new Content.Unreadable("is larger than " + limitBytes / 1024 + " KiB");
    }

    /** True where a dangling link on the way points out of the root: what it points to may exist where it is deployed. */
    private boolean leavesByLink(Path wanted) {
        Path at = real;
        for (Path component : real.relativize(wanted)) {
            at = at.resolve(component);
            if (Files.isSymbolicLink(at)) {
                try {
                    Path target = at.resolveSibling(Files.readSymbolicLink(at)).normalize();
                    if (!target.startsWith(real)) {
                        return true;
                    }
                } catch (IOException e) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean hasFileAbove(Path wanted) {
        for (Path above = wanted.getParent(); above != null && !above.equals(real); above = above.getParent()) {
            if (Files.isRegularFile(above)) {
                return true;
            }
        }
        return false;
    }
}
