package dev.panoptes.integrity.fleet;

import dev.panoptes.core.registry.RegistryLoader;
import dev.panoptes.core.registry.RegistryResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds files that would be a registry under a name that {@link RegistryFinder} does not look for. They are not read as one, since
 * nobody said that they are; but who is told that there is no registry is told of them too.
 */
public final class UnnamedRegistries {
    private static final Pattern NAME = Pattern.compile("(?i).*(?:agent|registry|fleet).*\\.ya?ml");
    private static final int MOST_ENTRIES = 500;
    private static final int MOST_FILES = 20;

    private UnnamedRegistries() {}

    /**
     * Those in a directory and in the folders directly in it, hidden ones not.
     *
     * @return paths relative to the directory, sorted; empty where there is none, or where nothing can be listed
     */
    public static List<String> near(Path directory) {
        List<Path> files = new ArrayList<>();
        for (Path entry : entries(directory)) {
            if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                entries(entry).stream().filter(UnnamedRegistries::isNamedAlike).forEach(files::add);
            } else if (isNamedAlike(entry)) {
                files.add(entry);
            }
        }
        RegistryLoader loader = new RegistryLoader();
        return files.stream()
                .sorted()
                .limit(MOST_FILES)
                .filter(file -> declaresAgents(loader.load(file)))
                .map(file -> directory.relativize(file).toString())
                .toList();
    }

    private static boolean declaresAgents(RegistryResult result) {
        return result instanceof RegistryResult.Loaded(var registry, var _)
                && registry.agents().stream()
                        .anyMatch(agent ->
                                agent.connection() != null && agent.connection().url() != null);
    }

    private static boolean isNamedAlike(Path file) {
        return NAME.matcher(file.getFileName().toString()).matches();
    }

    /** A directory that cannot be listed has none that could be named: the scan itself says that it was not read. */
    private static List<Path> entries(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(entry -> !entry.getFileName().toString().startsWith("."))
                    .limit(MOST_ENTRIES)
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}
