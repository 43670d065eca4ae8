package dev.panoptes.server.issues;

import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.observed.Snapshot;
import dev.panoptes.integrity.verdict.ScanReport;
import dev.panoptes.integrity.world.World;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What a scan looked at. An issue that a report does not hold is resolved only where this says that it would have been found.
 *
 * @param checks the group of every check that ran to its end, by its id; one that failed, was too late or was switched off
 *     is missing
 * @param registry whether the registry could be read
 * @param declarations whether code and the other declarations were read
 * @param enrolled whether the control plane was asked for instances
 * @param seen by host, the sources that were seen completely and not too long ago
 */
public record ScanScope(
        Map<String, CheckGroup> checks,
        boolean registry,
        boolean declarations,
        boolean enrolled,
        Map<String, Set<Snapshot.Source>> seen) {
    public ScanScope {
        checks = Map.copyOf(checks);
        seen = Map.copyOf(seen);
    }

    /**
     * @param selected the checks that were to run
     * @param report what they gave
     * @param world what they judged
     */
    public static ScanScope of(Collection<CheckInfo> selected, ScanReport report, World world) {
        Map<String, CheckGroup> ended = new HashMap<>();
        selected.forEach(check -> ended.put(check.id(), check.group()));
        Set<String> unjudged = new HashSet<>();
        for (ScanReport.UnknownSubject unknown : report.unknowns()) {
            // The scanner files a check that did not come to its end under the check's own name.
            if (unknown.subject().equals(unknown.check())) {
                unjudged.add(unknown.check());
            }
        }
        ended.keySet().removeAll(unjudged);
        return new ScanScope(
                ended, world.declared().usable(), world.declarations() != null, world.enrolled() != null, seen(world));
    }

    private static Map<String, Set<Snapshot.Source>> seen(World world) {
        Map<String, Set<Snapshot.Source>> seen = new HashMap<>();
        for (Snapshot snapshot : world.snapshots()) {
            if (snapshot.taken().plus(world.snapshotMaxAge()).isBefore(world.now())) {
                continue;
            }
            Set<Snapshot.Source> complete = EnumSet.noneOf(Snapshot.Source.class);
            for (Snapshot.Source source : Snapshot.Source.values()) {
                if (snapshot.coverage(source) instanceof Snapshot.Coverage.Complete) {
                    complete.add(source);
                }
            }
            seen.put(snapshot.host().name(), complete);
        }
        return seen;
    }

    boolean saw(String host, Snapshot.Source source) {
        return seen.getOrDefault(host, Set.of()).contains(source);
    }
}
