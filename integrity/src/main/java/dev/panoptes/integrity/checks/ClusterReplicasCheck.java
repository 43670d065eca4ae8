package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.registry.Placement;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.kubernetes.ClusterView.Deployment;
import dev.panoptes.integrity.world.World;
import java.util.List;

/**
 * Behind the Service of an agent other numbers of copies are ready than the registry's placement says; without one, fewer than the
 * Deployments that it leads to are to keep.
 */
final class ClusterReplicasCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "cluster-replicas",
                Severity.MEDIUM,
                CheckGroup.KUBERNETES,
                "more or fewer copies of an agent are ready in the cluster than declared");
    }

    @Override
    public List<CheckResult> run(World world) {
        return BehindService.judged(world, ClusterReplicasCheck::judge);
    }

    private static void judge(BehindService behind, List<CheckResult> results) {
        String key = behind.agent().key();
        Placement placement = behind.agent().placement();
        int ready = behind.ready().size();
        boolean told = !placement.equals(Placement.SINGLE);
        boolean moving = behind.deployments().stream().anyMatch(deployment -> !deployment.settled());
        int wanted = behind.deployments().stream().mapToInt(Deployment::wanted).sum();
        int least = told ? placement.minReplicas() : wanted;
        int most = told ? placement.maxReplicas() : Integer.MAX_VALUE;
        if (!told && behind.deployments().isEmpty()) {
            return; // nobody says how many there are to be
        }
        if (ready == 0 && most > 0) {
            return; // cluster-not-ready tells of it
        }
        if (ready >= least && ready <= most) {
            results.add(new CheckResult.Pass(key));
        } else if (moving) {
            results.add(new CheckResult.Unknown(key, "A Deployment behind its Service is being rolled out"));
        } else {
            results.add(failure(behind, ready, least, most, told));
        }
    }

    private static CheckResult failure(BehindService behind, int ready, int least, int most, boolean told) {
        String wanted = ready > most
                ? "at most " + most
                : told ? (least == most ? "" : "at least ") + least : String.valueOf(least);
        return behind.failure()
                .title(ready + " ready copies of " + behind.agent().key() + " in the cluster, and not " + wanted)
                .description("Behind Service " + behind.named().id() + " of " + behind.cluster() + " "
                        + Words.count(ready, "endpoint") + " "
                        + (ready == 1 ? "is" : "are") + " ready, and "
                        + (told ? "the registry's placement says " : "the Deployment is to keep ") + wanted + ".")
                .recommend(
                        ready > most
                                ? "Scale the Deployment down, or raise placement.replicas.max"
                                : "See why pods are missing or not ready: kubectl -n "
                                        + behind.named().namespace() + " get pods")
                .fail();
    }
}
