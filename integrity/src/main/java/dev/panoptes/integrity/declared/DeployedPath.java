package dev.panoptes.integrity.declared;

/** Where an absolute path of the deployed machine lies in the scanned tree. */
public sealed interface DeployedPath {
    /** @param rootPath below the root, {@code /}-separated, without a trailing slash; empty for the root itself */
    record Below(String rootPath, boolean exists, boolean directory) implements DeployedPath {}

    /** Outside the deployed prefix: not judged offline. */
    record Outside() implements DeployedPath {}

    /** Goes through an environment or build product ({@code venv}, {@code dist} ...), so absence says nothing. */
    record BuildProduct(String component) implements DeployedPath {}

    /** The prefix is not known, or the path cannot be read. */
    record Unclear(String reason) implements DeployedPath {}
}
