package dev.panoptes.integrity.declared;

/** Maps absolute paths of the deployed machine to the scanned tree. */
public interface DeployedPaths {
    /** @param absolute a path as a unit or compose file writes it */
    DeployedPath locate(String absolute);

    /** Looks a path below the root up; links that leave the root do not exist. */
    DeployedPath below(String rootPath);
}
