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
        return UnitLines.judge(world, UnitFile.Details::commands, UnitDoubleExecCheck::words);
    }

    private static Failure.Builder words(Failure.Builder failure, Unit unit, List<UnitFile.Line> lines) {
        return failure.title(unit.name() + " has " + lines.size() + " commands in ExecStart, which systemd refuses")
                .description("Only a service of Type=oneshot may have more than one command. systemd does not load "
                        + unit.name()
                        + ", so it never starts. A drop-in that means to replace the command has to reset it first.")
                .recommend("Put an empty ExecStart= before the one that shall count");
    }
}
