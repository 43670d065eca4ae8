package dev.panoptes.integrity.observed;

import dev.panoptes.core.registry.Connection;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.DeclaredEndpoint;
import dev.panoptes.core.registry.DeclaredHost;
import dev.panoptes.core.registry.Protocol;
import dev.panoptes.core.registry.Registry;
import dev.panoptes.integrity.observed.ProbeTarget.Destination;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which health endpoints an observer asks, and where: one per declared agent with a usable http or https URL. */
public final class ProbeTargets {
    /** In {@code --resolve}, every name that stands for the observed host. */
    public static final String EVERY_LOCAL_NAME = DeclaredHost.LOCAL;

    /** Where an observer asks what its host calls by a name of its own, in this order. */
    static final List<String> LOOPBACK = List.of("127.0.0.1", "::1");

    /** Where servers of the usual libraries listen; the specification names no path. */
    private static final String MCP_ENDPOINT = "/mcp";

    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final Registry registry;
    private final String observed;
    private final Map<String, String> resolve;
    private final Duration timeout;

    /**
     * @param observed the host that the observer speaks for
     * @param resolve address literals by the host that a URL names, or {@link #EVERY_LOCAL_NAME}
     * @param timeout for agents whose {@code timeout_ms} the registry does not give
     * @throws IllegalArgumentException where {@code resolve} holds something else than address literals
     */
    public ProbeTargets(Registry registry, String observed, Map<String, String> resolve, Duration timeout) {
        this.registry = registry;
        this.observed = observed;
        this.resolve = Map.copyOf(resolve);
        resolve.values().forEach(InetAddress::ofLiteral);
        this.timeout = timeout;
    }

    /** In the order of the registry. An observer of a named host asks only the agents that may run there. */
    public List<ProbeTarget> all() {
        List<ProbeTarget> targets = new ArrayList<>();
        for (DeclaredAgent agent : registry.agents()) {
            List<String> hosts = registry.hostsOf(agent);
            if (registry.endpoint(agent) instanceof DeclaredEndpoint.At at
                    && at.isHttp()
                    && (observed.equals(DeclaredHost.LOCAL) || hosts.contains(observed))) {
                targets.add(target(agent, at, hosts));
            }
        }
        return targets;
    }

    private ProbeTarget target(DeclaredAgent agent, DeclaredEndpoint.At at, List<String> hosts) {
        Connection connection = agent.connection();
        String bracketed = at.address().indexOf(':') >= 0 ? "[" + at.address() + "]" : at.address();
        return new ProbeTarget(
                agent.key(),
                protocol(connection),
                at.scheme(),
                visible(bracketed) + ":" + at.port(),
                at.address(),
                at.port(),
                path(at, connection),
                destination(at, hosts),
                timeout(connection),
                agent.publicKey());
    }

    private Destination destination(DeclaredEndpoint.At at, List<String> hosts) {
        boolean here = hosts.contains(observed);
        String configured = resolve.getOrDefault(at.address(), here ? resolve.get(EVERY_LOCAL_NAME) : null);
        if (configured != null) {
            return new Destination.Addresses(List.of(configured));
        }
        InetAddress literal = literal(at.address());
        if (at.isLoopback() || (literal != null && literal.isLoopbackAddress())) {
            return here
                    ? new Destination.Addresses(literal == null ? LOOPBACK : List.of(literal.getHostAddress()))
                    : new Destination.None("its URL names the loopback of " + String.join(" and ", hosts));
        }
        if (here && (literal == null || literal.isAnyLocalAddress())) {
            return new Destination.Addresses(LOOPBACK);
        }
        DeclaredHost host = registry.hosts().get(hosts.size() == 1 ? hosts.getFirst() : at.host());
        String address = host == null ? null : host.address();
        return new Destination.Name(address == null ? at.address() : address);
    }

    private static @Nullable InetAddress literal(String address) {
        try {
            return InetAddress.ofLiteral(address);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private Duration timeout(@Nullable Connection connection) {
        Duration declared = connection == null ? null : connection.timeout();
        Duration wanted = declared == null ? timeout : declared;
        return wanted.compareTo(SHORTEST) < 0 ? SHORTEST : wanted.compareTo(LONGEST) > 0 ? LONGEST : wanted;
    }

    private static Protocol protocol(@Nullable Connection connection) {
        return connection == null ? Protocol.HTTP : connection.protocol();
    }

    /**
     * A URL such as {@code http://gateway/hermes} puts its path before the endpoint's. A well-known place lies at the root of
     * its host (RFC 8615); where the endpoint is the URL's own, it is taken as it is.
     */
    private static String path(DeclaredEndpoint.At at, @Nullable Connection connection) {
        String endpoint = connection == null ? Connection.DEFAULT_HEALTH_ENDPOINT : connection.healthEndpoint();
        if (protocol(connection) == Protocol.GRPC) {
            // A service's full name, not a path.
            return visible(endpoint.startsWith("/") ? endpoint : "/" + endpoint);
        }
        if (endpoint.isEmpty()) {
            return visible(at.path().isEmpty() ? MCP_ENDPOINT : at.path());
        }
        String before = endpoint.startsWith("/.well-known/") ? "" : at.path();
        return visible(before + (endpoint.startsWith("/") ? endpoint : "/" + endpoint));
    }

    /** Percent-encodes everything that could end the request line or start another field. */
    private static String visible(String path) {
        StringBuilder visible = new StringBuilder();
        for (byte each : path.getBytes(StandardCharsets.UTF_8)) {
            if (each > 0x20 && each < 0x7f) {
                visible.append((char) each);
            } else {
                visible.append(String.format(Locale.ROOT, "%%%02X", each & 0xff));
            }
        }
        return visible.toString();
    }
}
