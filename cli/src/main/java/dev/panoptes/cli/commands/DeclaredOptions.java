package dev.panoptes.cli.commands;

import dev.panoptes.cli.shell.Shell;
import dev.panoptes.cli.shell.UsageException;
import dev.panoptes.core.issue.Waiver;
import dev.panoptes.core.yaml.Problem;
import dev.panoptes.integrity.fleet.Profile;
import dev.panoptes.integrity.fleet.RegistryFinder;
import dev.panoptes.integrity.fleet.RegistryLocation;
import dev.panoptes.integrity.verdict.WaiverLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.OptionSpec;

/** The options that say what is declared and what is already known about it. */
final class DeclaredOptions {
    private final OptionSpec registry;
    private final OptionSpec profile;
    private final OptionSpec agentsPath;
    private final OptionSpec root;
    private final OptionSpec deployedAt;
    private final OptionSpec waivers;
    private final OptionSpec baseline;

    DeclaredOptions(Options options) {
        options.heading("What is declared");
        registry = options.file(
                "--registry",
                "FILE",
                "The registry. Else $PANOPTES_REGISTRY, $REGISTRY_PATH, agent-registry.yaml here, in config or in"
                        + " /etc/panoptes, a profile's.");
        profile = options.text("--profile", "NAME", "A shipped file that holds one fleet's habits.");
        agentsPath =
                options.file("--agents-path", "DIR", "Each child directory is one agent's code. Else $AGENTS_PATH.");
        root = options.file(
                "--root",
                "DIR",
                "Where compose files, Dockerfiles and unit files are looked for. Else the Git top level of the"
                        + " registry's directory, that directory, or the common ancestor with the agents path.");
        deployedAt = options.text(
                "--deployed-at",
                "PREFIX",
                "The absolute path that the root has on the deployed machine. Else found out from the units.");
        waivers = options.file(
                "--waivers", "FILE", "Issues that are accepted for a while, with owner, reason and expiry.");
        baseline = options.files(
                "--baseline",
                "FILE",
                "An earlier JSON report: since when an issue is known. A snapshot: which code should run.");
    }

    /** True where no place holds a registry and the user named none. */
    boolean isWithoutRegistry(Shell shell) {
        return new RegistryFinder(shell.directory(), shell.environment())
                        .find(Options.file(registry), Options.text(profile))
                instanceof RegistryLocation.Nowhere;
    }

    RegistryLocation.Found registry(Shell shell) throws UsageException {
        Path given = Options.file(registry);
        RegistryLocation location =
                new RegistryFinder(shell.directory(), shell.environment()).find(given, Options.text(profile));
        return switch (location) {
            case RegistryLocation.Found found -> found;
            case RegistryLocation.Nowhere(List<String> lookedAt) ->
                throw new UsageException(
                        "no registry was found; looked at:\n  " + String.join("\n  ", lookedAt),
                        "Write one: panoptes adopt > agent-registry.yaml");
            case RegistryLocation.UnknownProfile(String name, List<String> names) ->
                throw new UsageException("there is no profile " + name, "Profiles: " + String.join(", ", names));
            case RegistryLocation.NoPath(String source) -> throw new UsageException(source + " holds no path", "");
        };
    }

    /** Null where neither the user names one nor the profile one that is there. */
    @Nullable
    Path agentsPath(Shell shell, Profile applied) throws UsageException {
        Path given = Options.file(agentsPath);
        if (given != null) {
            return directory("--agents-path", given);
        }
        String variable = shell.variable("AGENTS_PATH");
        if (variable != null) {
            return directory("AGENTS_PATH", Path.of(variable));
        }
        String habit = applied.agentsPath();
        return habit != null && Files.isDirectory(Path.of(habit)) ? Path.of(habit) : null;
    }

    @Nullable
    Path root() throws UsageException {
        Path given = Options.file(root);
        return given == null ? null : directory("--root", given);
    }

    private static Path directory(String what, Path path) throws UsageException {
        if (!Files.isDirectory(path)) {
            throw new UsageException(
                    what + ": " + path + (Files.exists(path) ? " is no directory" : " does not exist"), "");
        }
        return path;
    }

    @Nullable
    String deployedAt() throws UsageException {
        String prefix = Options.text(deployedAt);
        if (prefix != null && !prefix.startsWith("/")) {
            throw new UsageException("--deployed-at takes an absolute path, not " + prefix, "");
        }
        return prefix;
    }

    List<Waiver> waivers() throws UsageException {
        Path file = Options.file(waivers);
        if (file == null) {
            return List.of();
        }
        return switch (new WaiverLoader().load(file)) {
            case WaiverLoader.Result.Loaded(List<Waiver> loaded) -> loaded;
            case WaiverLoader.Result.Refused(List<Problem> problems) ->
                throw new UsageException(
                        "the waivers cannot be used:\n  "
                                + String.join(
                                        "\n  ",
                                        problems.stream().map(Problem::text).toList()),
                        "A waiver is written: - {issue: ID, owner: WHO, reason: WHY, expires: 2026-12-31}");
        };
    }

    KnownBefore knownBefore() throws UsageException {
        return KnownBefore.read(Options.files(baseline));
    }
}
