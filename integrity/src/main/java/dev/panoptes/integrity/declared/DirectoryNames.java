package dev.panoptes.integrity.declared;

import dev.panoptes.code.CodeDirectory;
import java.util.Optional;

/** How reports name the directory that a file belongs to. */
public final class DirectoryNames {
    private DirectoryNames() {}

    /**
     * The code directory that holds this path: by its path below the agents path. Elsewhere the folder itself, by its path
     * below the root; empty for the root itself.
     *
     * @param rootPath of a file or folder
     * @param isFolder true where {@code rootPath} is a folder
     */
    public static Optional<String> of(Declarations declarations, String rootPath, boolean isFolder) {
        String agents = declarations.agentsPath();
        String below = agents == null ? null : ContainerPath.below("/" + agents, "/" + rootPath);
        if (below != null && (below.indexOf('/') > 0 || (isFolder && !below.isEmpty()))) {
            int slash = below.indexOf('/');
            return Optional.of(slash < 0 ? below : below.substring(0, slash));
        }
        for (CodeDirectory directory : declarations.code().directories()) {
            if (ContainerPath.below("/" + directory.rootPath(), "/" + rootPath) != null) {
                return Optional.of(directory.path());
            }
        }
        String folder = isFolder ? rootPath : rootPath.substring(0, Math.max(0, rootPath.lastIndexOf('/')));
        return folder.isEmpty() ? Optional.empty() : Optional.of(folder);
    }
}
