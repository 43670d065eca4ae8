package dev.panoptes.integrity.declared;

import dev.panoptes.code.CodeDirectory;
import dev.panoptes.code.command.StartCommand;
import dev.panoptes.core.registry.DeclaredAgent;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The variables that the units, compose services and Dockerfiles of an agent set, each with its own values.
 *
 * @param sources one per unit, service and Dockerfile
 */
public record DeploymentEnvironment(List<Source> sources) {
    public DeploymentEnvironment {
        sources = List.copyOf(sources);
    }

    /**
     * @param known variables with their values
     * @param unclear variables that are set to a value that cannot be told
     * @param incomplete why further variables may be set; null where not
     */
    public record Source(
            String file,
            Map<String, String> known,
            Set<String> unclear,
            @Nullable String incomplete) {
        public Source {
            known = Map.copyOf(known);
            unclear = Set.copyOf(unclear);
        }
    }

    public static DeploymentEnvironment of(
            DeclaredAgent agent, CodeDirectory directory, Links links, Directories directories) {
        List<Source> sources = new ArrayList<>();
        for (UnitFile unit : links.units(agent)) {
            add(unit.start(), unit.rootPath(), sources);
            sources.add(new Source(
                    unit.rootPath(),
                    unit.environment(),
                    Set.of(),
                    unit.details().environmentUnknown()));
        }
        for (ComposeFile.Service service : links.services(agent)) {
            ComposeFile.Environment environment = service.environment();
            sources.add(new Source(service.id(), environment.known(), environment.unclear(), environment.incomplete()));
        }
        for (Dockerfile file : directories.dockerfiles(directory)) {
            add(file.start(), file.rootPath(), sources);
            Set<String> unclear =
                    file.stage(null).map(Dockerfile.Stage::unclear).orElse(Set.of());
            sources.add(new Source(file.rootPath(), file.environment(), unclear, null));
        }
        return new DeploymentEnvironment(sources);
    }

    /** The ports that this variable is set to anywhere; none for null or where nothing sets it to a port. */
    public Set<Integer> ports(@Nullable String variable) {
        Set<Integer> ports = new LinkedHashSet<>();
        for (Source source : sources) {
            String value = variable == null ? null : source.known().get(variable);
            if (value != null && value.strip().matches("[0-9]{1,5}")) {
                ports.add(Integer.parseInt(value.strip()));
            }
        }
        return ports;
    }

    /** Why it is not known what this variable is set to; empty where it is, and for null. */
    public Optional<String> unclear(@Nullable String variable) {
        if (variable == null) {
            return Optional.empty();
        }
        for (Source source : sources) {
            if (source.unclear().contains(variable)) {
                return Optional.of(source.file() + " sets " + variable + " to a value that cannot be told");
            }
            String incomplete = source.incomplete();
            if (incomplete != null && !source.known().containsKey(variable)) {
                return Optional.of(incomplete);
            }
        }
        return Optional.empty();
    }

    private static void add(@Nullable StartCommand start, String file, List<Source> sources) {
        if (start != null) {
            sources.add(new Source(file, start.environment(), Set.of(), null));
        }
    }
}
