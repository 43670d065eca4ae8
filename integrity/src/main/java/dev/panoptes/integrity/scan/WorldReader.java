package dev.panoptes.integrity.scan;

import dev.panoptes.core.registry.KubernetesService;
import dev.panoptes.core.registry.Registry;
import dev.panoptes.core.registry.RegistryResult;
import dev.panoptes.core.registry.SettledRegistry;
import dev.panoptes.core.yaml.Location;
import dev.panoptes.core.yaml.Problem;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.DeclarationsReader;
import dev.panoptes.integrity.declared.Links;
import dev.panoptes.integrity.declared.ScanRoot;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.kubernetes.ClusterReader;
import dev.panoptes.integrity.kubernetes.ClusterSource;
import dev.panoptes.integrity.kubernetes.ClusterView;
import dev.panoptes.integrity.observed.RunningCode;
import dev.panoptes.integrity.observed.Snapshot;
import dev.panoptes.integrity.world.Derived;
import dev.panoptes.integrity.world.RegistryView;
import dev.panoptes.integrity.world.World;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Gathers the views of a fleet, each once: what is declared and what is observed at the same time. */
final class WorldReader {
    private static final String NOTHING_READ =
            "No agents path and no root were given, and the registry lies in no tree of its own: code, compose files,"
                    + " Dockerfiles and units were not read.";

    private final Set<CheckGroup> judged;
    private final InstantSource clock;
    private final boolean withoutRegistry;
    private final Consumer<byte[]> registry;

    /**
     * @param judged the groups of the checks that will run: what none of them judges is not looked at
     * @param registry told the bytes of the registry
     */
    WorldReader(Set<CheckGroup> judged, InstantSource clock, boolean withoutRegistry, Consumer<byte[]> registry) {
        this.registry = registry;
        this.withoutRegistry = withoutRegistry;
        this.judged = Set.copyOf(judged);
        this.clock = clock;
    }

    /** What gathering gave. */
    sealed interface Gathered {
        /** @param notes what the reader of the report should know */
        record Whole(World world, List<String> notes) implements Gathered {
            public Whole {
                notes = List.copyOf(notes);
            }
        }

        record Refused(String message, String hint) implements Gathered {}
    }

    Gathered read(ScanRequest request, Remembered remembered, Instant now) throws InterruptedException {
        ScanRoot root = judgesFiles()
                ? ScanRoot.choose(request.root(), request.registry(), request.agentsPath(), request.home())
                : new ScanRoot.None();
        SnapshotGathering gathering = new SnapshotGathering(request, remembered.snapshots(), judged, clock);
        gathering.begin();
        RegistryResult result = new SettledRegistry(clock, remembered.registryExpected())
                .load(request.registry(), name(request.registry(), root), registry);
        return switch (result) {
            case RegistryResult.Absent(String file)
            when remembered.registryExpected() -> {
                Problem absent = new Problem("absent", file, Location.WHOLE_FILE, "there is no such file");
                yield gather(request, remembered, gathering, root, RegistryView.broken(file, List.of(absent)), now);
            }
            case RegistryResult.Absent(String file)
            when withoutRegistry -> gather(request, remembered, gathering, root, RegistryView.absent(file), now);
            case RegistryResult.Absent(String _) ->
                new Gathered.Refused(
                        "there is no registry at " + request.registry(),
                        "Write one: panoptes adopt > agent-registry.yaml");
            case RegistryResult.Broken(String file, var problems) ->
                gather(request, remembered, gathering, root, RegistryView.broken(file, problems), now);
            case RegistryResult.Loaded(var registry, var problems) ->
                gather(request, remembered, gathering, root, new RegistryView(registry, false, problems), now);
        };
    }

    private Gathered gather(
            ScanRequest request,
            Remembered remembered,
            SnapshotGathering gathering,
            ScanRoot root,
            RegistryView declared,
            Instant now)
            throws InterruptedException {
        List<String> notes = new ArrayList<>(request.notes());
        DeclarationsReader.Request wanted = null;
        switch (root) {
            case ScanRoot.Refused(String reason) -> {
                return new Gathered.Refused(reason, "");
            }
            case ScanRoot.None none -> {
                if (judgesFiles()) {
                    notes.add(NOTHING_READ);
                }
            }
            case ScanRoot.Chosen chosen -> {
                if (chosen.remark() != null) {
                    notes.add(chosen.remark());
                }
                wanted = new DeclarationsReader.Request(
                        chosen.root(),
                        chosen.agentsPath(),
                        request.deployedAt(),
                        declared.registry(),
                        request.deadline());
            }
        }
        return look(request, remembered, gathering, declared, wanted, now, notes);
    }

    /** Every file of a report is named by its path below the root; one that lies elsewhere by its absolute path. */
    private static String name(Path registry, ScanRoot root) {
        if (!(root instanceof ScanRoot.Chosen chosen)) {
            return registry.toString();
        }
        String below = ScanRoot.below(chosen.root(), registry);
        return below == null ? registry.toAbsolutePath().normalize().toString() : below;
    }

    /** True where a check is to run that judges files beside the registry. */
    private boolean judgesFiles() {
        return judged.contains(CheckGroup.CODE)
                || judged.contains(CheckGroup.COMPOSE)
                || judged.contains(CheckGroup.DOCKERFILE)
                || judged.contains(CheckGroup.SYSTEMD)
                || judged.contains(CheckGroup.KUBERNETES)
                || judged.contains(CheckGroup.HOST);
    }

    private Gathered look(
            ScanRequest request,
            Remembered remembered,
            SnapshotGathering gathering,
            RegistryView declared,
            DeclarationsReader.@Nullable Request wanted,
            Instant now,
            List<String> notes)
            throws InterruptedException {
        SnapshotGathering.Result seen;
        @Nullable ClusterView running;
        Declarations declarations = null;
        FutureTask<SnapshotGathering.Result> observed = new FutureTask<>(() -> gathering.gather(declared));
        Set<String> namespaces = namespaces(request, declared);
        FutureTask<ClusterView> cluster = new FutureTask<>(() -> cluster(request, namespaces));
        Thread.ofPlatform().daemon().name("panoptes-observe").start(observed);
        if (!namespaces.isEmpty()) {
            Thread.ofVirtual().name("panoptes-cluster").start(cluster);
        }
        try {
            if (wanted != null) {
                switch (new DeclarationsReader(
                                CodeSources.of(declared.registry(), request.cache(), clock), request.cache())
                        .read(wanted)) {
                    case DeclarationsReader.Result.NoRoot(String reason) -> {
                        return new Gathered.Refused(reason, "");
                    }
                    case DeclarationsReader.Result.Read(Declarations read) -> declarations = read;
                }
            }
            if (withoutRegistry && (declarations == null || declarations.isEmpty())) {
                return new Gathered.Refused(
                        "there is nothing to scan: no registry, and no compose file, unit or Dockerfile "
                                + (wanted == null ? "was looked for" : "below " + wanted.root()),
                        "Say --registry or --root, or write a registry: panoptes adopt > agent-registry.yaml");
            }
            if (declarations != null) {
                notes.addAll(told(declarations, request));
            }
            seen = observed.get();
            running = namespaces.isEmpty() ? null : cluster.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the observed view could not be gathered", e.getCause());
        } finally {
            observed.cancel(true);
            cluster.cancel(true);
        }
        return switch (seen) {
            case SnapshotGathering.Result.Refused(String message) ->
                new Gathered.Refused(
                        message, "A snapshot is written by: panoptes scan --snapshot FILE, or panoptes observe");
            case SnapshotGathering.Result.Gathered(List<Snapshot> looked) -> {
                List<Snapshot> snapshots = together(looked, remembered.snapshots());
                yield new Gathered.Whole(
                        new World(
                                declared,
                                declarations,
                                snapshots,
                                request.profile(),
                                new Links(declared.registry(), declarations),
                                request.snapshotMaxAge(),
                                remembered.enrolled(),
                                snapshots.isEmpty() ? now : clock.instant(),
                                recorded(request, declared.registry()),
                                running,
                                remembered.serverPid(),
                                new Derived()),
                        notes);
            }
        };
    }

    /** Those that the registry names; empty where nobody is to be asked about them. */
    private Set<String> namespaces(ScanRequest request, RegistryView declared) {
        return !judged.contains(CheckGroup.KUBERNETES) || (request.cluster() == null && request.offline())
                ? Set.of()
                : declared.registry().agents().stream()
                        .flatMap(agent -> Stream.ofNullable(agent.kubernetes()))
                        .map(KubernetesService::namespace)
                        .collect(Collectors.toSet());
    }

    private static ClusterView cluster(ScanRequest request, Set<String> namespaces) throws InterruptedException {
        ClusterSource source = request.cluster();
        return (source == null ? ClusterReader.unusable("No cluster was asked") : source)
                .look(namespaces, request.deadline());
    }

    /** Where declarations were read, and what stands for the root on the deployed machine. */
    private static List<String> told(Declarations declarations, ScanRequest request) {
        String prefixes = String.join(" and ", declarations.paths().prefixes());
        return request.deployedAt() != null || prefixes.isEmpty() || prefixes.equals(declarations.rootText())
                ? List.of()
                : List.of("The root is deployed at " + prefixes
                        + ", by the paths of the units; --deployed-at says otherwise");
    }

    /** A host that this scan looked at itself needs no remembered snapshot. */
    private static List<Snapshot> together(List<Snapshot> looked, List<Snapshot> remembered) {
        List<Snapshot> all = new ArrayList<>(looked);
        for (Snapshot each : remembered) {
            if (looked.stream()
                    .noneMatch(one -> one.host().name().equals(each.host().name()))) {
                all.add(each);
            }
        }
        return all;
    }

    private static List<RunningCode> recorded(ScanRequest request, Registry registry) {
        List<RunningCode> recorded = new ArrayList<>();
        for (Snapshot snapshot : request.recorded()) {
            recorded.addAll(RunningCode.of(registry, snapshot));
        }
        return recorded;
    }
}
