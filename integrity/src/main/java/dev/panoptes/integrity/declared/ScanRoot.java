package dev.panoptes.integrity.declared;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which directory a scan reads declarations below.
 *
 * <p>Without {@code --root} it is the nearest common ancestor of the registry and the agents path. Where that is a directory
 * of the system or somebody's home (a registry in {@code /etc}, agents in {@code /opt}), the machine would be read instead of
 * a fleet; then it is the agents path alone, and other declarations need {@code --root}.
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

    /** Neither a root nor an agents path was given: nothing but the registry is declared. */
    record None() implements ScanRoot {}

    /** @param reason one sentence for the user */
    record Refused(String reason) implements ScanRoot {}

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
            return new None();
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
        Path common = commonAncestor(real(registry), real(alone));
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
