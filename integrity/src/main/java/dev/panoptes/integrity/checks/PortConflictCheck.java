package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.DeclaredEndpoint;
import dev.panoptes.core.registry.DeclaredHost;
import dev.panoptes.core.registry.Registry;
import dev.panoptes.integrity.declared.Alternatives;
import dev.panoptes.integrity.declared.Launch;
import dev.panoptes.integrity.declared.Links;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Fails when several agents are declared on one port of one host. Agents behind one gateway, told apart by the paths of their
 * URLs, share its port rightly; so do agents on different addresses of the loopback network.
 */
final class PortConflictCheck implements Check {
    private static final CheckInfo INFO = CheckInfo.original(
            "port-conflict",
            "port_conflict",
            Severity.CRITICAL,
            CheckGroup.REGISTRY,
            "several agents are declared on one port of one host");

    /** @param certain false where placement leaves open whether the agent runs on this host */
    private record Claim(DeclaredAgent agent, DeclaredEndpoint.At at, boolean certain) {}

    /** @param space a container's network, where the port is taken there and not on the host; empty for the host */
    private record Place(String host, int port, String space) {
        String subject() {
            return host.equals(DeclaredHost.LOCAL) ? String.valueOf(port) : port + "@" + host;
        }
    }

    @Override
    public CheckInfo info() {
        return INFO;
    }

    @Override
    public List<CheckResult> run(World world) {
        Registry registry = world.registry();
        RegistryText text = new RegistryText(registry);
        Map<Place, List<Claim>> claims = new TreeMap<>(
                Comparator.comparing(Place::host).thenComparing(Place::port).thenComparing(Place::space));
        List<CheckResult> results = new ArrayList<>();
        for (DeclaredAgent agent : registry.agents()) {
            switch (registry.endpoint(agent)) {
                case DeclaredEndpoint.At at -> claim(world, agent, at, claims);
                case DeclaredEndpoint.Unresolved unresolved ->
                    results.add(new CheckResult.Unknown(agent.key(), unresolved.reason()));
                case DeclaredEndpoint.Absent absent -> {}
                case DeclaredEndpoint.None none -> {}
                case DeclaredEndpoint.Invalid invalid -> {}
                case DeclaredEndpoint.InvalidPort invalid -> {}
            }
        }
        Set<String> passed = new HashSet<>();
        Alternatives alternatives = world.declarations() == null ? null : new Alternatives(world.declarations());
        claims.forEach((place, all) -> {
            List<Claim> claimants = meeting(all, place.port(), alternatives, world.links());
            CheckResult result = judge(place, claimants, text);
            // one pass for a port that several containers have each to itself
            if (!(result instanceof CheckResult.Pass(String subject)) || passed.add(subject)) {
                results.add(result);
            }
        });
        return results;
    }

    private static void claim(
            World world, DeclaredAgent agent, DeclaredEndpoint.At at, Map<Place, List<Claim>> claims) {
        Registry registry = world.registry();
        if (agent.placement().maxReplicas() == 0) {
            return;
        }
        List<String> hosts = registry.hostsOf(agent);
        boolean certain = hosts.size() <= Math.max(1, agent.placement().minReplicas());
        for (String host : hosts) {
            claims.computeIfAbsent(new Place(host, at.port(), space(world, agent, at)), place -> new ArrayList<>())
                    .add(new Claim(agent, at, certain));
        }
    }

    /**
     * Where the declared port is taken: on the host, unless every launch of the agent is a container with a network of its own
     * and none of them publishes it. Then the URL names the container's port. So it does where its host is a container's name and
     * what else starts the agent is not known to take the port. A Service of Kubernetes has an address of its own.
     */
    private static String space(World world, DeclaredAgent agent, DeclaredEndpoint.At at) {
        if (CodeView.isClusterName(at.address())) {
            return at.address();
        }
        List<Launch> all = world.links().launches(agent);
        List<Launch> called = all.stream()
                .filter(launch -> !launch.onHost() && launch.names().contains(at.address()))
                .toList();
        boolean takesHost = all.stream()
                .anyMatch(launch -> launch.onHost() && launch.bound().contains(at.port()));
        List<Launch> launches = called.isEmpty() || takesHost ? all : called;
        boolean contained = !launches.isEmpty() && launches.stream().noneMatch(Launch::onHost);
        boolean published =
                launches.stream().anyMatch(launch -> launch.hostPorts().contains(at.port()));
        return contained
                        && !published
                        && launches.getFirst().space() instanceof Launch.Space.Container(String owner)
                        && launches.stream()
                                .anyMatch(launch -> launch.bound().contains(at.port())
                                        || launch.names().contains(at.address()))
                ? owner
                : "";
    }

    /** Those that can be in the way of another; all of them where there is none or where that is not known. */
    private static List<Claim> meeting(List<Claim> claims, int port, @Nullable Alternatives alternatives, Links links) {
        if (claims.size() < 2 || alternatives == null) {
            return claims;
        }
        return claims.stream()
                .filter(claim -> claims.stream()
                        .anyMatch(other -> !other.equals(claim)
                                && !apart(claim.agent(), other.agent(), port, alternatives, links)))
                .toList();
    }

    /** True where every launch of one is an alternative to every launch of the other, or publishes elsewhere. */
    private static boolean apart(
            DeclaredAgent agent, DeclaredAgent other, int port, Alternatives alternatives, Links links) {
        List<Launch> launches = links.launches(agent);
        List<Launch> others = links.launches(other);
        return !launches.isEmpty()
                && !others.isEmpty()
                && launches.stream()
                        .allMatch(a -> others.stream()
                                .allMatch(b -> alternatives.neverTogether(a, b)
                                        || alternatives.onDifferentAddresses(a, b, port)));
    }

    private static CheckResult judge(Place place, List<Claim> claimants, RegistryText text) {
        List<Claim> clashing =
                clashing(claimants.stream().filter(Claim::certain).toList());
        if (!clashing.isEmpty()) {
            return failure(place, clashing, text);
        }
        List<String> possible =
                clashing(claimants).stream().map(claim -> claim.agent().key()).toList();
        return possible.isEmpty()
                ? new CheckResult.Pass(place.subject())
                : new CheckResult.Unknown(
                        place.subject(),
                        "placement leaves open whether " + RegistryText.names(possible) + " meet on one host");
    }

    /** Those of the claimants that cannot share the port with another of them. */
    private static List<Claim> clashing(List<Claim> claimants) {
        boolean oneServer =
                claimants.stream().map(claim -> claim.at().address()).distinct().count() <= 1;
        boolean loopback =
                claimants.stream().allMatch(claim -> claim.at().address().startsWith("127."));
        if (!oneServer && !loopback) {
            return claimants;
        }
        Map<String, Integer> sharing = new HashMap<>();
        claimants.forEach(claim -> sharing.merge(route(claim), 1, Integer::sum));
        return claimants.stream()
                .filter(claim -> sharing.getOrDefault(route(claim), 0) > 1)
                .toList();
    }

    private static String route(Claim claim) {
        return claim.at().address() + claim.at().path();
    }

    private static CheckResult failure(Place place, List<Claim> clashing, RegistryText text) {
        List<String> keys = clashing.stream().map(claim -> claim.agent().key()).toList();
        return Failure.of(String.valueOf(place.port()))
                .host(place.host())
                .port(place.port())
                .title("Port " + place.port() + " is declared for " + keys.size() + " agents")
                .description(RegistryText.names(keys) + " are declared on port " + place.port() + " of "
                        + (place.host().equals(DeclaredHost.LOCAL) ? "one host" : place.host())
                        + ". Only one program can listen there, so the others cannot be reached or another"
                        + " answers for them.")
                .affected(keys)
                .evidence(
                        clashing.stream().map(claim -> text.url(claim.agent())).toList())
                .recommend("Give each agent a port of its own: change connection.url of all but the agent that really"
                        + " listens on " + place.port())
                .fail();
    }
}
