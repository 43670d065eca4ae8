package dev.panoptes.integrity.declared;

import dev.panoptes.code.PortValue;
import dev.panoptes.code.command.PortArgument;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The variables of a container: the image's, over them the service's, over them those that its command sets.
 *
 * @param known never printed
 * @param unclear set, to a value that cannot be told
 * @param incomplete why more may be set; null where not
 */
record ContainerEnvironment(
        Map<String, String> known,
        Set<String> unclear,
        @Nullable String incomplete) {
    ContainerEnvironment {
        known = Map.copyOf(known);
        unclear = Set.copyOf(unclear);
    }

    /**
     * @param stage null where the image is not in the tree
     * @param build null where nothing is built
     */
    static ContainerEnvironment of(
            Dockerfile.@Nullable Stage stage, ComposeFile.@Nullable Build build, ComposeFile.Environment service) {
        Map<String, String> known = new HashMap<>();
        Set<String> unclear = new HashSet<>();
        if (stage != null) {
            known.putAll(stage.environment());
            unclear.addAll(stage.unclear());
            if (build != null) {
                stage.arguments().forEach((variable, argument) -> {
                    String given = build.arguments().get(argument);
                    if (given != null) {
                        set(variable, given, known, unclear);
                    } else if (build.unclearArguments().contains(argument)) {
                        set(variable, null, known, unclear);
                    }
                });
            }
        }
        service.known().forEach((variable, value) -> set(variable, value, known, unclear));
        service.unclear().forEach(variable -> set(variable, null, known, unclear));
        return new ContainerEnvironment(known, unclear, service.incomplete());
    }

    private static void set(String variable, @Nullable String value, Map<String, String> known, Set<String> unclear) {
        known.remove(variable);
        unclear.remove(variable);
        if (value == null) {
            unclear.add(variable);
        } else {
            known.put(variable, value);
        }
    }

    /** A stage that holds nothing, for an image that is only pulled. */
    static Dockerfile.Stage pulled(String workdir) {
        return new Dockerfile.Stage(
                null, null, workdir, Map.of(), Set.of(), Map.of(), null, null, null, List.of(), List.of(), List.of());
    }

    ContainerEnvironment with(Map<String, String> assigned) {
        if (assigned.isEmpty()) {
            return this;
        }
        Map<String, String> merged = new HashMap<>(known);
        Set<String> open = new HashSet<>(unclear);
        assigned.forEach((variable, value) -> set(variable, value, merged, open));
        return new ContainerEnvironment(merged, open, incomplete);
    }

    /**
     * What a port means here. A variable stays with it only where its default counts because nothing sets it.
     */
    PortValue resolve(PortValue port) {
        String variable = switch (port) {
            case PortValue.Known known -> known.variable();
            case PortValue.Unresolved unresolved -> unresolved.variable();
        };
        if (variable == null) {
            return port;
        }
        if (unclear.contains(variable)) {
            return new PortValue.Unresolved("the variable " + variable + " has a value that is not known", variable);
        }
        String value = known.get(variable);
        if (value == null || value.isEmpty()) {
            return port;
        }
        int number = PortArgument.number(value.strip());
        return number >= 1
                ? new PortValue.Known(number, null)
                : new PortValue.Unresolved("the variable " + variable + " holds no port number", variable);
    }
}
