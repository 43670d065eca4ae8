package dev.panoptes.core.registry;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The declaration of a fleet, as its owners wrote it.
 *
 * @param file the path as the user gave it
 * @param digest SHA-256 of the bytes, lower-case hex
 * @param version null where absent
 * @param agents in file order
 * @param chains in file order
 */
public record Registry(
        String file,
        String digest,
        @Nullable String version,
        Map<String, DeclaredHost> hosts,
        List<DeclaredAgent> agents,
        List<Chain> chains,
        Intents intents) {
    public Registry {
        hosts = Map.copyOf(hosts);
        agents = List.copyOf(agents);
        chains = List.copyOf(chains);
    }

    /** The agent under this key, compared as {@link Keys#same} does. */
    public Optional<DeclaredAgent> agent(String key) {
        return agents.stream().filter(agent -> Keys.same(agent.key(), key)).findFirst();
    }

    /** Where this agent is said to listen and on which host. */
    public DeclaredEndpoint endpoint(DeclaredAgent agent) {
        return Endpoints.of(this, agent);
    }

    /** The host of this agent, known even where its URL is not usable. */
    public String hostOf(DeclaredAgent agent) {
        return Endpoints.hostOf(this, agent);
    }

    /**
     * The hosts on which a copy of this agent may run, at least one: its {@code host}, else the hosts that its placement
     * names or selects, else {@link #hostOf}.
     */
    public List<String> hostsOf(DeclaredAgent agent) {
        return Endpoints.hostsOf(this, agent);
    }
}
