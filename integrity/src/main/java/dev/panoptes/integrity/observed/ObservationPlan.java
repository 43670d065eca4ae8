package dev.panoptes.integrity.observed;

import java.time.Duration;
import java.util.List;

/**
 * What a control plane asks the observer of one host to look at, beside what it sees anyway.
 *
 * @param host the name under which the observer's snapshots count
 * @param declared how many agents the registry has on this host; 0 where it knows none, or cannot be read
 * @param staleAfter an older snapshot is no longer judged
 * @param probes the health endpoints to ask
 * @param units names of service units to look at also where they are not in memory
 */
public record ObservationPlan(
        String host, int declared, Duration staleAfter, List<ProbeTarget> probes, List<String> units) {
    public ObservationPlan {
        probes = List.copyOf(probes);
        units = List.copyOf(units);
    }
}
