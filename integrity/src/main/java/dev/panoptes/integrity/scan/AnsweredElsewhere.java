package dev.panoptes.integrity.scan;

import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.DeclaredHost;
import dev.panoptes.core.registry.Registry;
import dev.panoptes.integrity.observed.Snapshot;
import dev.panoptes.integrity.observed.Snapshot.Coverage;
import dev.panoptes.integrity.observed.Snapshot.Probe;
import dev.panoptes.integrity.observed.Snapshot.Source;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Agents of other hosts whose own observers asked them not long ago. Nobody need ask them again from afar, perhaps through a
 * firewall that lets every request time out: the answer from their own host is the one that counts.
 */
final class AnsweredElsewhere {
    private final Registry registry;
    private final Map<String, Set<String>> agents = new HashMap<>();

    /** @param since older snapshots are stale, and so are their answers */
    AnsweredElsewhere(Registry registry, List<Snapshot> remembered, Instant since) {
        this.registry = registry;
        for (Snapshot snapshot : remembered) {
            boolean counts = !snapshot.taken().isBefore(since)
                    && snapshot.coverage(Source.PROBES) instanceof Coverage.Complete
                    && !snapshot.host().name().equals(DeclaredHost.LOCAL);
            if (counts) {
                Set<String> asked = new HashSet<>();
                snapshot.probes().stream().map(Probe::agent).forEach(asked::add);
                agents.put(snapshot.host().name(), asked);
            }
        }
    }

    /** True where every host on which this agent may run has asked it. */
    boolean has(String agent) {
        return !agents.isEmpty()
                && registry.agent(agent)
                        .filter(declared -> onEveryHost(declared, agent))
                        .isPresent();
    }

    private boolean onEveryHost(DeclaredAgent declared, String agent) {
        return registry.hostsOf(declared).stream()
                .allMatch(host -> agents.getOrDefault(host, Set.of()).contains(agent));
    }
}
