package dev.panoptes.integrity.fleet;

import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.Registry;
import java.util.List;

/** Names of units that agents are said to have, so that an observer looks at them even where they are not in memory. */
public final class DeclaredUnits {
    private DeclaredUnits() {}

    /** By the registry's {@code unit}, else by the profile's pattern and by the key. */
    public static List<String> names(Registry registry, Profile profile) {
        return names(registry.agents(), profile);
    }

    /** The same of the agents that may run on one host. */
    public static List<String> names(Registry registry, Profile profile, String host) {
        return names(
                registry.agents().stream()
                        .filter(agent -> registry.hostsOf(agent).contains(host))
                        .toList(),
                profile);
    }

    private static List<String> names(List<DeclaredAgent> agents, Profile profile) {
        return agents.stream()
                .flatMap(agent -> UnitNames.expected(agent, profile).stream())
                .distinct()
                .toList();
    }
}
