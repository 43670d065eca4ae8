package dev.panoptes.integrity.declared;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which directory a scan reads declarations below.
 *
 * <p>Without {@code --root} it is the top level of the Git repository that the registry lies in, else the registry's own
 * directory, or of one in {@code config} the directory above; where the agents path lies outside of that, the nearest common ancestor of both. Where that is a directory of the
 * system or somebody's home (a registry in {@code /etc}, agents in {@code /opt}), the machine would be read instead of a fleet;
 * then it is the agents path alone, and without one nothing: other declarations need {@code --root}.
 */
public sealed interface ScanRoot {
    /**
     * @param root absolute
     * @param agentsPath below the root, {@code /}-separated, empty where it is the root; null where there is none
     * @param remark what the user may want to know of how it was chosen; null where there is nothing to say
     */
    record Chosen(
            Path root,
            @Nullable String agentsPath,
            @Nullable String remark) implements ScanRoot {}

    /** No root and no agents path was given, and the registry lies where no fleet does: nothing else is declared. */
    record None() implements ScanRoot {}

    /** @param reason one sentence for the user */
    record Refused(String reason) implements ScanRoot {}

    /** The folder of a tree in which a registry is looked for beside the tree itself. */
    String CONFIG = "config";

    /** Where the agents' code lies when nobody says it. */
    String AGENTS = "agents";

    Set<String> SYSTEM = Set.of(
            "/",
            "/bin",
            "/boot",
            "/dev",
            "/etc",
            "/home",
            "/lib",
            "/lib64",
            "/media",
            "/mnt",
            "/opt",
            "/proc",
            "/root",
            "/run",
            "/sbin",
            "/srv",
            "/sys",
            "/tmp",
            "/usr",
            "/usr/lib",
            "/usr/local",
            "/usr/share",
            "/var",
            "/var/lib",
            "/var/opt");

    /**
     * @param root {@code --root}; null where not given
     * @param registry the registry's file, whether or not it is there
     * @param agentsPath null where there is none
     * @param home the user's home directory
     */
    static ScanRoot choose(@Nullable Path root, Path registry, @Nullable Path agentsPath, Path home) {
        if (root == null && agentsPath == null) {
            return beside(registry, home);
        }
        Path agents = agentsPath == null ? null : real(agentsPath);
        if (root != null) {
            Path base = real(root);
            if (agents == null) {
                return new Chosen(absolute(root), null, null);
            }
            return agents.startsWith(base)
                    ? new Chosen(absolute(root), base.relativize(agents).toString(), null)
                    : new Refused("The agents path " + agentsPath + " is not below the root " + root
                            + "; give a root that holds both");
        }
        Path alone = absolute(Objects.requireNonNull(agentsPath));
        Path common = common(real(registry), real(alone), home);
        if (isSystem(common, home)) {
            return new Chosen(
                    alone,
                    "",
                    "Registry and agents path have only " + common
                            + " in common, so declarations are read below the agents path alone; --root says more");
        }
        return new Chosen(common, common.relativize(real(alone)).toString(), null);
    }

    /** The path of a file below a root, {@code /}-separated, links resolved where need be; null where it lies elsewhere. */
    static @Nullable String below(Path root, Path file) {
        Path plain = absolute(root);
        Path base = real(root);
        Path wanted = absolute(file);
        Path resolved = real(file);
        if (wanted.startsWith(plain)) {
            return plain.relativize(wanted).toString();
        }
        return resolved.startsWith(base) ? base.relativize(resolved).toString() : null;
    }

    /** The tree that the registry lies in. */
    private static ScanRoot beside(Path registry, Path home) {
        Path directory = directory(real(registry));
        Path top = repository(directory);
        if (top == null) {
            // A link to a registry elsewhere stands in the tree that it is for.
            Path linked = directory(absolute(registry));
            Path tree = repository(linked);
            directory = tree == null ? directory : linked;
            top = tree;
        }
        boolean ofConfig = directory.endsWith(CONFIG) && !isSystem(directory(directory), home);
        Path alone = ofConfig ? directory(directory) : directory;
        Path chosen = top != null && !isSystem(top, home) ? top : alone;
        // A registry that is not there yet lies nowhere; its absence is an issue, not a failed scan.
        if (isSystem(chosen, home) || !Files.isDirectory(chosen)) {
            return new None();
        }
        Path agents = Stream.of(directory.resolve(AGENTS), chosen.resolve(AGENTS))
                .filter(Files::isDirectory)
                .findFirst()
                .orElse(null);
        return new Chosen(
                chosen,
                agents == null ? null : chosen.relativize(agents).toString(),
                "Declarations are read below " + chosen + ", "
                        + (chosen.equals(top)
                                ? "the top level of the registry's Git repository"
                                : chosen.equals(directory)
                                        ? "the directory of the registry"
                                        : "the directory above the registry's")
                        + (agents == null ? "" : ", code below " + agents)
                        + "; --root and --agents-path say otherwise.");
    }

    /** Where the agents lie in the registry's repository, its top level; else what both have in common. */
    private static Path common(Path registry, Path agents, Path home) {
        Path top = repository(directory(registry));
        return top != null && agents.startsWith(top) && !isSystem(top, home) ? top : commonAncestor(registry, agents);
    }

    private static Path directory(Path file) {
        Path parent = file.getParent();
        return parent == null ? Path.of("/") : parent;
    }

    /** The nearest directory with a {@code .git}, a folder or, in a worktree or submodule, a file; null where there is none. */
    static @Nullable Path repository(Path directory) {
        Path at = directory;
        while (at != null) {
            if (Files.exists(at.resolve(".git"))) {
                return at;
            }
            at = at.getParent();
        }
        return null;
    }

    private static boolean isSystem(Path directory, Path home) {
        String path = directory.toString();
        boolean someHome = directory.getNameCount() == 2 && path.startsWith("/home/");
        return SYSTEM.contains(path) || someHome || directory.equals(home);
    }

    private static Path commonAncestor(Path file, Path directory) {
        Path ancestor = file.getParent();
        while (ancestor != null && !directory.startsWith(ancestor)) {
            ancestor = ancestor.getParent();
        }
        return ancestor == null ? Path.of("/") : ancestor;
    }

    private static Path absolute(Path path) {
        return path.toAbsolutePath().normalize();
    }

    /** Links resolved as far as the path exists. */
    private static Path real(Path path) {
        Path absolute = absolute(path);
        try {
            return absolute.toRealPath();
        } catch (IOException e) {
            Path parent = absolute.getParent();
            Path name = absolute.getFileName();
            return parent == null || name == null ? absolute : real(parent).resolve(name);
        }
    }
}
