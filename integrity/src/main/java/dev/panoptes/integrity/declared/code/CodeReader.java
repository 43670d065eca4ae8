package dev.panoptes.integrity.declared.code;

import dev.panoptes.integrity.declared.Code;
import dev.panoptes.integrity.declared.CodeDirectory;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the code of a fleet. Nothing in it is executed, links do not lead out of the root, files over 1 MiB and binary files
 * are not read. What is followed and what is not: docs/code-reading.md.
 */
public final class CodeReader {
    /** Paths that count as health endpoints where the registry names no others. */
    public static final Set<String> HEALTH_ENDPOINTS = Set.of("/health", "/healthz");

    private final FactCache cache;
    private final Set<String> endpoints;

    /** @param endpoints paths of health endpoints, each with a leading slash */
    public CodeReader(FactCache cache, Set<String> endpoints) {
        this.cache = cache;
        this.endpoints = Set.copyOf(endpoints);
    }

    public CodeReader(FactCache cache) {
        this(cache, HEALTH_ENDPOINTS);
    }

    /**
     * Reads every child folder of the agents path, and the folders elsewhere that the registry names.
     *
     * @param root absolute
     * @param agentsPath below the root, {@code /}-separated, empty for the root itself; null where there is none
     * @param extraDirectories below the root; those that do not exist, leave the root or hold no code are left out
     * @throws IOException where the root itself cannot be read
     */
    public Code read(Path root, @Nullable String agentsPath, Collection<String> extraDirectories)
            throws IOException, InterruptedException {
        FactStore facts = cache.open(root);
        SourceTree tree = new SourceTree(root, facts);
        Map<String, String> folders = new TreeMap<>();
        if (agentsPath != null) {
            String agents = PathNames.normal(agentsPath);
            if (agents != null) {
                children(tree, agents).forEach(name -> folders.put(PathNames.join(agents, name), name));
            }
        }
        for (String extra : extraDirectories) {
            String path = PathNames.normal(extra);
            if (path != null && tree.folder(path)) {
                folders.putIfAbsent(path, path);
            }
        }
        List<CodeDirectory> directories = new DirectoryReader(tree, endpoints).read(folders);
        facts.flush();
        return new CodeView(tree, endpoints, directories, facts);
    }

    /** Names of the folders of the agents path. */
    private static List<String> children(SourceTree tree, String agents) throws IOException {
        List<String> names = new ArrayList<>();
        Path folder = tree.root().resolve(agents);
        if (!Files.isDirectory(folder) || tree.real(folder) == null) {
            return names;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                if (Files.isDirectory(entry)
                        && !Languages.skippedFolder(name)
                        && !Files.exists(entry.resolve("pyvenv.cfg"))) {
                    names.add(name);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        names.sort(Comparator.naturalOrder());
        return names;
    }
}
