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
        return UnitLines.judge(world, UnitFile.Details::refused, UnitRefusedCheck::words);
    }

    private static Failure.Builder words(Failure.Builder failure, Unit unit, List<UnitFile.Line> lines) {
        return failure.title(
                        unit.name() + " says " + lines.getFirst().text() + ", which systemd refuses with Type=oneshot")
                .description(
                        "A service of Type=oneshot may not be restarted after it ended well: systemd does not load "
                                + unit.name() + ", so it never starts.")
                .recommend("Write Restart=on-failure, or leave it out and let a timer start the unit");
    }
}
