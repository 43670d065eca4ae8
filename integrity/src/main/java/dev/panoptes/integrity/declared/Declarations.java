package dev.panoptes.integrity.declared;

import dev.panoptes.core.registry.Problem;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is declared outside the registry, read once below one root.
 *
 * @param root absolute
 * @param agentsPath below the root, {@code /}-separated; null where there is none
 * @param paths maps absolute paths of the deployed machine to the tree
 * @param problems files that could not be read or parsed
 */
public record Declarations(
        Path root,
        @Nullable String agentsPath,
        Code code,
        List<Dockerfile> dockerfiles,
        List<ComposeFile> composeFiles,
        List<UnitFile> units,
        DeployedPaths paths,
        List<Problem> problems) {
    public Declarations {
        dockerfiles = List.copyOf(dockerfiles);
        composeFiles = List.copyOf(composeFiles);
        units = List.copyOf(units);
        problems = List.copyOf(problems);
    }
}
