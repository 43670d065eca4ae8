package dev.panoptes.server.scans;

import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.DeclaredEndpoint;
import dev.panoptes.core.registry.DeclaredHost;
import dev.panoptes.core.registry.KubernetesService;
import dev.panoptes.core.registry.Registry;
import dev.panoptes.integrity.kubernetes.ClusterView;
import dev.panoptes.integrity.observed.ProbeAnswer;
import dev.panoptes.integrity.observed.Snapshot;
import dev.panoptes.integrity.observed.Snapshot.Coverage;
import dev.panoptes.integrity.observed.Snapshot.Listener;
import dev.panoptes.integrity.observed.Snapshot.Owner;
import dev.panoptes.integrity.observed.Snapshot.Probe;
import dev.panoptes.integrity.observed.Snapshot.Source;
import dev.panoptes.integrity.observed.Snapshot.UnitState;
import dev.panoptes.integrity.world.World;
import dev.panoptes.server.health.AgentHealth;
import dev.panoptes.server.health.AgentHealth.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Whether the declared agents run, read from what a scan looked at. */
final class AgentsSeen {
    private record Place(String host, int port) {}

    /** What was seen of one agent on one host. @param error null where it runs */
    private record Look(
            Status status,
            @Nullable String error,
            @Nullable Integer pid,
            @Nullable Long millis,
            @Nullable Instant at) {
        static Look not(Status status, String error) {
            return new Look(status, error, null, null, null);
        }

        static Look runs(@Nullable Integer pid, @Nullable Long millis) {
            return new Look(Status.RUNNING, null, pid, millis, null);
        }

        Look seen(Instant time) {
            return new Look(status, error, pid, millis, time);
        }
    }

    private final World world;
    private final Map<Place, Integer> declared = new HashMap<>();
    private final Map<Place, List<Listener>> listeners = new HashMap<>();
    private final Map<String, Probe> probes = new HashMap<>();
    private final Map<String, Map<String, UnitState>> units = new HashMap<>();

    private AgentsSeen(World world) {
        this.world = world;
        Registry registry = world.registry();
        for (DeclaredAgent agent : registry.agents()) {
            if (registry.endpoint(agent) instanceof DeclaredEndpoint.At at) {
                registry.hostsOf(agent).forEach(host -> declared.merge(new Place(host, at.port()), 1, Integer::sum));
            }
        }
        for (Snapshot snapshot : world.snapshots()) {
            String host = snapshot.host().name();
            for (Listener listener : snapshot.listeners()) {
                listeners
                        .computeIfAbsent(new Place(host, listener.port()), _ -> new ArrayList<>())
                        .add(listener);
            }
            Map<String, UnitState> byName = units.computeIfAbsent(host, _ -> new HashMap<>());
            for (UnitState unit : snapshot.units()) {
                byName.putIfAbsent(unit.name(), unit);
                unit.aliases().forEach(alias -> byName.putIfAbsent(alias, unit));
            }
            for (Probe probe : snapshot.probes()) {
                probes.putIfAbsent(host + "\n" + probe.agent(), probe);
                // An observer elsewhere may have asked too; whoever is on the host knows better.
                probes.putIfAbsent(probe.agent(), probe);
            }
        }
    }

    /** One entry per declared agent, in the order of the registry. */
    static List<AgentHealth> of(World world) {
        AgentsSeen seen = new AgentsSeen(world);
        return world.registry().agents().stream().map(seen::agent).toList();
    }

    private AgentHealth agent(DeclaredAgent agent) {
        List<String> hosts = world.registry().hostsOf(agent);
        Map<String, Look> looks = new HashMap<>();
        for (String host : hosts) {
            looks.put(host, on(host, agent));
        }
        int wanted = Math.max(1, Math.min(agent.placement().minReplicas(), hosts.size()));
        Set<Status> present = looks.values().stream().map(Look::status).collect(Collectors.toSet());
        long running = looks.values().stream()
                .filter(look -> look.status() == Status.RUNNING)
                .count();
        Status status = running >= wanted ? Status.RUNNING : worst(present);
        String host = hosts.stream()
                .filter(each -> looks.get(each) != null && looks.get(each).status() == status)
                .findFirst()
                .orElse(hosts.getFirst());
        Look look = looks.getOrDefault(host, Look.not(Status.UNKNOWN, "nobody looked"));
        DeclaredEndpoint.At at = world.registry().endpoint(agent) instanceof DeclaredEndpoint.At found ? found : null;
        return new AgentHealth(
                agent.key(),
                agent.displayName(),
                host,
                status.id(),
                look.pid(),
                null,
                look.millis(),
                look.error(),
                look.at(),
                at == null ? null : at.scheme(),
                at == null ? null : at.address(),
                at == null ? null : at.port());
    }

    /** With too few copies: what could not be seen might be the missing ones, so it weighs more than what was. */
    private static Status worst(Set<Status> present) {
        for (Status status : List.of(Status.UNKNOWN, Status.STALE, Status.INCOMPATIBLE)) {
            if (present.contains(status)) {
                return status;
            }
        }
        return Status.STOPPED;
    }

    private Look on(String host, DeclaredAgent agent) {
        KubernetesService service = agent.kubernetes();
        ClusterView cluster = world.cluster();
        if (service != null && cluster != null) {
            return behind(service, cluster.look(service.namespace())).seen(world.now());
        }
        Snapshot snapshot = world.snapshot(host).orElse(null);
        if (snapshot == null) {
            return Look.not(Status.UNKNOWN, "no observer spoke for " + called(host));
        }
        if (snapshot.taken().isBefore(world.now().minus(world.snapshotMaxAge()))) {
            return Look.not(Status.STALE, called(host) + " was last looked at too long ago")
                    .seen(snapshot.taken());
        }
        Look look = world.registry().endpoint(agent) instanceof DeclaredEndpoint.At at
                ? at(snapshot, agent, at)
                : unit(snapshot, agent);
        return look.seen(snapshot.taken());
    }

    /** What runs behind a Service runs in pods of any node: the cluster says whether there is one that takes requests. */
    private static Look behind(KubernetesService service, ClusterView.Look look) {
        return switch (look) {
            case ClusterView.Look.Unseen(String reason) -> Look.not(Status.UNKNOWN, reason);
            case ClusterView.Look.Seen seen -> {
                boolean there =
                        seen.services().stream().anyMatch(each -> each.name().equals(service.service()));
                boolean ready = seen.slices().stream()
                        .filter(slice -> slice.service().equals(service.service()))
                        .anyMatch(slice -> slice.endpoints().stream().anyMatch(ClusterView.Endpoint::ready));
                yield there && ready
                        ? Look.runs(null, null)
                        : Look.not(
                                Status.STOPPED,
                                there
                                        ? "no endpoint of Service " + service.id() + " is ready"
                                        : "the cluster has no Service " + service.id());
            }
        };
    }

    private static String called(String host) {
        return host.equals(DeclaredHost.LOCAL) ? "this host" : "host " + host;
    }

    private Look at(Snapshot snapshot, DeclaredAgent agent, DeclaredEndpoint.At at) {
        String host = snapshot.host().name();
        Place place = new Place(host, at.port());
        List<Listener> here = listeners.getOrDefault(place, List.of());
        boolean alone = declared.getOrDefault(place, 0) <= 1;
        Probe probe = probes.get(host + "\n" + agent.key());
        ProbeAnswer answer = probe == null && probes.get(agent.key()) != null
                ? probes.get(agent.key()).answer()
                : probe == null ? null : probe.answer();
        return switch (answer) {
            case ProbeAnswer.Healthy healthy -> healthy(agent, healthy, here, alone);
            case ProbeAnswer.Faulty faulty
            when faulty.connected() || !here.isEmpty() ->
                Look.not(Status.INCOMPATIBLE, "the health endpoint " + faulty.reason());
            case ProbeAnswer.Refused() -> Look.not(Status.STOPPED, "the connection was refused");
            case ProbeAnswer.Faulty _, ProbeAnswer.NotAsked _ -> bySockets(snapshot, at, here, alone);
            case null -> bySockets(snapshot, at, here, alone);
        };
    }

    private static Look healthy(DeclaredAgent agent, ProbeAnswer.Healthy answer, List<Listener> here, boolean alone) {
        String identity = answer.identity();
        if (identity != null && !agent.answersTo(identity)) {
            return Look.not(Status.INCOMPATIBLE, "what answers there says that it is " + identity);
        }
        if (identity == null && !alone) {
            return Look.not(Status.UNKNOWN, "several agents are declared on its port, and the answer names none");
        }
        return Look.runs(pid(here), answer.millis());
    }

    private static Look bySockets(Snapshot snapshot, DeclaredEndpoint.At at, List<Listener> here, boolean alone) {
        return switch (snapshot.coverage(Source.SOCKETS)) {
            case Coverage.Denied(String reason) -> Look.not(Status.UNKNOWN, reason);
            case Coverage.Absent(String reason) -> Look.not(Status.UNKNOWN, reason);
            case Coverage.Complete() -> {
                if (here.isEmpty()) {
                    yield Look.not(Status.STOPPED, "nothing listens on port " + at.port());
                }
                yield alone
                        ? Look.runs(pid(here), null)
                        : Look.not(Status.UNKNOWN, "several agents are declared on its port");
            }
        };
    }

    private Look unit(Snapshot snapshot, DeclaredAgent agent) {
        String unit = agent.unit();
        if (unit == null) {
            return Look.not(Status.UNKNOWN, "the registry gives neither a usable URL nor a unit");
        }
        return switch (snapshot.coverage(Source.UNITS)) {
            case Coverage.Denied(String reason) -> Look.not(Status.UNKNOWN, reason);
            case Coverage.Absent(String reason) -> Look.not(Status.UNKNOWN, reason);
            case Coverage.Complete() -> {
                UnitState state =
                        units.getOrDefault(snapshot.host().name(), Map.of()).get(unit);
                if (state == null) {
                    yield Look.not(Status.UNKNOWN, "the unit " + unit + " was not looked at");
                }
                yield state.activeState().equals("active")
                        ? Look.runs(state.mainPid() == 0 ? null : state.mainPid(), null)
                        : Look.not(Status.STOPPED, "the unit " + unit + " is " + state.activeState());
            }
        };
    }

    /** Of the process that the others were forked from; null where that cannot be told. */
    private static @Nullable Integer pid(List<Listener> listeners) {
        Map<Integer, Owner> owners = new HashMap<>();
        listeners.forEach(listener -> listener.owners().forEach(owner -> owners.put(owner.pid(), owner)));
        Set<Integer> roots = new HashSet<>();
        owners.values().stream()
                .filter(owner -> !owners.containsKey(owner.parentPid()))
                .forEach(owner -> roots.add(owner.pid()));
        return roots.size() == 1 ? roots.iterator().next() : null;
    }
}
