package dev.panoptes.integrity;

import dev.panoptes.core.registry.RegistryLoader;
import dev.panoptes.core.registry.RegistryResult;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.Links;
import dev.panoptes.integrity.observed.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** Gathers the views of a fleet, each once: what is declared and what is observed at the same time. */
final class WorldReader {
    private static final Duration SNAPSHOT_MAX_AGE = Duration.ofMinutes(3);

    private static final String NOTHING_READ =
            "No agents path and no root were given: code, compose files, Dockerfiles and units were not read.";

    private final List<Check> checks;
    private final InstantSource clock;

    /** @param checks those that will run: what none of them judges is not looked at */
    WorldReader(List<Check> checks, InstantSource clock) {
        this.checks = checks;
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

    Gathered read(ScanRequest request, Instant now) throws InterruptedException {
        RegistryResult result = new RegistryLoader().load(request.registry());
        return switch (result) {
            case RegistryResult.Absent(String file) ->
                new Gathered.Refused(
                        "there is no registry at " + file, "Write one: panoptes adopt > agent-registry.yaml");
            case RegistryResult.Broken(String file, var problems) ->
                gather(request, RegistryView.broken(file, problems), now);
            case RegistryResult.Loaded(var registry, var problems) ->
                gather(request, new RegistryView(registry, false, problems), now);
        };
    }

    private Gathered gather(ScanRequest request, RegistryView declared, Instant now) throws InterruptedException {
        ScanRoot root = ScanRoot.of(request.registry(), request.agentsPath(), request.root());
        return switch (root) {
            case ScanRoot.Refused(String message, String hint) -> new Gathered.Refused(message, hint);
            case ScanRoot.None none -> whole(request, declared, now, judgesFiles() ? NOTHING_READ : null);
            case ScanRoot.At at -> whole(request, declared, now, at.note());
        };
    }

    /** True where a check is to run that judges files beside the registry. */
    private boolean judgesFiles() {
        for (Check check : checks) {
            switch (check.info().group()) {
                case CODE, COMPOSE, DOCKERFILE, SYSTEMD -> {
                    return true;
                }
                case REGISTRY, HOST, PROBE, ENROLLED -> {}
            }
        }
        return false;
    }

    private Gathered whole(ScanRequest request, RegistryView declared, Instant now, @Nullable String note)
            throws InterruptedException {
        List<String> notes = new ArrayList<>(request.notes());
        if (note != null) {
            notes.add(note);
        }
        FutureTask<List<Snapshot>> observed =
                new FutureTask<>(() -> new SnapshotGathering(request, checks, clock).gather(declared));
        Thread.ofPlatform().daemon().name("panoptes-observe").start(observed);
        try {
            Declarations declarations = null;
            List<Snapshot> snapshots = observed.get();
            return new Gathered.Whole(
                    new World(
                            declared,
                            declarations,
                            snapshots,
                            request.profile(),
                            new Links(declared.registry(), declarations),
                            SNAPSHOT_MAX_AGE,
                            null,
                            snapshots.isEmpty() ? now : clock.instant()),
                    notes);
        } catch (ExecutionException e) {
            throw new IllegalStateException("gathering snapshots must not throw", e);
        } finally {
            observed.cancel(true);
        }
    }
}
