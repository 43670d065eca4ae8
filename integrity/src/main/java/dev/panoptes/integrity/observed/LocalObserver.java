package dev.panoptes.integrity.observed;

import dev.panoptes.core.Tasks;
import dev.panoptes.core.Tasks.Outcome;
import dev.panoptes.core.host.Host;
import dev.panoptes.integrity.observed.Snapshot.Coverage;
import dev.panoptes.integrity.observed.Snapshot.HostIdentity;
import dev.panoptes.integrity.observed.Snapshot.Probe;
import dev.panoptes.integrity.observed.Snapshot.Source;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** Looks at one host: sockets with owners, units, health answers and containers at the same time. For one thread. */
public final class LocalObserver {
    /** So that a part that keeps the deadline itself still delivers what it has by then. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final Host host;
    private final InstantSource clock;
    private final String name;
    private final List<Path> engines;
    private @Nullable FutureTask<ListenerObservation> begun;

    /** With the usual places of container engines. @param name who observes, for the snapshot, for example {@code panoptes 1.0} */
    public LocalObserver(Host host, InstantSource clock, String name) {
        this(host, clock, name, EngineSockets.usual());
    }

    /** @param engines sockets of container engines, see {@link EngineSockets} */
    public LocalObserver(Host host, InstantSource clock, String name, List<Path> engines) {
        this.host = host;
        this.clock = clock;
        this.name = name;
        this.engines = List.copyOf(engines);
    }

    /** Begins to look at sockets, for which no request is needed: the first {@link #observe} tells what came of it. */
    public void begin() {
        FutureTask<ListenerObservation> look = new FutureTask<>(() -> ListenerObservation.of(host));
        Thread.ofPlatform().daemon().name("panoptes-sockets").start(look);
        begun = look;
    }

    private ListenerObservation listeners() throws Exception {
        FutureTask<ListenerObservation> look = begun;
        begun = null;
        if (look == null) {
            return ListenerObservation.of(host);
        }
        try {
            return look.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        } finally {
            look.cancel(true);
        }
    }

    /** What can be seen; what cannot is told by the coverage of its source. */
    public Snapshot observe(ObserveRequest request) throws InterruptedException {
        List<Callable<Part>> tasks = List.of(
                () -> new Part.Sockets(listeners()),
                () -> probes(request),
                () -> new Part.Units(UnitObservation.of(host, request.units())),
                () -> new Part.Containers(ContainerObservation.of(host, engines)));
        List<Outcome<Part>> outcomes =
                Tasks.runAll(tasks, tasks.size(), request.deadline().plus(GRACE));
        ListenerObservation listeners =
                ListenerObservation.unseen("looking at the sockets " + failure(outcomes.get(0)));
        Part.Probes probes = new Part.Probes(
                List.of(), new Coverage.Denied("asking the health endpoints " + failure(outcomes.get(1))));
        UnitObservation units = UnitObservation.unseen("looking at the units " + failure(outcomes.get(2)));
        ContainerObservation containers =
                ContainerObservation.unseen("looking at the containers " + failure(outcomes.get(3)));
        for (Outcome<Part> outcome : outcomes) {
            if (outcome instanceof Outcome.Done<Part>(Part part)) {
                switch (part) {
                    case Part.Sockets(ListenerObservation seen) -> listeners = seen;
                    case Part.Probes asked -> probes = asked;
                    case Part.Units(UnitObservation seen) -> units = seen;
                    case Part.Containers(ContainerObservation seen) -> containers = seen;
                }
            }
        }
        Map<Source, Coverage> sources = new EnumMap<>(Source.class);
        sources.put(Source.SOCKETS, listeners.sockets());
        sources.put(Source.OWNERS, listeners.owners());
        sources.put(Source.UNITS, units.coverage());
        sources.put(Source.PROBES, probes.coverage());
        sources.put(Source.CONTAINERS, containers.coverage());
        return new Snapshot(
                Snapshot.SCHEMA,
                identity(request.host()),
                clock.instant(),
                name,
                sources,
                listeners.listeners(),
                units.units(),
                probes.answers(),
                containers.containers());
    }

    /** What one of the concurrent looks gave. */
    private sealed interface Part {
        record Sockets(ListenerObservation listeners) implements Part {}

        record Probes(List<Probe> answers, Coverage coverage) implements Part {}

        record Units(UnitObservation units) implements Part {}

        record Containers(ContainerObservation containers) implements Part {}
    }

    private static Part probes(ObserveRequest request) throws InterruptedException {
        if (request.probes().isEmpty()) {
            return new Part.Probes(List.of(), new Coverage.Absent("no health endpoint was asked"));
        }
        return new Part.Probes(
                new HealthProbe().ask(request.probes(), request.concurrency(), request.deadline()),
                new Coverage.Complete());
    }

    private static String failure(Outcome<Part> outcome) {
        return switch (outcome) {
            case Outcome.Done<Part> ignored -> "succeeded";
            case Outcome.Failed<Part>(Throwable cause) -> "failed: " + cause;
            case Outcome.TimedOut<Part>() -> "took longer than the deadline";
        };
    }

    private HostIdentity identity(String hostName) {
        return new HostIdentity(
                host.name().orElse(hostName),
                hostName,
                host.machineId().map(LocalObserver::hashed).orElse(null),
                host.bootId().orElse(null));
    }

    /** machine-id(5) asks that the id itself does not leave the host. */
    private static String hashed(String machineId) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(("panoptes\0" + machineId).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
