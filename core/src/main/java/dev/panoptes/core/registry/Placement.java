package dev.panoptes.core.registry;

import java.util.List;
import java.util.Map;

/**
 * Where copies of an agent may run and how many.
 *
 * @param hosts empty: no host is named
 * @param selector labels a host must carry; empty: any
 * @param minReplicas at least this many; 1 where absent
 * @param maxReplicas at most this many; 1 where absent
 */
public record Placement(List<String> hosts, Map<String, String> selector, int minReplicas, int maxReplicas) {
    /** One copy on the agent's own host. */
    public static final Placement SINGLE = new Placement(List.of(), Map.of(), 1, 1);

    public Placement {
        hosts = List.copyOf(hosts);
        selector = Map.copyOf(selector);
    }
}
