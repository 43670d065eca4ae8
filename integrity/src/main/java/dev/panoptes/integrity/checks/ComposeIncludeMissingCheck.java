package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.world.World;
import java.util.List;

/** A compose file includes one that does not exist: compose starts nothing of the project. */
final class ComposeIncludeMissingCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "compose-include-missing",
                Severity.HIGH,
                CheckGroup.COMPOSE,
                "a compose file includes one that does not exist");
    }

    @Override
    public List<CheckResult> run(World world) {
        return ComposeMissingFiles.includes(world);
    }
}
