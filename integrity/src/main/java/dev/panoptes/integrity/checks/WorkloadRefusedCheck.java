package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.Workload;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;

/** A quadlet of which podman makes no unit that starts, or a job that Nomad refuses. */
final class WorkloadRefusedCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "workload-refused",
                Severity.HIGH,
                CheckGroup.COMPOSE,
                "podman or Nomad does not start what a quadlet or job declares");
    }

    @Override
    public List<CheckResult> run(World world) {
        List<CheckResult> results = new ArrayList<>();
        Declarations declarations = world.declarations();
        for (Workload workload : declarations == null ? List.<Workload>of() : declarations.workloads()) {
            results.add(workload.refusals().isEmpty() ? new CheckResult.Pass(workload.id()) : failed(world, workload));
        }
        return results;
    }

    private static CheckResult failed(World world, Workload workload) {
        List<String> reasons = workload.refusals().stream()
                .map(Workload.Refusal::reason)
                .distinct()
                .toList();
        String who = workload.kind() == Workload.Kind.QUADLET ? "podman" : "Nomad";
        Failure.Builder failure = Failure.of(workload.id())
                .title(workload.id() + " is not started: " + reasons.getFirst()
                        + (reasons.size() > 1 ? ", and " + (reasons.size() - 1) + " more" : ""))
                .description(
                        "In " + workload.file() + " " + String.join("; ", reasons) + ": " + who + " does not start it.")
                .affected(WorkloadView.affected(world, workload))
                .recommend(workload.refusals().getFirst().fix());
        workload.refusals().forEach(refusal -> failure.evidence(refusal.evidence()));
        return failure.fail();
    }
}
