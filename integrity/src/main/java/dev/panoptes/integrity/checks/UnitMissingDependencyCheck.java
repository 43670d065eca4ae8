package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.world.World;
import java.util.List;

/** A unit requires another of the fleet that does not exist: systemd does not start it. */
final class UnitMissingDependencyCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "unit-missing-dependency",
                Severity.HIGH,
                CheckGroup.SYSTEMD,
                "a unit requires another unit that does not exist");
    }

    @Override
    public List<CheckResult> run(World world) {
        return UnitNeeds.judge(
                world,
                true,
                "systemd does not start a unit whose Requires=, Requisite= or BindsTo= names one that cannot be loaded.");
    }
}
