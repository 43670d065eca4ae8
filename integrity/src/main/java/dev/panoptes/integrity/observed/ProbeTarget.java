package dev.panoptes.integrity.observed;

import dev.panoptes.core.registry.Protocol;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The health endpoint of one declared agent.
 *
 * @param agent the agent's key
 * @param protocol one that is asked ({@link Protocol#isAsked})
 * @param scheme {@code http} or {@code https}
 * @param authority host and port as the URL writes them, for the Host field; without userinfo
 * @param host the URL's host alone: the name a certificate must be for
 * @param path begins with {@code /}; visible ASCII without blanks
 * @param timeout for the whole exchange
 * @param key the public key that the registry declares of the agent; null where it declares none
 */
public record ProbeTarget(
        String agent,
        Protocol protocol,
        String scheme,
        String authority,
        String host,
        int port,
        String path,
        Destination destination,
        Duration timeout,
        @Nullable String key) {
    /** Of an agent without a key. */
    public ProbeTarget(
            String agent,
            Protocol protocol,
            String scheme,
            String authority,
            String host,
            int port,
            String path,
            Destination destination,
            Duration timeout) {
        this(agent, protocol, scheme, authority, host, port, path, destination, timeout, null);
    }

    /** Where the request goes. */
    public sealed interface Destination {
        /** @param literals addresses that were configured or are loopback, tried in order */
        record Addresses(List<String> literals) implements Destination {
            public Addresses {
                literals = List.copyOf(literals);
            }
        }

        /** A name to be resolved; link-local, metadata, loopback and wildcard addresses are refused. */
        record Name(String name) implements Destination {}

        /** Nowhere. @param reason one sentence */
        record None(String reason) implements Destination {}
    }

    public String url() {
        return scheme + "://" + authority + path;
    }
}
