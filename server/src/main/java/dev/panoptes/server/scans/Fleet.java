package dev.panoptes.server.scans;

import dev.panoptes.core.issue.Waiver;
import dev.panoptes.integrity.Baseline;
import dev.panoptes.integrity.Profile;
import dev.panoptes.integrity.RegistryFinder;
import dev.panoptes.integrity.RegistryLocation;
import dev.panoptes.integrity.ScanRequest;
import dev.panoptes.integrity.Selection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which fleet is scanned, as the operator configured it.
 *
 * @param registry null: looked for anew at every scan
 * @param profile null where none is named
 * @param observeLocal whether this server looks at its own host
 * @param snapshotMaxAge a snapshot older than this is stale
 * @param home the home of the user that runs the server, which is never the root by chance
 * @param cache where code facts are cached
 * @param directory the current directory
 */
public record Fleet(
        @Nullable Path registry,
        @Nullable Path agentsPath,
        @Nullable Path root,
        @Nullable String deployedAt,
        @Nullable String profile,
        boolean observeLocal,
        Path cache,
        Duration probeTimeout,
        Duration deadline,
        Duration snapshotMaxAge,
        Path home,
        Path directory,
        Map<String, String> environment) {
    private static final int CONCURRENCY = 64;
    private static final Path USUAL_REGISTRY = Path.of("/etc/panoptes/agent-registry.yaml");

    public Fleet {
        environment = Map.copyOf(environment);
    }

    /** What to scan now. A registry that cannot be found is asked for at its usual place: its absence is an issue. */
    ScanRequest request(Selection selection, List<Waiver> waivers, Baseline baseline) {
        RegistryLocation location = new RegistryFinder(directory, environment).find(registry, profile);
        Profile habits = switch (location) {
            case RegistryLocation.Found found -> found.profile();
            case RegistryLocation.Nowhere _, RegistryLocation.UnknownProfile _, RegistryLocation.NoPath _ ->
                Profile.NONE;
        };
        Path file = switch (location) {
            case RegistryLocation.Found found -> found.file();
            case RegistryLocation.Nowhere _, RegistryLocation.UnknownProfile _, RegistryLocation.NoPath _ ->
                registry == null ? USUAL_REGISTRY : registry;
        };
        String habitual = habits.agentsPath();
        return new ScanRequest(
                file,
                habits,
                agentsPath != null || habitual == null ? agentsPath : Path.of(habitual),
                root,
                home,
                deployedAt,
                Path.of("/"),
                Map.of(),
                !observeLocal,
                selection,
                waivers,
                baseline,
                List.of(),
                snapshotMaxAge,
                List.of(),
                cache,
                probeTimeout,
                deadline,
                CONCURRENCY,
                List.of());
    }
}
