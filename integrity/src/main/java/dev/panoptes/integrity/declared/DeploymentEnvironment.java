package dev.panoptes.integrity.declared;

import dev.panoptes.core.registry.DeclaredAgent;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The variables that the units, compose services and Dockerfiles of an agent set, each with its own value.
 *
 * @param sources one map per unit, service and Dockerfile
 */
public record DeploymentEnvironment(List<Map<String, String>> sources) {
    public DeploymentEnvironment {
        sources = List.copyOf(sources);
    }

    public static DeploymentEnvironment of(
            DeclaredAgent agent, CodeDirectory directory, Links links, Directories directories) {
        List<Map<String, String>> sources = new ArrayList<>();
        for (UnitFile unit : links.units(agent)) {
            sources.add(unit.environment());
            add(unit.start(), sources);
        }
        links.services(agent)
                .forEach(service -> sources.add(service.environment().known()));
        for (Dockerfile file : directories.dockerfiles(directory)) {
            sources.add(file.environment());
            add(file.start(), sources);
        }
        return new DeploymentEnvironment(sources);
    }

    /** The ports that this variable is set to anywhere; none for null or where nothing sets it to a port. */
    public Set<Integer> ports(@Nullable String variable) {
        Set<Integer> ports = new LinkedHashSet<>();
        for (Map<String, String> source : sources) {
            String value = variable == null ? null : source.get(variable);
            if (value != null && value.strip().matches("[0-9]{1,5}")) {
                ports.add(Integer.parseInt(value.strip()));
            }
        }
        return ports;
    }

    private static void add(@Nullable StartCommand start, List<Map<String, String>> sources) {
        if (start != null) {
            sources.add(start.environment());
        }
    }
}
