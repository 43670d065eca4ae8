package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.registry.Connection;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.DeclaredEndpoint;
import dev.panoptes.core.registry.DeclaredHost;
import dev.panoptes.core.registry.Registry;
import dev.panoptes.integrity.observed.Snapshot;
import dev.panoptes.integrity.observed.Snapshot.Coverage;
import dev.panoptes.integrity.observed.Snapshot.Listener;
import dev.panoptes.integrity.observed.Snapshot.Probe;
import dev.panoptes.integrity.observed.Snapshot.Source;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The world as the checks on what is observed see it. */
final class ObservedView {
    private final World world;
    private final List<Claim> claims = new ArrayList<>();
    private final List<Claim> copies;
    private final Map<Place, List<Claim>> byPlace = new HashMap<>();
    private final Map<String, Map<Integer, List<Listener>>> listeners = new HashMap<>();
    private final Map<String, Map<String, Probe>> probes = new HashMap<>();
    private final Set<Place> off = new HashSet<>();
    private final Map<String, String> machines = new HashMap<>();
    /** By host; at the ordinal of its source what can be said about it, null until somebody asks. */
    private final Map<String, Look[]> looks = new ConcurrentHashMap<>();

    private ObservedView(World world) {
        this.world = world;
        Registry registry = world.registry();
        for (DeclaredAgent agent : registry.agents()) {
            if (registry.endpoint(agent) instanceof DeclaredEndpoint.At at) {
                Claim claim = new Claim(agent, at, registry.hostsOf(agent));
                claims.add(claim);
                for (String host : claim.hosts()) {
                    byPlace.computeIfAbsent(new Place(host, at.port()), unused -> new ArrayList<>())
                            .add(claim);
                }
            }
        }
        for (DeclaredAgent agent : registry.declared()) {
            if (!agent.enabled() && registry.endpoint(agent) instanceof DeclaredEndpoint.At at) {
                registry.hostsOf(agent).forEach(host -> off.add(new Place(host, at.port())));
            }
        }
        for (Snapshot snapshot : world.snapshots()) {
            machines.putIfAbsent(snapshot.host().name(), machine(snapshot));
            Map<Integer, List<Listener>> byPort = new HashMap<>();
            for (Listener listener : snapshot.listeners()) {
                if (listener.protocol().equals("tcp")) {
                    byPort.computeIfAbsent(listener.port(), unused -> new ArrayList<>())
                            .add(listener);
                }
            }
            listeners.putIfAbsent(snapshot.host().name(), byPort);
            Map<String, Probe> byAgent = new HashMap<>();
            snapshot.probes().forEach(probe -> byAgent.putIfAbsent(probe.agent(), probe));
            probes.putIfAbsent(snapshot.host().name(), byAgent);
        }
        copies = apart(claims);
    }

    /** The same for every check of a scan: checks run on several threads. */
    static ObservedView of(World world) {
        return world.derived(ObservedView.class, ObservedView::new);
    }

    /** An agent with a usable URL, and the hosts on which it may run. */
    record Claim(DeclaredAgent agent, DeclaredEndpoint.At at, List<String> hosts) {
        int port() {
            return at.port();
        }

        /** True where a copy must run on every one of its hosts; else it may be absent from each. */
        boolean isEverywhere() {
            return agent.placement().minReplicas() >= hosts.size();
        }

        /** True where both are declared on one socket: different addresses of 127/8 are different sockets. */
        boolean meets(Claim other) {
            boolean apart = at.address().startsWith("127.")
                    && other.at.address().startsWith("127.")
                    && !at.address().equals(other.at.address());
            return port() == other.port() && !apart;
        }
    }

    private record Place(String host, int port) {}

    /** What can be said about one source of one host. */
    sealed interface Look {
        record Seen(Snapshot snapshot) implements Look {}

        record Unseen(String reason) implements Look {}
    }

    /** False in a scan of declarations only: then nothing that is observed can be judged, and nothing need be. */
    boolean applies() {
        return !world.snapshots().isEmpty();
    }

    List<Claim> claims() {
        return claims;
    }

    /**
     * A claim for each copy of an agent that can be judged by itself: one for every host that is observed or must run one.
     * Where none of several hosts is observed, whoever asked over the network is all there is, and the claim stays whole.
     */
    List<Claim> copies() {
        return copies;
    }

    private List<Claim> apart(List<Claim> claims) {
        List<Claim> copies = new ArrayList<>();
        for (Claim claim : claims) {
            List<String> seen = claim.hosts().stream()
                    .filter(host -> world.snapshot(host).isPresent())
                    .toList();
            if (claim.hosts().size() == 1 || seen.isEmpty()) {
                copies.add(claim);
            } else {
                for (String host : claim.isEverywhere() ? claim.hosts() : seen) {
                    copies.add(new Claim(claim.agent(), claim.at(), List.of(host)));
                }
            }
        }
        return copies;
    }

    /** The agents declared on this port of this host, under whichever of its names. */
    List<Claim> claims(String host, int port) {
        List<String> names = names(host);
        if (names.size() == 1) {
            return byPlace.getOrDefault(new Place(host, port), List.of());
        }
        List<Claim> all = new ArrayList<>();
        names.forEach(name -> all.addAll(byPlace.getOrDefault(new Place(name, port), List.of())));
        return all;
    }

    /** True where an agent is declared on this port, be it one that is switched off. */
    boolean isDeclared(String host, int port) {
        return !claims(host, port).isEmpty()
                || names(host).stream().anyMatch(name -> off.contains(new Place(name, port)));
    }

    /**
     * What two snapshots of one machine have in common: the machine's id alone is shared by cloned images, but not together
     * with that of its boot. Without both a host is known by its name only.
     */
    private static String machine(Snapshot snapshot) {
        String machine = snapshot.host().machineId();
        String boot = snapshot.host().bootId();
        return machine == null || boot == null ? "name " + snapshot.host().name() : "id " + machine + " " + boot;
    }

    /** The names under which the machine of this host was observed; this host's alone where it was not. */
    private List<String> names(String host) {
        String machine = machines.get(host);
        if (machine == null) {
            return List.of(host);
        }
        if (machines.size() == 1) {
            return List.of(host);
        }
        return machines.entrySet().stream()
                .filter(entry -> entry.getValue().equals(machine))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /** The other agents that are declared on the same socket of this host. */
    List<Claim> rivals(Claim claim, String host) {
        return claims(host, claim.port()).stream()
                .filter(other -> !other.agent().key().equals(claim.agent().key()) && other.meets(claim))
                .toList();
    }

    /**
     * What listens for this agent: on whatever address, unless its URL names one address of 127/8, which other agents may
     * have beside it.
     */
    List<Listener> listeners(Claim claim, String host) {
        List<Listener> all = listeners(host, claim.port());
        if (!claim.at().address().startsWith("127.") || !claim.at().isLoopback()) {
            return all;
        }
        Probe probe = probe(claim, host);
        String address = probe == null || probe.address() == null ? claim.at().address() : probe.address();
        List<Listener> taking = new ArrayList<>(all.size());
        for (Listener each : all) {
            if (takes(each, address)) {
                taking.add(each);
            }
        }
        return taking;
    }

    /** True where this listener accepts connections to the address. */
    static boolean takes(Listener listener, String address) {
        boolean wildcard = address.indexOf(':') >= 0
                ? listener.address().equals("::")
                : listener.address().equals("0.0.0.0") || listener.dualStack();
        return wildcard || listener.address().equals(address);
    }

    /** Hosts that are observed, and on which the registry declares a port; one name for each machine. Sorted. */
    List<String> hosts() {
        Set<String> declared = new HashSet<>();
        byPlace.keySet().forEach(place -> declared.add(place.host()));
        List<String> observed = world.snapshots().stream()
                .map(snapshot -> snapshot.host().name())
                .filter(declared::contains)
                .distinct()
                .sorted(Comparator.comparing((String host) -> !host.equals(DeclaredHost.LOCAL))
                        .thenComparing(Comparator.naturalOrder()))
                .toList();
        Set<String> seen = new HashSet<>();
        return observed.stream()
                .filter(host -> seen.add(machines.getOrDefault(host, host)))
                .sorted()
                .toList();
    }

    /** Asked once for every agent, and the same for all of a host. */
    Look look(String host, Source source) {
        Look[] ofHost = looks.computeIfAbsent(host, unused -> new Look[Source.values().length]);
        Look look = ofHost[source.ordinal()];
        if (look == null) {
            // Two threads that ask at once say the same.
            look = looked(host, source);
            ofHost[source.ordinal()] = look;
        }
        return look;
    }

    private Look looked(String host, Source source) {
        Optional<Snapshot> snapshot = world.snapshot(host);
        if (snapshot.isEmpty()) {
            return new Look.Unseen("no snapshot of " + name(host) + " was given");
        }
        if (snapshot.get().taken().isBefore(world.now().minus(world.snapshotMaxAge()))) {
            return new Look.Unseen("the snapshot of " + name(host) + " is stale");
        }
        if (snapshot.get().taken().isAfter(world.now().plus(world.snapshotMaxAge()))) {
            return new Look.Unseen("the snapshot of " + name(host) + " is from the future: one of the clocks is wrong");
        }
        return switch (snapshot.get().coverage(source)) {
            case Coverage.Complete() -> new Look.Seen(snapshot.get());
            case Coverage.Denied(String reason) -> new Look.Unseen(reason);
            case Coverage.Absent(String reason) -> new Look.Unseen(reason);
        };
    }

    /** What listens on this TCP port of an observed host, on whatever address. */
    List<Listener> listeners(String host, int port) {
        return listeners.getOrDefault(host, Map.of()).getOrDefault(port, List.of());
    }

    /** Every TCP listener of an observed host, by port. */
    List<Map.Entry<Integer, List<Listener>>> listeners(String host) {
        return listeners.getOrDefault(host, Map.of()).entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .toList();
    }

    /** What would take a connection to the address that was probed; all of the port's listeners where none was. */
    List<Listener> answering(Claim claim, String host) {
        List<Listener> all = listeners(claim, host);
        Probe probe = probe(claim, host);
        String address = probe == null ? null : probe.address();
        if (address == null) {
            return all;
        }
        List<Listener> exact =
                all.stream().filter(each -> each.address().equals(address)).toList();
        if (!exact.isEmpty()) {
            return exact;
        }
        boolean ipv6 = address.indexOf(':') >= 0;
        List<Listener> wildcard = all.stream()
                .filter(each -> each.address().equals(ipv6 ? "::" : "0.0.0.0") || (!ipv6 && each.dualStack()))
                .sorted(Comparator.comparing(Listener::dualStack))
                .toList();
        return wildcard.isEmpty() ? all : wildcard;
    }

    /**
     * What takes a connection of whoever follows the agent's URL: what is bound to the address that was probed, to loopback of
     * either version beside it, or to every address. Where nothing is, all of the port's listeners.
     */
    List<Listener> reachable(Claim claim, String host) {
        List<Listener> all = listeners(claim, host);
        Probe probe = probe(claim, host);
        String probed = probe == null ? null : probe.address();
        if (claim.at().isLoopback() && claim.at().address().startsWith("127.") && probed != null) {
            // One address of 127/8: of several sockets the kernel takes the one that names it.
            List<Listener> exact =
                    all.stream().filter(each -> each.address().equals(probed)).toList();
            return exact.isEmpty() ? all : exact;
        }
        List<Listener> reached = all.stream()
                .filter(each ->
                        each.address().equals(probed) || isLoopback(each.address()) || isWildcard(each.address()))
                .toList();
        return reached.isEmpty() ? all : reached;
    }

    private static boolean isLoopback(String address) {
        return address.equals("127.0.0.1") || address.equals("::1");
    }

    static boolean isWildcard(String address) {
        return address.equals("0.0.0.0") || address.equals("::");
    }

    /** The answer of this agent as the observer of its host got it, else as another did; null where nobody asked. */
    @Nullable
    Probe probe(Claim claim, String host) {
        String key = claim.agent().key();
        Probe own = probes.getOrDefault(host, Map.of()).get(key);
        if (own != null && look(host, Source.PROBES) instanceof Look.Seen) {
            return own;
        }
        // Of several copies nobody can tell from afar which one answered: then only what was seen on the hosts counts.
        List<String> hosts = world.registry().hostsOf(claim.agent());
        boolean apart = hosts.size() > 1
                && hosts.stream().anyMatch(each -> world.snapshot(each).isPresent());
        return apart ? null : foreign(key, host);
    }

    private @Nullable Probe foreign(String key, String host) {
        for (Snapshot snapshot : world.snapshots()) {
            String other = snapshot.host().name();
            Probe probe = probes.getOrDefault(other, Map.of()).get(key);
            if (!other.equals(host) && probe != null && look(other, Source.PROBES) instanceof Look.Seen) {
                return probe;
            }
        }
        return null;
    }

    /** {@code this host}, or the host's name. */
    static String name(String host) {
        return host.equals(DeclaredHost.LOCAL) ? "this host" : "host " + host;
    }

    /** Where the agent's URL stands. */
    Evidence url(DeclaredAgent agent) {
        Connection connection = agent.connection();
        String file = world.registry().file();
        return connection == null || connection.url() == null
                ? new Evidence("registry", file, agent.location().line(), "agent " + agent.key())
                : new Evidence(
                        "registry",
                        file,
                        connection.url().location().line(),
                        agent.key() + ": url " + connection.url().value());
    }

    /** Another line of the registry's entry. */
    Evidence declared(DeclaredAgent agent, String text) {
        return new Evidence(
                "registry", world.registry().file(), agent.location().line(), agent.key() + ": " + text);
    }
}
