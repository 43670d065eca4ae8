package dev.panoptes.integrity.declared.code;

import dev.panoptes.integrity.declared.Language;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The source files below one root. Links are followed only while they stay below it. Safe for several threads. */
final class SourceTree {
    static final int LARGEST = 1 << 20;
    private static final int LOOKED_AT = 8_192;

    private final Path root;
    private final Path realRoot;
    private final FactStore facts;
    private final Map<String, Found> files = new ConcurrentHashMap<>();
    private final Map<String, Boolean> folders = new ConcurrentHashMap<>();

    SourceTree(Path root, FactStore facts) throws IOException {
        this.root = root;
        this.realRoot = root.toRealPath();
        this.facts = facts;
    }

    /** What is at a path. */
    sealed interface Found {
        record Source(SourceFile file) implements Found {}

        record Absent() implements Found {}

        /** No source file of a language we read. */
        record Other(String reason) implements Found {}

        record Unreadable(String reason) implements Found {}
    }

    Path root() {
        return root;
    }

    /** @param rootPath below the root, {@code /}-separated, without {@code .} and {@code ..} */
    Found file(String rootPath) {
        Found known = files.get(rootPath);
        if (known != null) {
            return known;
        }
        Found found = read(rootPath);
        Found first = files.putIfAbsent(rootPath, found);
        return first == null ? found : first;
    }

    boolean folder(String rootPath) {
        return folders.computeIfAbsent(rootPath, path -> {
            Path folder = root.resolve(path);
            return Files.isDirectory(folder) && real(folder) != null;
        });
    }

    /** The real path; null where it leaves the root or cannot be told. */
    @Nullable
    Path real(Path path) {
        try {
            Path real = path.toRealPath();
            return real.startsWith(realRoot) ? real : null;
        } catch (IOException e) {
            return null;
        }
    }

    private Found read(String rootPath) {
        Path path = root.resolve(rootPath);
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            if (!attributes.isRegularFile()) {
                return new Found.Other("is no regular file");
            }
            if (real(path) == null) {
                return new Found.Unreadable("is a link that leads out of the tree");
            }
            String name = rootPath.substring(rootPath.lastIndexOf('/') + 1);
            Language language = Languages.of(name);
            if (language == null && name.indexOf('.') >= 0) {
                return new Found.Other("is in no language that is read");
            }
            if (attributes.size() > LARGEST) {
                return language == null
                        ? new Found.Other("is in no language that is read")
                        : new Found.Unreadable("is larger than 1 MiB");
            }
            byte[] source = Files.readAllBytes(path);
            language = language == null ? Languages.ofFirstLine(source) : language;
            if (language == null) {
                return new Found.Other("is in no language that is read");
            }
            for (int i = 0; i < Math.min(source.length, LOOKED_AT); i++) {
                if (source[i] == 0) {
                    return new Found.Unreadable("is binary");
                }
            }
            return new Found.Source(source(path, rootPath, language, source));
        } catch (NoSuchFileException e) {
            return absent(path);
        } catch (AccessDeniedException e) {
            return new Found.Unreadable("may not be read");
        } catch (IOException e) {
            String folder = String.valueOf(e.getMessage());
            return folder.contains("Not a directory") || folder.contains("Too many levels")
                    ? new Found.Absent()
                    : new Found.Unreadable("cannot be read: " + e.getClass().getSimpleName());
        }
    }

    /** A file is known to be absent only where its folder can be listed. */
    private static Found absent(Path path) {
        Path folder = path.getParent();
        return folder == null || !Files.exists(folder) || Files.isReadable(folder)
                ? new Found.Absent()
                : new Found.Unreadable("is in a folder that may not be listed");
    }

    private SourceFile source(Path path, String rootPath, Language language, byte[] source) {
        String digest = digest(source);
        FactStore.Counted counted = facts.counted(digest);
        if (counted == null || counted.language() != language) {
            WordScan scan = WordScan.of(language, source);
            int lines = LineCount.of(language, source);
            counted = new FactStore.Counted(language, lines, scan);
            facts.counted(digest, language, lines, scan);
        }
        return new SourceFile(path, rootPath, language, digest, counted.codeLines(), counted.scan(), facts, source);
    }

    private static String digest(byte[] source) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(source));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
