package dev.panoptes.integrity.scan;

import dev.panoptes.core.host.Host;
import dev.panoptes.core.registry.DeclaredHost;
import dev.panoptes.core.registry.Registry;
import dev.panoptes.integrity.fleet.DeclaredUnits;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.observed.LocalObserver;
import dev.panoptes.integrity.observed.ObserveRequest;
import dev.panoptes.integrity.observed.ProbeTarget;
import dev.panoptes.integrity.observed.ProbeTargets;
import dev.panoptes.integrity.observed.Snapshot;
import dev.panoptes.integrity.observed.Snapshot.Coverage;
import dev.panoptes.integrity.observed.Snapshot.HostIdentity;
import dev.panoptes.integrity.observed.Snapshot.Source;
import dev.panoptes.integrity.observed.SnapshotJson;
import dev.panoptes.integrity.world.RegistryView;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The observed view: stored snapshots, or a look at the local host, or nothing in an offline scan. */
final class SnapshotGathering {
    private static final String OBSERVER = "panoptes";

    private final ScanRequest request;
    private final List<Snapshot> remembered;
    private final Set<CheckGroup> judged;
    private final InstantSource clock;
    private @Nullable LocalObserver begun;

    /** @param remembered snapshots of other hosts, which need not be looked at from here */
    SnapshotGathering(ScanRequest request, List<Snapshot> remembered, Set<CheckGroup> judged, InstantSource clock) {
        this.request = request;
        this.remembered = List.copyOf(remembered);
        this.judged = judged;
        this.clock = clock;
    }

    /** What gathering gave. */
    sealed interface Result {
        record Gathered(List<Snapshot> snapshots) implements Result {
            public Gathered {
                snapshots = List.copyOf(snapshots);
            }
        }

        /** A file that the user named cannot be used. */
        record Refused(String message) implements Result {}
    }

    /** Begins with what needs no registry, so that it is looked at while the registry is read. */
    void begin() {
        if (looksHere()) {
            begun = observer();
            begun.begin();
        }
    }

    private LocalObserver observer() {
        return new LocalObserver(new Host(request.hostRoot()), clock, OBSERVER);
    }

    /** True where this host is looked at, and no snapshot that is given. */
    private boolean looksHere() {
        return request.snapshots().isEmpty()
                && !request.offline()
                && (judged.contains(CheckGroup.HOST)
                        || judged.contains(CheckGroup.SYSTEMD)
                        || judged.contains(CheckGroup.PROBE));
    }

    Result gather(RegistryView declared) throws InterruptedException {
        if (!request.snapshots().isEmpty()) {
            return stored();
        }
        return new Result.Gathered(looksHere() ? List.of(look(declared)) : List.of());
    }

    /** Of several snapshots of one host the newest counts; two hosts under one name cannot be told apart. */
    private Result stored() {
        Map<String, Snapshot> byName = new LinkedHashMap<>();
        for (Path file : request.snapshots()) {
            switch (new SnapshotJson().read(file)) {
                case SnapshotJson.Result.Refused(String reason) -> {
                    return new Result.Refused("the snapshot " + file + " cannot be used: " + reason);
                }
                case SnapshotJson.Result.Read(Snapshot snapshot) -> {
                    String name = snapshot.host().name();
                    Snapshot other = byName.get(name);
                    if (other != null
                            && !other.host().id().equals(snapshot.host().id())) {
                        return new Result.Refused("two hosts, " + other.host().id() + " and "
                                + snapshot.host().id() + ", are both called " + name
                                + " in their snapshots; name them apart: panoptes observe --host NAME");
                    }
                    if (other == null || other.taken().isBefore(snapshot.taken())) {
                        byName.put(name, snapshot);
                    }
                }
            }
        }
        return new Result.Gathered(List.copyOf(byName.values()));
    }

    private Snapshot look(RegistryView declared) throws InterruptedException {
        try {
            boolean probing = new Host(request.hostRoot()).isLive() && judged.contains(CheckGroup.PROBE);
            List<ProbeTarget> targets = probing ? targets(declared.registry()) : List.of();
            return (begun == null ? observer() : begun)
                    .observe(new ObserveRequest(
                            DeclaredHost.LOCAL,
                            targets,
                            DeclaredUnits.names(declared.registry(), request.profile()),
                            request.concurrency(),
                            request.deadline()));
        } catch (RuntimeException e) {
            return unseen("the observer failed: " + e);
        }
    }

    private List<ProbeTarget> targets(Registry registry) {
        AnsweredElsewhere answered =
                new AnsweredElsewhere(registry, remembered, clock.instant().minus(request.snapshotMaxAge()));
        return new ProbeTargets(registry, DeclaredHost.LOCAL, request.resolve(), request.probeTimeout())
                .all().stream().filter(target -> !answered.has(target.agent())).toList();
    }

    /** A snapshot that says of everything that it could not be seen. */
    private Snapshot unseen(String reason) {
        Map<Source, Coverage> sources = new EnumMap<>(Source.class);
        for (Source source : Source.values()) {
            sources.put(source, new Coverage.Denied(reason));
        }
        return new Snapshot(
                Snapshot.SCHEMA,
                new HostIdentity(DeclaredHost.LOCAL, DeclaredHost.LOCAL, null, null),
                clock.instant(),
                OBSERVER,
                sources,
                List.of(),
                List.of(),
                List.of());
    }
}
