package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.world.World;
import java.util.List;

/** Behind the Service of an agent nothing takes requests. */
final class ClusterNotReadyCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "cluster-not-ready",
                Severity.CRITICAL,
                CheckGroup.KUBERNETES,
                "behind the Service of an agent nothing is ready");
    }

    @Override
    public List<CheckResult> run(World world) {
        return BehindService.judged(world, (behind, results) -> {
            if (behind.agent().placement().maxReplicas() > 0) {
                results.add(judge(behind));
            }
        });
    }

    private static CheckResult judge(BehindService behind) {
        String key = behind.agent().key();
        if (!behind.ready().isEmpty()) {
            return new CheckResult.Pass(key);
        }
        if (behind.service().direct()
                && behind.service().selector().isEmpty()
                && behind.endpoints().isEmpty()) {
            return new CheckResult.Unknown(
                    key, "Its Service is the name of another host, which the cluster does not look at");
        }
        int endpoints = behind.endpoints().size();
        int pods = behind.pods().size();
        String why = endpoints > 0
                ? "none of its " + Words.count(endpoints, "endpoint") + " is ready"
                : pods > 0
                        ? "it has no endpoint, of " + Words.count(pods, "pod")
                        : "no pod has the labels that it selects";
        return behind.failure()
                .title("Nothing is ready behind Service " + behind.named().id() + " of " + key)
                .description("Service " + behind.named().id() + " of " + behind.cluster() + " leads nowhere: " + why
                        + ". Who calls " + key + " gets no answer.")
                .recommend("Look why: kubectl -n " + behind.named().namespace() + " describe endpointslices -l "
                        + "kubernetes.io/service-name=" + behind.named().service())
                .fail();
    }
}
