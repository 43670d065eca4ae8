package dev.panoptes.code;

import dev.panoptes.code.ScannedTree.Place;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Lists the files of one code directory that may be its own source. */
final class FolderWalk {
    private static final int MOST_FILES = 10_000;
    private static final int DEEPEST = 40;
    private static final int LONGEST_PATH = 200;

    private final ScannedTree tree;
    private final List<String> files = new ArrayList<>();
    private final Set<Path> visited = new HashSet<>();
    private @Nullable Path own;
    private @Nullable String incomplete;

    private FolderWalk(ScannedTree tree) {
        this.tree = tree;
    }

    /**
     * @param files below the root, sorted
     * @param incomplete why not all were found; null where all were
     */
    record Listed(List<String> files, @Nullable String incomplete) {}

    static Listed of(ScannedTree tree, String folder) {
        FolderWalk walk = new FolderWalk(tree);
        walk.folder(folder, 0);
        walk.files.sort(null);
        return new Listed(walk.files, walk.incomplete);
    }

    private void folder(String rootPath, int depth) {
        switch (tree.look(rootPath)) {
            case Place.Here here -> {
                if (own == null) {
                    own = here.file();
                }
                if (!here.directory() || !visited.add(here.file())) {
                    return;
                }
                if (here.file().startsWith(own)) {
                    list(here.file(), rootPath, depth);
                } else if (isNeighbour(here.file(), own)) {
                    note(rootPath + " is a link to the code of another directory");
                } else if (!own.startsWith(here.file())) {
                    list(here.file(), rootPath, depth);
                }
            }
            case Place.Unclear unclear -> note(rootPath + " " + unclear.reason());
            case Place.Absent _ -> {}
        }
    }

    /**
     * Of a directory beside this one. Its programs are that one's; what ours import from it is found all the same. A folder
     * that holds this directory is a loop.
     */
    private static boolean isNeighbour(Path folder, Path own) {
        Path beside = own.getParent();
        return beside != null && folder.startsWith(beside) && !folder.equals(beside);
    }

    private void list(Path folder, String rootPath, int depth) {
        if (depth > DEEPEST) {
            note(shortened(rootPath) + " is nested too deeply");
            return;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                if (files.size() >= MOST_FILES) {
                    note("it holds more than " + MOST_FILES + " source files");
                    return;
                }
                entry(entry, PathNames.join(rootPath, String.valueOf(entry.getFileName())), depth);
            }
        } catch (IOException | DirectoryIteratorException e) {
            tree.doubt();
            note(shortened(rootPath) + " cannot be listed");
        }
    }

    private void entry(Path entry, String rootPath, int depth) {
        String name = String.valueOf(entry.getFileName());
        boolean link = Files.isSymbolicLink(entry);
        if (link) {
            // What it leads to may become something else without a change here.
            tree.look(rootPath);
        }
        if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS) || (link && Files.isDirectory(entry))) {
            boolean beside = depth == 0 && Languages.besideTheCode(name);
            if (beside || Languages.skippedFolder(name)) {
                return;
            }
            if (isVirtualEnvironment(entry)) {
                tree.look(rootPath + "/pyvenv.cfg");
            } else {
                folder(rootPath, depth + 1);
            }
        } else if (!Languages.skippedFile(name) && (Languages.of(name) != null || name.indexOf('.') < 0)) {
            files.add(rootPath);
        }
    }

    static boolean isVirtualEnvironment(Path folder) {
        return Files.exists(folder.resolve("pyvenv.cfg"));
    }

    /** The start of a path that may be as long as the file system likes. */
    private static String shortened(String path) {
        return path.length() <= LONGEST_PATH ? path : path.substring(0, LONGEST_PATH) + "...";
    }

    private void note(String reason) {
        if (incomplete == null) {
            incomplete = reason;
        }
    }
}
