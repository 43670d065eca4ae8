package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.world.World;
import java.util.List;

/** A unit is ordered against, or wants, another of the fleet that does not exist: systemd passes over it in silence. */
final class UnitOrdersNothingCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "unit-orders-nothing",
                Severity.LOW,
                CheckGroup.SYSTEMD,
                "a unit is ordered after or wants another unit that does not exist");
    }

    @Override
    public List<CheckResult> run(World world) {
        return UnitNeeds.judge(
                world,
                false,
                "systemd passes over an After=, Before=, Wants=, PartOf= or Upholds= of a unit that cannot be loaded, so"
                        + " that what is meant by it does not happen.");
    }
}
