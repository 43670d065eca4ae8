package dev.panoptes.integrity.declared;

import java.util.List;

/** Maps absolute paths of the deployed machine to the scanned tree. */
public interface DeployedPaths {
    /** @param absolute a path as a unit or compose file writes it */
    DeployedPath locate(String absolute);

    /**
     * The same for a path that may also be this machine's, as a program that runs here tells it: below the root's own place it
     * is the tree's.
     */
    default DeployedPath locateHere(String absolute) {
        return locate(absolute);
    }

    /** The directories of the deployed machine that the root stands for; empty where none is known. */
    default List<String> prefixes() {
        return List.of();
    }

    /** Looks a path below the root up; links that leave the root do not exist. */
    DeployedPath below(String rootPath);

    /** True for an absolute path of what the operating system's own packages bring, which no tree of a fleet holds. */
    default boolean isOfSystem(String absolute) {
        return TreePaths.fromPackages(absolute);
    }
}
