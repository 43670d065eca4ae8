package dev.panoptes.integrity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Below which directory a scan reads declarations. */
sealed interface ScanRoot {
    /** Neither a root nor an agents path was given: nothing but the registry is read. */
    record None() implements ScanRoot {}

    /**
     * @param root absolute
     * @param agentsPath below the root, {@code /}-separated; null where there is none
     * @param note what the reader of the report should know; null where there is nothing to say
     */
    record At(
            Path root,
            @Nullable String agentsPath,
            @Nullable String note) implements ScanRoot {}

    record Refused(String message, String hint) implements ScanRoot {}

    /**
     * The root as given, else the nearest common ancestor of registry and agents path. Where that would be the whole file
     * system it is the agents path: nobody who keeps a registry below {@code /etc} means to have every unit file of the
     * machine judged.
     */
    static ScanRoot of(Path registry, @Nullable Path agentsPath, @Nullable Path root) {
        try {
            if (agentsPath != null && !Files.isDirectory(agentsPath)) {
                return noDirectory("agents path", agentsPath);
            }
            if (root != null && !Files.isDirectory(root)) {
                return noDirectory("root", root);
            }
            Path agents = agentsPath == null ? null : agentsPath.toRealPath();
            if (root != null) {
                return below(root.toRealPath(), agents);
            }
            if (agents == null) {
                return new None();
            }
            Path file = registry.toAbsolutePath().normalize();
            Path folder = file.getParent();
            Path ancestor = commonAncestor(agents, folder == null ? file : real(folder));
            if (ancestor.getNameCount() == 0) {
                return new At(
                        agents,
                        "",
                        "Registry and agents path share no folder, so declarations were looked for below the agents path"
                                + " only; --root says where else.");
            }
            return below(ancestor, agents);
        } catch (IOException e) {
            return new Refused("cannot resolve the root: " + e, "");
        }
    }

    private static ScanRoot below(Path root, @Nullable Path agents) {
        if (agents != null && !agents.startsWith(root)) {
            return new Refused(
                    "the agents path " + agents + " is not below the root " + root,
                    "Give a --root that holds both, or none");
        }
        String path = agents == null ? null : root.relativize(agents).toString();
        return new At(root, path, null);
    }

    private static Refused noDirectory(String what, Path path) {
        String problem = Files.exists(path) ? "is no directory" : "does not exist";
        return new Refused("the " + what + " " + path + " " + problem, "");
    }

    private static Path real(Path folder) throws IOException {
        return Files.isDirectory(folder) ? folder.toRealPath() : folder;
    }

    private static Path commonAncestor(Path a, Path b) {
        Path ancestor = a.getRoot();
        int shared = Math.min(a.getNameCount(), b.getNameCount());
        for (int i = 0; i < shared && a.getName(i).equals(b.getName(i)); i++) {
            ancestor = ancestor.resolve(a.getName(i));
        }
        return ancestor;
    }
}
