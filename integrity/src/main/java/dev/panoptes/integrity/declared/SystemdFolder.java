package dev.panoptes.integrity.declared;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A folder of systemd's search path in the tree (systemd.unit(5), "Unit File Load Path"): of two files of one name in the folders
 * of one manager the one with the lower rank counts.
 *
 * @param manager the tree's folder that stands for the machine's root, and whose units they are
 */
record SystemdFolder(String manager, int rank) {
    private static final List<String> RANKS = List.of("etc", "run", "usr/local/lib", "usr/lib", "lib");

    static final int LAST = RANKS.size() - 1;

    /** Null where it is no such folder. */
    static @Nullable SystemdFolder of(String folder) {
        for (String kind : List.of("system", "user")) {
            for (int rank = 0; rank < RANKS.size(); rank++) {
                String path = "/" + RANKS.get(rank) + "/systemd/" + kind;
                String rooted = "/" + folder;
                // The longest stands before those that end like it.
                if (rooted.endsWith(path)) {
                    return new SystemdFolder(kind + " " + rooted.substring(0, rooted.length() - path.length()), rank);
                }
            }
        }
        return null;
    }
}
