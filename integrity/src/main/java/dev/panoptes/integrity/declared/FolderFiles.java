package dev.panoptes.integrity.declared;

import dev.panoptes.code.library.Table;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The files of a folder of the tree and of those below it, without what is hidden, installed, built or only for tests. Bounded, and each
 * folder is listed once. Safe for use by several threads.
 */
final class FolderFiles {
    private static final int MOST = 3_000;
    private static final int DEEPEST = 16;
    private static final Set<String> SKIPPED = Table.files().words("skipped");
    private static final Set<String> TESTS = Table.files().words("tests");

    private final Path root;
    private final Map<String, Optional<List<String>>> known = new ConcurrentHashMap<>();

    FolderFiles(Path root) {
        this.root = root;
    }

    /** Paths below the folder, sorted; empty where there are too many, or not all can be looked at. */
    Optional<List<String>> of(String folder) {
        return known.computeIfAbsent(folder, this::list);
    }

    private Optional<List<String>> list(String folder) {
        Path top = root.resolve(folder);
        List<String> found = new ArrayList<>();
        boolean[] incomplete = {false};
        try {
            Files.walkFileTree(top, Set.of(), DEEPEST, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes attributes) {
                    String name = String.valueOf(each.getFileName());
                    boolean left = name.startsWith(".") || SKIPPED.contains(name) || TESTS.contains(name);
                    return left && !each.equals(top) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (attributes.isRegularFile()) {
                        found.add(top.relativize(file).toString());
                    }
                    incomplete[0] |= attributes.isDirectory() || found.size() > MOST;
                    return incomplete[0] ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException exc) {
                    incomplete[0] = true;
                    return FileVisitResult.TERMINATE;
                }
            });
        } catch (IOException e) {
            return Optional.empty();
        }
        Collections.sort(found);
        return incomplete[0] ? Optional.empty() : Optional.of(List.copyOf(found));
    }
}
