package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.Enrolled.Instance;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;

/** An enrolled instance beat, and does not any more, though somebody listened and it did not say that it stops. */
final class LostAgentCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "lost-agent", Severity.HIGH, CheckGroup.ENROLLED, "an enrolled agent does not beat any more");
    }

    @Override
    public List<CheckResult> run(World world) {
        EnrolledView view = new EnrolledView(world);
        List<CheckResult> results = new ArrayList<>();
        for (Instance instance : view.instances()) {
            switch (instance.life()) {
                case ALIVE -> results.add(new CheckResult.Pass(instance.id()));
                case LOST -> results.add(fail(instance, view));
                case UNHEARD ->
                    results.add(new CheckResult.Unknown(
                            instance.id(), "nobody listened for heartbeats for long enough to tell who is lost"));
                case STOPPED, NEVER_BEAT -> {
                    // It said so itself; and what never was cannot be lost.
                }
            }
        }
        return results;
    }

    private static CheckResult fail(Instance instance, EnrolledView view) {
        return Failure.of(instance.id())
                .title(instance.name() + " does not beat any more")
                .description("The instance " + instance.id() + " of " + instance.name() + " on "
                        + EnrolledView.place(instance) + " beat last at " + instance.lastHeartbeat()
                        + " and is to beat every " + instance.interval().toSeconds()
                        + " seconds. It did not say that it stops.")
                .affected(view.affected(instance))
                .evidence(EnrolledView.evidence(instance, "last heartbeat at " + instance.lastHeartbeat()))
                .recommend("See whether it runs on " + EnrolledView.place(instance)
                        + " and reaches the server. If it is gone for good: panoptes agents decommission "
                        + instance.id())
                .fail();
    }
}
