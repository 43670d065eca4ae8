package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.registry.DeclaredEndpoint;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.kubernetes.ClusterView.Port;
import dev.panoptes.integrity.world.World;
import java.util.List;
import java.util.Locale;

/** The URL of an agent calls its Service by name, on a port that the Service in the cluster does not have. */
final class ClusterPortDiffersCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "cluster-port-differs",
                Severity.HIGH,
                CheckGroup.KUBERNETES,
                "an agent is declared on a port that its Service in the cluster does not have");
    }

    @Override
    public List<CheckResult> run(World world) {
        return BehindService.judged(world, (behind, results) -> {
            // Of a Service without an address of its own the name leads to the pods and whatever they open.
            if (world.registry().endpoint(behind.agent()) instanceof DeclaredEndpoint.At at
                    && !behind.service().direct()
                    && isCalled(behind, at.address().toLowerCase(Locale.ROOT))) {
                results.add(judge(world, behind, at.port()));
            }
        });
    }

    private static boolean isCalled(BehindService behind, String address) {
        String name = behind.named().service();
        String whole = name + "." + behind.named().namespace();
        return address.equals(name)
                || address.equals(whole)
                || address.equals(whole + ".svc")
                || address.equals(whole + ".svc.cluster.local");
    }

    private static CheckResult judge(World world, BehindService behind, int port) {
        String key = behind.agent().key();
        List<Integer> has = behind.service().ports().stream().map(Port::number).toList();
        if (has.contains(port)) {
            return new CheckResult.Pass(key);
        }
        return behind.failure()
                .port(port)
                .title(key + " is declared on port " + port + ", its Service has "
                        + (has.isEmpty() ? "none" : Words.list(has)))
                .description(
                        "The URL of " + key + " calls Service " + behind.named().id() + " on port " + port
                                + ", which the Service in " + behind.cluster() + " does not have: there is no answer.")
                .evidence(new RegistryText(world.registry()).url(behind.agent()))
                .recommend("Correct the port in connection.url, or give the Service that port")
                .fail();
    }
}
