package dev.panoptes.server.scans;

import dev.panoptes.core.issue.Waiver;
import dev.panoptes.integrity.fleet.Profile;
import dev.panoptes.integrity.fleet.RegistryFinder;
import dev.panoptes.integrity.fleet.RegistryLocation;
import dev.panoptes.integrity.judging.Selection;
import dev.panoptes.integrity.kubernetes.ClusterSource;
import dev.panoptes.integrity.scan.ScanRequest;
import dev.panoptes.integrity.verdict.Baseline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

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
        Map<String, String> environment,
        ClusterSource cluster) {
    private static final int CONCURRENCY = 64;
    static final long LARGEST_REGISTRY_BYTES = 16L << 20;
    private static final Path USUAL_REGISTRY = Path.of("/etc/panoptes/agent-registry.yaml");

    public Fleet {
        environment = Map.copyOf(environment);
    }

    /** The registry and the fleet's habits. @param file where it is, or would usually be */
    record Declared(Path file, Profile habits) {}

    /** Looked for anew: files come and go while a server runs. */
    Declared declared() {
        RegistryLocation location = new RegistryFinder(directory, environment).find(registry, profile);
        return switch (location) {
            case RegistryLocation.Found found -> new Declared(found.file(), found.profile());
            case RegistryLocation.Nowhere _, RegistryLocation.UnknownProfile _, RegistryLocation.NoPath _ ->
                new Declared(registry == null ? USUAL_REGISTRY : registry, Profile.NONE);
        };
    }

    /** SHA-256 of the registry's bytes as they are now, lower-case hex; null where there are none that can be read. */
    public @Nullable String registryDigest() {
        Path file = directory.resolve(declared().file());
        try {
            return Files.isRegularFile(file) && Files.size(file) <= LARGEST_REGISTRY_BYTES
                    ? Digests.sha256(Files.readAllBytes(file))
                    : null;
        } catch (IOException e) {
            // Scans tell why.
            LoggerFactory.getLogger(Fleet.class).atDebug().setCause(e).log("the registry cannot be read");
            return null;
        }
    }

    /** What to scan now. A registry that cannot be found is asked for at its usual place: its absence is an issue. */
    ScanRequest request(Selection selection, List<Waiver> waivers, Baseline baseline) {
        Declared declared = declared();
        Profile habits = declared.habits();
        String habitual = habits.agentsPath();
        return new ScanRequest(
                declared.file(),
                habits,
                agentsPath != null || habitual == null ? agentsPath : Path.of(habitual),
                root == null ? rootOf(declared.file()) : root,
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
                List.of(),
                cluster);
    }

    /**
     * Null where the scan finds the root by the registry. Without a folder that the registry could be in there is no fleet to
     * look through: an empty folder of ours stands for it, so that the missing registry is told and nothing else.
     */
    private @Nullable Path rootOf(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null && Files.isDirectory(folder)) {
            return null;
        }
        Path empty = cache.resolve("no-fleet");
        try {
            return Files.createDirectories(empty);
        } catch (IOException e) {
            // Then the scan says that there is no root, which is true.
            LoggerFactory.getLogger(Fleet.class).atDebug().setCause(e).log("no folder for a fleet that is not there");
            return null;
        }
    }
}
