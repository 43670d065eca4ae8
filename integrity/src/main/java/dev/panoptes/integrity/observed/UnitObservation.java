package dev.panoptes.integrity.observed;

import dev.panoptes.core.host.Host;
import dev.panoptes.core.host.HostUnit;
import dev.panoptes.core.host.Units;
import dev.panoptes.core.issue.CommandMask;
import dev.panoptes.integrity.observed.Snapshot.Coverage;
import dev.panoptes.integrity.observed.Snapshot.Effective;
import dev.panoptes.integrity.observed.Snapshot.UnitState;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The service units of a host as a snapshot tells them. */
record UnitObservation(List<UnitState> units, Coverage coverage) {
    private static final long MICROS_IN_A_SECOND = 1_000_000;

    UnitObservation {
        units = List.copyOf(units);
    }

    static UnitObservation of(Host host, Collection<String> names) throws InterruptedException {
        return of(host.units(names));
    }

    static UnitObservation of(Units units) {
        return switch (units) {
            case Units.Seen(List<HostUnit> seen, OptionalLong uptime) ->
                new UnitObservation(
                        seen.stream().map(unit -> state(unit, uptime)).toList(), new Coverage.Complete());
            case Units.Denied(String reason) -> unseen(reason);
            case Units.Absent(String reason) -> new UnitObservation(List.of(), new Coverage.Absent(reason));
        };
    }

    static UnitObservation unseen(String reason) {
        return new UnitObservation(List.of(), new Coverage.Denied(reason));
    }

    private static UnitState state(HostUnit unit, OptionalLong uptime) {
        return new UnitState(
                unit.name(),
                unit.loadState(),
                unit.activeState(),
                unit.subState(),
                unit.unitFileState(),
                unit.restarts(),
                unit.mainPid(),
                unit.fragmentPath(),
                unit.fragmentDigest(),
                unit.result(),
                unit.names().stream().filter(name -> !name.equals(unit.name())).toList(),
                unit.type(),
                activeSeconds(unit, uptime),
                unit.triggeredBy(),
                unit.wantedBy(),
                unit.workingDirectory(),
                new Effective(
                        unit.execStart().stream()
                                .map(line -> String.join(" ", CommandMask.mask(List.of(line.split(" ")))))
                                .toList(),
                        unit.dropIns(),
                        unit.needsReload()));
    }

    private static @Nullable Long activeSeconds(HostUnit unit, OptionalLong uptime) {
        boolean known = unit.activeState().equals("active") && unit.activeMicros() > 0 && uptime.isPresent();
        // The monotonic clock stands still while the machine sleeps and uptime does not, so this may be too long.
        return known ? Math.max(0, uptime.getAsLong() - unit.activeMicros()) / MICROS_IN_A_SECOND : null;
    }
}
