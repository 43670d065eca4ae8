package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.world.World;
import java.util.List;

/** A file of docker buildx bake names a Dockerfile, context, stage or target that is not there. */
final class BakeMissingCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "bake-missing", Severity.HIGH, CheckGroup.DOCKERFILE, "a bake file builds from what does not exist");
    }

    @Override
    public List<CheckResult> run(World world) throws InterruptedException {
        return BuildTargets.judge(world, false);
    }
}
