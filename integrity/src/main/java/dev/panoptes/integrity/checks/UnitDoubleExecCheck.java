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

/** A service with several commands, which systemd refuses: only Type=oneshot may have them. */
final class UnitDoubleExecCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "unit-double-exec",
                Severity.HIGH,
                CheckGroup.SYSTEMD,
                "a unit has several ExecStart lines, which systemd refuses");
    }

    @Override
    public List<CheckResult> run(World world) {
        List<CheckResult> results = new ArrayList<>();
        UnitView.of(world).ifPresent(view -> view.units().forEach(unit -> results.add(judge(unit, view))));
        return results;
    }

    private static CheckResult judge(Unit unit, UnitView view) {
        List<UnitFile.Line> lines = unit.copies().stream()
                .map(file -> file.details().commands())
                .filter(found -> !found.isEmpty())
                .findFirst()
                .orElse(List.of());
        if (lines.isEmpty()) {
            return new CheckResult.Pass(view.subject(unit));
        }
        return Failure.of(view.subject(unit))
                .host(view.host(unit))
                .title(unit.name() + " has " + lines.size() + " commands in ExecStart, which systemd refuses")
                .description("Only a service of Type=oneshot may have more than one command. systemd does not load "
                        + unit.name()
                        + ", so it never starts. A drop-in that means to replace the command has to reset it first.")
                .affected(view.affected(unit))
                .recommend("Put an empty ExecStart= before the one that shall count")
                .evidence(lines.stream()
                        .map(line -> new Evidence("unit", line.file(), line.line(), line.text()))
                        .toList())
                .fail();
    }
}
