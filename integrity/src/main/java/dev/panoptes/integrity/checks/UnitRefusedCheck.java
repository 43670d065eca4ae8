package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.checks.UnitView.Unit;
import dev.panoptes.integrity.declared.UnitFile;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;

/** A unit that systemd does not load, because its settings exclude each other. */
final class UnitRefusedCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "unit-refused",
                Severity.HIGH,
                CheckGroup.SYSTEMD,
                "systemd refuses a unit whose settings exclude each other");
    }

    @Override
    public List<CheckResult> run(World world) {
        List<CheckResult> results = new ArrayList<>();
        UnitView.of(world).ifPresent(view -> view.units().forEach(unit -> results.add(judge(unit, view))));
        return results;
    }

    private static CheckResult judge(Unit unit, UnitView view) {
        List<UnitFile.Line> lines = unit.copies().stream()
                .map(file -> file.details().refused())
                .filter(found -> !found.isEmpty())
                .findFirst()
                .orElse(List.of());
        if (lines.isEmpty()) {
            return new CheckResult.Pass(view.subject(unit));
        }
        UnitFile.Line first = lines.getFirst();
        return Failure.of(view.subject(unit))
                .host(view.host(unit))
                .title(unit.name() + " says " + first.text() + ", which systemd refuses with Type=oneshot")
                .description(
                        "A service of Type=oneshot may not be restarted after it ended well: systemd does not load "
                                + unit.name() + ", so it never starts.")
                .affected(view.affected(unit))
                .recommend("Write Restart=on-failure, or leave it out and let a timer start the unit")
                .evidence(lines.stream()
                        .map(line -> new Evidence("unit", line.file(), line.line(), line.text()))
                        .toList())
                .fail();
    }
}
