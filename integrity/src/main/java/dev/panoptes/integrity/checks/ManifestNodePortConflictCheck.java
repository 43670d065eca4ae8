package dev.panoptes.integrity.checks;

import dev.panoptes.code.PortValue;
import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.declared.HostAddresses;
import dev.panoptes.integrity.declared.Manifests.ContainerPort;
import dev.panoptes.integrity.declared.Manifests.Identity;
import dev.panoptes.integrity.declared.Manifests.ManifestSet;
import dev.panoptes.integrity.declared.Manifests.PodContainer;
import dev.panoptes.integrity.declared.Manifests.Service;
import dev.panoptes.integrity.declared.Manifests.ServicePort;
import dev.panoptes.integrity.declared.Manifests.Workload;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Objects of one place that want one port of a node: Services with one {@code nodePort}, of which the API server refuses the second, and
 * pods with one {@code hostPort}, of which one is on every node (DaemonSet), so that the scheduler finds none for the other.
 */
final class ManifestNodePortConflictCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "manifest-node-port-conflict",
                Severity.HIGH,
                CheckGroup.KUBERNETES,
                "objects that are applied together want one port of a node");
    }

    /** @param address of the node, empty for every one @param nodes what chooses its nodes */
    private record Claim(Identity identity, String address, String nodes, boolean everywhere, Evidence evidence) {}

    @Override
    public List<CheckResult> run(World world) {
        ManifestView view = ManifestView.of(world);
        ManifestView.Results results = new ManifestView.Results();
        for (ManifestSet set : view.sets()) {
            nodePorts(set).forEach((port, claims) -> judge(set, port, claims, true, results));
            hostPorts(set).forEach((port, claims) -> judge(set, port, claims, false, results));
        }
        return results.all();
    }

    private static Map<String, List<Claim>> nodePorts(ManifestSet set) {
        Map<String, List<Claim>> claims = new TreeMap<>();
        for (Service service : set.services()) {
            for (ServicePort port : service.ports()) {
                if (port.nodePort() instanceof PortValue.Known(int number, String _)) {
                    claims.computeIfAbsent(number + "/" + port.protocol(), unused -> new ArrayList<>())
                            .add(new Claim(service.identity(), "", "", true, port.evidence()));
                }
            }
        }
        return claims;
    }

    private static Map<String, List<Claim>> hostPorts(ManifestSet set) {
        Map<String, List<Claim>> claims = new TreeMap<>();
        for (Workload workload : set.workloads()) {
            for (PodContainer container : workload.containers()) {
                for (ContainerPort port : container.ports()) {
                    if (port.hostPort() instanceof PortValue.Known(int number, String _) && !workload.ends()) {
                        claims.computeIfAbsent(number + "/" + port.protocol(), unused -> new ArrayList<>())
                                .add(new Claim(
                                        workload.identity(),
                                        port.hostAddress(),
                                        workload.nodes(),
                                        workload.identity().kind().equals("DaemonSet"),
                                        port.evidence()));
                    }
                }
            }
        }
        return claims;
    }

    private static void judge(
            ManifestSet set, String port, List<Claim> claims, boolean service, ManifestView.Results results) {
        String subject =
                set.place() + (set.place().isEmpty() ? "" : " ") + (service ? "nodePort " : "hostPort ") + port;
        List<Claim> clashing = claims.stream()
                .filter(claim -> claims.stream().anyMatch(other -> clash(claim, other)))
                .toList();
        if (clashing.isEmpty()) {
            results.add(new CheckResult.Pass(subject));
            return;
        }
        String open = ManifestView.open(clashing.stream().map(Claim::identity).toArray(Identity[]::new));
        results.add(open != null ? new CheckResult.Unknown(subject, open) : failure(subject, port, clashing, service));
    }

    private static boolean clash(Claim one, Claim other) {
        return !one.identity().equals(other.identity())
                && (one.everywhere() || other.everywhere())
                // Whether two choices of nodes meet is not judged.
                && one.nodes().equals(other.nodes())
                && HostAddresses.overlap(one.address(), other.address());
    }

    private static CheckResult failure(String subject, String port, List<Claim> clashing, boolean service) {
        List<Identity> objects =
                clashing.stream().map(Claim::identity).distinct().toList();
        String names = Words.list(objects.stream().map(ManifestView::words).toList());
        String number = port.substring(0, port.indexOf('/'));
        return Failure.of(subject)
                .port(Integer.parseInt(number))
                .title(names + " want port " + number + " of a node")
                .description(
                        service
                                ? "A node port belongs to one Service of a cluster: the API server refuses all but the"
                                        + " first of " + names + "."
                                : "A port of a node belongs to one pod, and a DaemonSet has a pod on every node: pods of "
                                        + names + " stay pending for ever.")
                .affected(objects.stream().map(Identity::id).toList())
                .evidence(clashing.stream().map(Claim::evidence).distinct().toList())
                .evidence(objects.stream().map(Identity::evidence).toList())
                .recommend("Give each a port of its own"
                        + (service ? ", or leave nodePort out so that the cluster picks one" : ""))
                .fail();
    }
}
