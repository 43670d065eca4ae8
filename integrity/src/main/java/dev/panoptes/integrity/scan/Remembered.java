package dev.panoptes.integrity.scan;

import dev.panoptes.integrity.observed.Snapshot;
import dev.panoptes.integrity.world.Enrolled;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What somebody who scans again and again brings along to a scan.
 *
 * @param snapshots of hosts that this scan does not look at itself, one per host
 * @param registryExpected true: an absent registry is judged as one that cannot be read; false: there is no scan without one
 * @param enrolled null where there is no control plane
 * @param serverPid of the server that scans; null for a command, which listens nowhere
 */
public record Remembered(
        List<Snapshot> snapshots,
        boolean registryExpected,
        @Nullable Enrolled enrolled,
        @Nullable Long serverPid) {
    public static final Remembered NOTHING = new Remembered(List.of(), false, null, null);

    public Remembered {
        snapshots = List.copyOf(snapshots);
    }
}
