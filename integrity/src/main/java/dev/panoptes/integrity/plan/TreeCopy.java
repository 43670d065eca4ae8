package dev.panoptes.integrity.plan;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A copy of the scanned tree in a folder that only its user can enter, on which a plan is tried. What no reader of declarations opens is
 * there by name only: files beyond 4 MiB are empty, installed packages are links. Gone when closed.
 */
final class TreeCopy implements AutoCloseable {
    private static final long LARGEST_FILE_BYTES = 4 << 20;
    private static final long LARGEST_TREE_BYTES = 512L << 20;
    private static final int MOST_FILES = 50_000;
    private static final Set<String> INSTALLED = Set.of("node_modules", "venv", ".venv", "__pycache__");

    private final Path original;
    private final Path folder;
    private final Path root;
    private Set<String> touched = Set.of();

    private TreeCopy(Path original, Path folder) {
        this.original = original;
        this.folder = folder;
        // The folder's own name may tell something: that of a checkout is the default of a compose project.
        Path name = original.getFileName();
        this.root = folder.resolve(name == null ? "root" : name.toString());
    }

    /** @throws IOException where it cannot be copied, or is too large for that */
    static TreeCopy of(Path original) throws IOException {
        Path folder = Files.createTempDirectory(
                "panoptes-plan", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        TreeCopy copy = new TreeCopy(original.toAbsolutePath().normalize(), folder);
        try {
            copy.fill();
            return copy;
        } catch (IOException | RuntimeException e) {
            copy.close();
            throw e;
        }
    }

    /** Where the root's copy lies. */
    Path root() {
        return root;
    }

    /** Where something below the original root lies in the copy; itself where it lies elsewhere. */
    Path moved(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        return absolute.startsWith(original) ? root.resolve(original.relativize(absolute)) : absolute;
    }

    /**
     * Makes the copy what a plan would make of the tree.
     *
     * @param changed text by path below the root; empty for a file that is deleted. What is no longer in it is as it was
     */
    void bring(Map<String, Optional<String>> changed) throws IOException {
        Set<String> now = new LinkedHashSet<>(changed.keySet());
        for (String path : touched) {
            if (!now.contains(path)) {
                Files.deleteIfExists(root.resolve(path));
                Path source = original.resolve(path);
                if (Files.isRegularFile(source, LinkOption.NOFOLLOW_LINKS)) {
                    Files.copy(source, root.resolve(path));
                }
            }
        }
        for (Map.Entry<String, Optional<String>> change : changed.entrySet()) {
            Path file = root.resolve(change.getKey()).normalize();
            if (!file.startsWith(root)) {
                throw new IOException(change.getKey() + " leads out of the tree");
            }
            if (change.getValue().isEmpty()) {
                Files.deleteIfExists(file);
            } else {
                Files.createDirectories(file.getParent());
                Files.write(file, change.getValue().get().getBytes(StandardCharsets.UTF_8));
            }
        }
        touched = now;
    }

    private void fill() throws IOException {
        Files.walkFileTree(original, new SimpleFileVisitor<>() {
            private long bytes;
            private int files;

            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                String name = String.valueOf(directory.getFileName());
                Path target = moved(directory);
                if (name.equals(".git")) {
                    Files.createDirectories(target);
                    return FileVisitResult.SKIP_SUBTREE;
                }
                if (INSTALLED.contains(name) && !directory.equals(original)) {
                    Files.createSymbolicLink(target, directory);
                    return FileVisitResult.SKIP_SUBTREE;
                }
                Files.createDirectories(target);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (++files > MOST_FILES) {
                    throw new IOException("the tree holds more than " + MOST_FILES + " files");
                }
                Path target = moved(file);
                if (attributes.isSymbolicLink()) {
                    Files.createSymbolicLink(target, Files.readSymbolicLink(file));
                } else if (attributes.isRegularFile()) {
                    if (attributes.size() > LARGEST_FILE_BYTES) {
                        Files.createFile(target);
                        return FileVisitResult.CONTINUE;
                    }
                    bytes += attributes.size();
                    if (bytes > LARGEST_TREE_BYTES) {
                        throw new IOException("the tree is larger than 512 MiB");
                    }
                    Files.copy(file, target);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                // What this user cannot read no scan of theirs reads either.
                return FileVisitResult.CONTINUE;
            }
        });
    }

    @Override
    public void close() {
        try (Stream<Path> found = Files.walk(folder)) {
            List<Path> deepestFirst = found.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the copy " + folder + " could not be removed", e);
        }
    }
}
