package dev.panoptes.integrity.declared;

import dev.panoptes.code.PathNames;
import dev.panoptes.code.ScannedTree;
import dev.panoptes.code.ScannedTree.Content;
import dev.panoptes.code.ScannedTree.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What a clone of the tree does not hold although the tree as it is deployed does: what a {@code .gitignore} excludes was made
 * or placed by hand, what lies in a submodule that is not checked out comes from another repository. Safe for several threads.
 */
final class PlacedByHand {
    private static final int LARGEST = 256 * 1024;
    private static final int DEEPEST = 32;

    private final ScannedTree tree;
    private final List<String> submodules;
    private final Map<String, Optional<IgnoreRules>> rules = new ConcurrentHashMap<>();

    private PlacedByHand(ScannedTree tree, List<String> submodules) {
        this.tree = tree;
        this.submodules = submodules;
    }

    static PlacedByHand in(ScannedTree tree) {
        List<String> submodules = new ArrayList<>();
        if (tree.read(".gitmodules", LARGEST) instanceof Content.Text text) {
            for (String line : (Iterable<String>) text.text().lines()::iterator) {
                int equals = line.indexOf('=');
                if (equals > 0 && line.substring(0, equals).strip().equals("path")) {
                    submodules.add(line.substring(equals + 1).strip());
                }
            }
        }
        return new PlacedByHand(tree, List.copyOf(submodules));
    }

    /** Why something that is not there may be there where it is deployed, a clause; null where it may not. */
    @Nullable
    String reason(String rootPath) {
        for (String submodule : submodules) {
            if (ContainerPath.below(submodule, rootPath) != null) {
                return "lies in the submodule " + submodule + ", which is not checked out";
            }
        }
        Boolean excluded = null;
        String folder = "";
        for (int depth = 0; depth < DEEPEST; depth++) {
            IgnoreRules here = rules.computeIfAbsent(folder, this::read).orElse(null);
            String below = folder.isEmpty() ? rootPath : rootPath.substring(folder.length() + 1);
            Boolean decided = here == null ? null : here.excludes(below);
            excluded = decided == null ? excluded : decided;
            int slash = rootPath.indexOf('/', folder.isEmpty() ? 0 : folder.length() + 1);
            if (slash < 0) {
                break;
            }
            folder = rootPath.substring(0, slash);
        }
        return Boolean.TRUE.equals(excluded)
                ? "is excluded by .gitignore, so it is made or placed by hand where it is deployed"
                : null;
    }

    private Optional<IgnoreRules> read(String folder) {
        String file = PathNames.join(folder, ".gitignore");
        return tree.look(file) instanceof Place.Here && tree.read(file, LARGEST) instanceof Content.Text text
                ? Optional.of(IgnoreRules.git(text.text()))
                : Optional.empty();
    }
}
