package dev.panoptes.integrity.declared;

import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.Keys;
import dev.panoptes.core.registry.Registry;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which directory, units and compose services belong to which agent. By key only: {@code name} and port never link.
 */
public final class Links {
    private final Registry registry;
    private final @Nullable Declarations declarations;

    public Links(Registry registry, @Nullable Declarations declarations) {
        this.registry = registry;
        this.declarations = declarations;
    }

    /** Registry {@code path}, else the directory called like the key. */
    public Optional<CodeDirectory> directory(DeclaredAgent agent) {
        if (declarations == null) {
            return Optional.empty();
        }
        String path = agent.path();
        return declarations.code().directories().stream()
                .filter(directory ->
                        path == null ? Keys.same(directory.name(), agent.key()) : isAt(directory, path, declarations))
                .findFirst();
    }

    /** The agent that this directory belongs to. */
    public Optional<DeclaredAgent> agentOf(CodeDirectory directory) {
        return registry.agents().stream()
                .filter(agent -> directory(agent).filter(directory::equals).isPresent())
                .findFirst();
    }

    /** Registry {@code unit}, else the last component of the unit's WorkingDirectory, even where that does not exist. */
    public Optional<DeclaredAgent> agentOf(UnitFile unit) {
        Optional<DeclaredAgent> named = registry.agents().stream()
                .filter(agent -> agent.unit() != null && sameUnit(agent.unit(), unit.name()))
                .findFirst();
        if (named.isPresent()) {
            return named;
        }
        String directory = unit.workingDirectory();
        return directory == null
                ? Optional.empty()
                : registry.agents().stream()
                        .filter(agent -> agent.unit() == null && Keys.same(agent.key(), lastComponent(directory)))
                        .findFirst();
    }

    /** The units of an agent, as {@link #agentOf(UnitFile)} says. */
    public List<UnitFile> units(DeclaredAgent agent) {
        return declarations == null
                ? List.of()
                : declarations.units().stream()
                        .filter(unit -> agentOf(unit).filter(agent::equals).isPresent())
                        .toList();
    }

    /** By the service name, not container_name and not the build context. */
    public Optional<DeclaredAgent> agentOf(ComposeFile.Service service) {
        return registry.agent(service.name());
    }

    private static boolean isAt(CodeDirectory directory, String path, Declarations declarations) {
        String wanted = trimmed(path);
        if (wanted.startsWith("/")) {
            return declarations.paths().locate(wanted) instanceof DeployedPath.Below below
                    && below.rootPath().equals(directory.rootPath());
        }
        return directory.rootPath().equals(wanted) || directory.path().equals(wanted);
    }

    private static String trimmed(String path) {
        String withoutDot = path.startsWith("./") ? path.substring(2) : path;
        return withoutDot.endsWith("/") ? withoutDot.substring(0, withoutDot.length() - 1) : withoutDot;
    }

    private static boolean sameUnit(String a, String b) {
        return withSuffix(a).equals(withSuffix(b));
    }

    private static String withSuffix(String unit) {
        return unit.endsWith(".service") ? unit : unit + ".service";
    }

    private static String lastComponent(String path) {
        String trimmed = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        return trimmed.substring(trimmed.lastIndexOf('/') + 1);
    }
}
