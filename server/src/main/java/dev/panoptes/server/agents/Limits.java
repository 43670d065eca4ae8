package dev.panoptes.server.agents;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How much of each resource an agent may use, and what is above it. */
final class Limits {
    private static final double PER_CENT = 80;
    private static final double NETWORK_BYTES_PER_SECOND = 1 << 20;
    private static final double ANY_OTHER = 100;
    private static final Map<String, Double> USUAL =
            Map.of("cpu", PER_CENT, "memory", PER_CENT, "disk", PER_CENT, "network", NETWORK_BYTES_PER_SECOND);

    private Limits() {}

    /** A resource above its limit. Percent, or bytes a second for network. */
    record Violation(String resource, double value, double limit) {}

    /** In the order in which the agent named its resources. @param own limits of this agent's configuration */
    static List<Violation> violations(Map<String, Double> resources, Map<String, Double> own) {
        List<Violation> violations = new ArrayList<>();
        resources.forEach((resource, value) -> {
            double limit = own.getOrDefault(resource, USUAL.getOrDefault(resource, ANY_OTHER));
            if (value > limit) {
                violations.add(new Violation(resource, value, limit));
            }
        });
        return List.copyOf(violations);
    }

    /** What holds for an agent with these limits of its own. */
    static Map<String, Double> effective(Map<String, Double> own) {
        Map<String, Double> all = new LinkedHashMap<>();
        for (String resource : List.of("cpu", "memory", "disk", "network")) {
            all.put(resource, USUAL.getOrDefault(resource, ANY_OTHER));
        }
        all.putAll(own);
        return all;
    }
}
