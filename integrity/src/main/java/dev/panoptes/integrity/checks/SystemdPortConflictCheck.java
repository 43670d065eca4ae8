package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.checks.UnitPortClashes.Claimant;
import dev.panoptes.integrity.checks.UnitPortClashes.Place;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;

/** Units that work in different directories bind one port: only the first to start gets it. */
final class SystemdPortConflictCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "systemd-port-conflict",
                Severity.HIGH,
                CheckGroup.SYSTEMD,
                "units of different directories bind one port");
    }

    @Override
    public List<CheckResult> run(World world) {
        List<CheckResult> results = new ArrayList<>();
        UnitView.of(world).ifPresent(view -> {
            UnitPortClashes clashes = new UnitPortClashes(view);
            clashes.places().forEach((place, claimants) -> results.add(judge(place, claimants, view)));
            results.addAll(clashes.unknown());
        });
        return results;
    }

    private static CheckResult judge(Place place, List<Claimant> claimants, UnitView view) {
        List<Claimant> certain = UnitPortClashes.certain(claimants);
        if (UnitPortClashes.conflict(certain)) {
            return conflict(place, certain, view);
        }
        return UnitPortClashes.mayConflict(claimants)
                ? new CheckResult.Unknown(
                        place.subjectWithHost(),
                        "Whether units share port " + place.port()
                                + " depends on which copy of a unit is installed, or where")
                : new CheckResult.Pass(place.subjectWithHost());
    }

    private static CheckResult conflict(Place place, List<Claimant> claimants, UnitView view) {
        List<String> names =
                claimants.stream().map(claimant -> claimant.unit().name()).toList();
        Failure.Builder failure = Failure.of(place.subject())
                .host(place.host())
                .port(place.port())
                .title("Port " + place.port() + " is bound by the units " + Words.list(names))
                .description(Words.list(names) + " bind port " + place.port()
                        + " and work in different directories. Only the first to start gets the port; the others fail,"
                        + " or restart without end.")
                .recommend("Give all but one of the units another port, in the unit and in the registry")
                .evidence(UnitPortClashes.evidence(claimants));
        claimants.forEach(claimant -> failure.affected(view.affected(claimant.unit())));
        return failure.fail();
    }
}
