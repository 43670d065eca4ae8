package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.checks.BehindService.Found;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.kubernetes.ClusterView;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;

/** The cluster does not have the Service that the registry says an agent runs behind. */
final class ClusterServiceMissingCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "cluster-service-missing",
                Severity.HIGH,
                CheckGroup.KUBERNETES,
                "the cluster does not have the Service of an agent");
    }

    @Override
    public List<CheckResult> run(World world) {
        List<CheckResult> results = new ArrayList<>();
        for (Found found : BehindService.all(world)) {
            results.add(
                    switch (found) {
                        case Found.There(BehindService behind) ->
                            new CheckResult.Pass(behind.agent().key());
                        case Found.Unseen(CheckResult.Unknown unknown) -> unknown;
                        case Found.Missing missing -> failure(world, missing);
                    });
        }
        return results;
    }

    private static CheckResult failure(World world, Found.Missing missing) {
        List<String> there = missing.namespace().services().stream()
                .map(ClusterView.Service::name)
                .sorted()
                .toList();
        return Failure.of(missing.agent().key())
                .title("Service " + missing.named().id() + " of "
                        + missing.agent().key() + " is not in the cluster")
                .description("The registry says that " + missing.agent().key() + " runs behind Service "
                        + missing.named().service() + ", and namespace "
                        + missing.named().namespace() + " of "
                        + missing.cluster() + " "
                        + (there.isEmpty() ? "has no Service" : "has " + Words.list(there)) + ".")
                .affected(missing.agent().key(), missing.named().id())
                .evidence(CodeView.of(world).declared(missing.agent()))
                .evidence(Evidence.of(
                        "cluster",
                        "namespace " + missing.named().namespace() + " of " + missing.cluster() + ": "
                                + (there.isEmpty() ? "no Service" : Words.list(there))))
                .recommend("Apply the Service, or correct kubernetes.namespace and kubernetes.service in the registry")
                .fail();
    }
}
