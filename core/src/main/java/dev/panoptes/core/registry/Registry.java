package dev.panoptes.core.registry;

import dev.panoptes.core.ContentDigest;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The declaration of a fleet, as its owners wrote it. Immutable. Not a record, because it holds beside its parts what follows
 * from them: every check asks for the endpoint and the hosts of every agent, and reading URLs anew each time was two thirds of
 * the cost of judging a large fleet.
 */
public final class Registry {
    private final String file;
    private final @Nullable ContentDigest digest;
    private final @Nullable String version;
    private final Map<String, DeclaredHost> hosts;
    private final List<DeclaredAgent> declared;
    private final List<DeclaredAgent> agents;
    private final List<Chain> chains;
    private final Intents intents;
    private final Map<String, DeclaredAgent> byLink = new HashMap<>();
    private final Map<DeclaredAgent, Resolved> resolved = new IdentityHashMap<>();

    private record Resolved(DeclaredEndpoint endpoint, String host, List<String> hosts) {}

    /**
     * @param file how reports call it: below the root of a scan, else the path as the user gave it
     * @param digest of the bytes; null where there is no file
     * @param version null where absent
     * @param agents in file order, those that are switched off too
     * @param chains in file order
     */
    public Registry(
            String file,
            @Nullable ContentDigest digest,
            @Nullable String version,
            Map<String, DeclaredHost> hosts,
            List<DeclaredAgent> agents,
            List<Chain> chains,
            Intents intents) {
        this.file = file;
        this.digest = digest;
        this.version = version;
        this.hosts = Map.copyOf(hosts);
        this.declared = List.copyOf(agents);
        this.agents = declared.stream().allMatch(DeclaredAgent::enabled)
                ? declared
                : declared.stream().filter(DeclaredAgent::enabled).toList();
        this.chains = List.copyOf(chains);
        this.intents = intents;
        Endpoints endpoints = new Endpoints(this.hosts);
        for (DeclaredAgent agent : declared) {
            byLink.putIfAbsent(Keys.link(agent.key()), agent);
            UrlText url = Endpoints.url(agent);
            String host = endpoints.hostOf(agent, url);
            resolved.put(agent, new Resolved(endpoints.of(agent, url), host, endpoints.hostsOf(agent, host)));
        }
    }

    public String file() {
        return file;
    }

    /** Of the registry's bytes; null where there is none. */
    public @Nullable ContentDigest digest() {
        return digest;
    }

    public @Nullable String version() {
        return version;
    }

    public Map<String, DeclaredHost> hosts() {
        return hosts;
    }

    /** The agents that are to run: without those that are switched off. In file order. */
    public List<DeclaredAgent> agents() {
        return agents;
    }

    /** Every agent that has an entry, those that are switched off too. In file order. */
    public List<DeclaredAgent> declared() {
        return declared;
    }

    public List<Chain> chains() {
        return chains;
    }

    public Intents intents() {
        return intents;
    }

    /** The agent under this key, switched off or not, compared as {@link Keys#same} does. */
    public Optional<DeclaredAgent> agent(String key) {
        return Optional.ofNullable(byLink.get(Keys.link(key)));
    }

    /** Where this agent of this registry is said to listen and on which host. */
    public DeclaredEndpoint endpoint(DeclaredAgent agent) {
        return resolved(agent).endpoint();
    }

    /** The host of this agent of this registry, known even where its URL is not usable. */
    public String hostOf(DeclaredAgent agent) {
        return resolved(agent).host();
    }

    /**
     * The hosts on which a copy of this agent of this registry may run, at least one: its {@code host}, else the hosts that its
     * placement names or selects, else {@link #hostOf}.
     */
    public List<String> hostsOf(DeclaredAgent agent) {
        return resolved(agent).hosts();
    }

    private Resolved resolved(DeclaredAgent agent) {
        Resolved known = resolved.get(agent);
        if (known == null) {
            throw new IllegalArgumentException("the agent " + agent.key() + " is not one of this registry");
        }
        return known;
    }
}
