package dev.panoptes.integrity.scan;

import dev.panoptes.core.issue.Waiver;
import dev.panoptes.integrity.fleet.Profile;
import dev.panoptes.integrity.judging.Selection;
import dev.panoptes.integrity.kubernetes.ClusterSource;
import dev.panoptes.integrity.observed.Snapshot;
import dev.panoptes.integrity.verdict.Baseline;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What to scan and how. Paths are as the user gave them, relative to the current directory.
 *
 * @param registry the registry file
 * @param profile {@link Profile#NONE} where none applies
 * @param agentsPath the directory whose children are the agents' code; null: no code is read but what the registry names
 * @param root below which declarations are read; null: the nearest common ancestor of registry and agents path
 * @param home the user's home directory, which is never the root by chance
 * @param deployedAt which absolute prefix of the deployed machine stands for the root; null: found out from the units
 * @param hostRoot the observed host's file system; {@code /} for this machine
 * @param resolve host names that are to be probed at another address
 * @param offline true: declarations only
 * @param snapshots stored snapshots to judge instead of looking; empty: look
 * @param snapshotMaxAge a snapshot older than this is stale
 * @param recorded snapshots of an earlier time, whose code is what should run
 * @param concurrency health requests at once
 * @param notes what the reader of the report should know about how the request came to be
 * @param cluster who tells what runs behind the Services that the registry names; null: nobody is asked
 * @param cache where code facts are cached; null: nowhere
 */
public record ScanRequest(
        Path registry,
        Profile profile,
        @Nullable Path agentsPath,
        @Nullable Path root,
        Path home,
        @Nullable String deployedAt,
        Path hostRoot,
        Map<String, String> resolve,
        boolean offline,
        Selection selection,
        List<Waiver> waivers,
        Baseline baseline,
        List<Path> snapshots,
        Duration snapshotMaxAge,
        List<Snapshot> recorded,
        @Nullable Path cache,
        Duration probeTimeout,
        Duration deadline,
        int concurrency,
        List<String> notes,
        @Nullable ClusterSource cluster) {
    /** Three intervals of the watch cycle. */
    public static final Duration SNAPSHOT_MAX_AGE = Duration.ofMinutes(3);

    public ScanRequest {
        resolve = Map.copyOf(resolve);
        waivers = List.copyOf(waivers);
        snapshots = List.copyOf(snapshots);
        recorded = List.copyOf(recorded);
        notes = List.copyOf(notes);
        if (concurrency < 1) {
            throw new IllegalArgumentException("concurrency must be at least 1");
        }
    }

    /**
     * The same scan of a copy of the tree: declarations only, every check, nothing remembered.
     *
     * @param tree the copy of the root
     * @param agents the copy of the agents path; null where there is none
     * @param moved where a path of this machine lies in the copy; itself where the copy does not hold it
     */
    public ScanRequest inTree(Path tree, @Nullable Path agents, UnaryOperator<Path> moved) {
        return new ScanRequest(
                moved.apply(registry),
                profile,
                agents,
                tree,
                home,
                deployedAt,
                hostRoot,
                Map.of(),
                true,
                Selection.ALL,
                waivers,
                Baseline.NONE,
                List.of(),
                snapshotMaxAge,
                List.of(),
                cache,
                probeTimeout,
                deadline,
                concurrency,
                List.of(),
                null);
    }
}
