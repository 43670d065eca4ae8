package dev.panoptes.integrity.observed;

import dev.panoptes.core.Tasks;
import dev.panoptes.core.Tasks.Outcome;
import dev.panoptes.core.host.Host;
import dev.panoptes.integrity.observed.Snapshot.Coverage;
import dev.panoptes.integrity.observed.Snapshot.HostIdentity;
import dev.panoptes.integrity.observed.Snapshot.Source;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** Looks at one host: sockets with owners, units and health answers at the same time. */
public final class LocalObserver {
    private final Host host;
    private final InstantSource clock;
    private final String name;

    /** @param name who observes, for the snapshot, for example {@code panoptes 1.0} */
    public LocalObserver(Host host, InstantSource clock, String name) {
        this.host = host;
        this.clock = clock;
        this.name = name;
    }

    /** What can be seen; what cannot is told by the coverage of its source. */
    public Snapshot observe(ObserveRequest request) throws InterruptedException {
        List<Callable<ListenerObservation>> tasks = List.of(() -> ListenerObservation.of(host));
        Outcome<ListenerObservation> outcome =
                Tasks.runAll(tasks, tasks.size(), request.deadline()).getFirst();
        ListenerObservation listeners = switch (outcome) {
            case Outcome.Done<ListenerObservation>(ListenerObservation value) -> value;
            case Outcome.Failed<ListenerObservation>(Throwable cause) ->
                ListenerObservation.unseen("looking at the sockets failed: " + cause);
            case Outcome.TimedOut<ListenerObservation>() ->
                ListenerObservation.unseen("looking at the sockets took longer than the deadline");
        };
        Map<Source, Coverage> sources = new EnumMap<>(Source.class);
        sources.put(Source.SOCKETS, listeners.sockets());
        sources.put(Source.OWNERS, listeners.owners());
        sources.put(Source.UNITS, new Coverage.Absent("units were not observed"));
        sources.put(Source.PROBES, new Coverage.Absent("no health endpoint was asked"));
        return new Snapshot(
                Snapshot.SCHEMA,
                identity(request.host()),
                clock.instant(),
                name,
                sources,
                listeners.listeners(),
                List.of(),
                List.of());
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
