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

/** A unit that expects what only a shell does: an expansion in ExecStart, a variable in Environment. */
final class UnitUnsupportedExpansionCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "unit-unsupported-expansion",
                Severity.HIGH,
                CheckGroup.SYSTEMD,
                "a unit holds an expansion that systemd does not make");
    }

    @Override
    public List<CheckResult> run(World world) {
        List<CheckResult> results = new ArrayList<>();
        UnitView.of(world).ifPresent(view -> view.units().forEach(unit -> results.add(judge(unit, view))));
        return results;
    }

    private static CheckResult judge(Unit unit, UnitView view) {
        List<UnitFile.Line> lines = unit.copies().stream()
                .map(file -> file.details().unexpanded())
                .filter(found -> !found.isEmpty())
                .findFirst()
                .orElse(List.of());
        if (lines.isEmpty()) {
            return new CheckResult.Pass(view.subject(unit));
        }
        return Failure.of(view.subject(unit))
                .host(view.host(unit))
                .title(unit.name() + " holds " + lines.getFirst().text() + ", which systemd does not expand")
                .description("systemd replaces $NAME and ${NAME} in ExecStart and nothing in Environment. "
                        + unit.name() + " holds "
                        + Words.list(lines.stream()
                                .map(UnitFile.Line::text)
                                .distinct()
                                .toList()) + ": the program gets it as it is written, or nothing.")
                .affected(view.affected(unit))
                .recommend("Run the line by a shell (/bin/sh -c 'exec ...'), write the value out, or set it in an"
                        + " EnvironmentFile")
                .evidence(lines.stream()
                        .map(line -> new Evidence("unit", line.file(), line.line(), line.text()))
                        .toList())
                .fail();
    }
}
