package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.checks.UnitView.Unit;
import dev.panoptes.integrity.declared.UnitFile;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
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
        return UnitLines.judge(world, UnitFile.Details::unexpanded, UnitUnsupportedExpansionCheck::words);
    }

    private static Failure.Builder words(Failure.Builder failure, Unit unit, List<UnitFile.Line> lines) {
        return failure.title(unit.name() + " holds " + lines.getFirst().text() + ", which systemd does not expand")
                .description("systemd replaces $NAME and ${NAME} in ExecStart and nothing in Environment. "
                        + unit.name() + " holds "
                        + Words.list(lines.stream()
                                .map(UnitFile.Line::text)
                                .distinct()
                                .toList()) + ": the program gets it as it is written, or nothing.")
                .recommend("Run the line by a shell (/bin/sh -c 'exec ...'), write the value out, or set it in an"
                        + " EnvironmentFile");
    }
}
