package dev.panoptes.integrity.world;

import dev.panoptes.core.registry.Registry;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.Links;
import dev.panoptes.integrity.fleet.Profile;
import dev.panoptes.integrity.kubernetes.ClusterView;
import dev.panoptes.integrity.observed.RunningCode;
import dev.panoptes.integrity.observed.Snapshot;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The three views of a fleet at one moment: what is declared, what is enrolled, what is observed. Immutable; every check
 * of a scan gets the same one.
 *
 * @param declarations null where the scan was given no root and no agents path
 * @param snapshots one per observed host; empty in an offline scan
 * @param profile the fleet's habits; {@link Profile#NONE} by default
 * @param snapshotMaxAge a snapshot older than this at {@code now} is stale: Unknown, neither pass nor fail
 * @param enrolled null where no control plane was asked
 * @param recordedCode what ran at an earlier time, against which drift is judged; empty where none was recorded
 * @param cluster what runs behind the Services that the registry names; null where it names none or no cluster is to be asked
 * @param serverPid of the process that scans, where it is a server that listens on this host itself; null for a command
 * @param derived what checks derive of this world and need more than once
 */
public record World(
        RegistryView declared,
        @Nullable Declarations declarations,
        List<Snapshot> snapshots,
        Profile profile,
        Links links,
        java.time.Duration snapshotMaxAge,
        @Nullable Enrolled enrolled,
        Instant now,
        List<RunningCode> recordedCode,
        @Nullable ClusterView cluster,
        @Nullable Long serverPid,
        Derived derived) {
    public World {
        snapshots = List.copyOf(snapshots);
        recordedCode = List.copyOf(recordedCode);
    }

    /** Of a scan by a command. */
    public World(
            RegistryView declared,
            @Nullable Declarations declarations,
            List<Snapshot> snapshots,
            Profile profile,
            Links links,
            java.time.Duration snapshotMaxAge,
            @Nullable Enrolled enrolled,
            Instant now,
            List<RunningCode> recordedCode) {
        this(
                declared,
                declarations,
                snapshots,
                profile,
                links,
                snapshotMaxAge,
                enrolled,
                now,
                recordedCode,
                null,
                null,
                new Derived());
    }

    /** Without a record of code. */
    public World(
            RegistryView declared,
            @Nullable Declarations declarations,
            List<Snapshot> snapshots,
            Profile profile,
            Links links,
            java.time.Duration snapshotMaxAge,
            @Nullable Enrolled enrolled,
            Instant now) {
        this(declared, declarations, snapshots, profile, links, snapshotMaxAge, enrolled, now, List.of());
    }

    /** What this makes of the world; made once, whoever asks, and therefore to be used by several threads. */
    public <T> T derived(Class<T> type, Function<World, T> derivation) {
        return derived.get(type, () -> derivation.apply(this));
    }

    public Registry registry() {
        return declared.registry();
    }

    /** The snapshot of this host; empty where no observer spoke for it. */
    public Optional<Snapshot> snapshot(String host) {
        for (Snapshot snapshot : snapshots) {
            if (snapshot.host().name().equals(host)) {
                return Optional.of(snapshot);
            }
        }
        return Optional.empty();
    }
}
