package dev.panoptes.integrity;

import dev.panoptes.core.registry.RegistryLoader;
import dev.panoptes.core.registry.RegistryResult;
import dev.panoptes.integrity.declared.Links;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Gathers the views of a fleet, each once: what is declared and what is observed at the same time. */
final class WorldReader {
    private static final Duration SNAPSHOT_MAX_AGE = Duration.ofMinutes(3);

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

    private static Gathered gather(ScanRequest request, RegistryView declared, Instant now) {
        World world = new World(
                declared,
                null,
                List.of(),
                request.profile(),
                new Links(declared.registry(), null),
                SNAPSHOT_MAX_AGE,
                null,
                now);
        return new Gathered.Whole(world, List.of());
    }
}
