package dev.panoptes.server.health;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Knows what the last scan saw of the agents. */
@FunctionalInterface
public interface FleetHealth {
    /** @param completedAt when the scan ended @param agents in the order of the registry */
    record Seen(Instant completedAt, List<AgentHealth> agents) {
        public Seen {
            agents = List.copyOf(agents);
        }
    }

    /** Registry keys of the agents that the fleet's profile counts among its core. */
    default Set<String> core() {
        return Set.of();
    }

    /** Empty before the first scan. */
    Optional<Seen> look();
}
