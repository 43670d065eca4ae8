package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.declared.Manifests.ManifestSet;
import dev.panoptes.integrity.declared.Manifests.PodContainer;
import dev.panoptes.integrity.declared.Manifests.Probe;
import dev.panoptes.integrity.declared.Manifests.Workload;
import dev.panoptes.integrity.declared.PodPorts.Opened;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.List;
import java.util.Set;

/**
 * A probe asks a port that nothing of the pod opens. A name is one of the same container's ports; a number may be any container's, which
 * share the pod's network.
 */
final class ManifestProbePortCheck implements Check {
    private static final Set<String> PROTOCOLS = Set.of("TCP");

    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "manifest-probe-port",
                Severity.HIGH,
                CheckGroup.KUBERNETES,
                "a probe asks a port that nothing in its pod opens");
    }

    @Override
    public List<CheckResult> run(World world) {
        ManifestView view = ManifestView.of(world);
        ManifestView.Results results = new ManifestView.Results();
        for (ManifestSet set : view.sets()) {
            for (Workload workload : set.workloads()) {
                for (PodContainer container : workload.containers()) {
                    for (Probe probe : container.probes()) {
                        results.add(judge(view, set, workload, container, probe));
                    }
                }
            }
        }
        return results.all();
    }

    private static CheckResult judge(
            ManifestView view, ManifestSet set, Workload workload, PodContainer container, Probe probe) {
        String subject = container.id() + " " + probe.kind();
        if (!probe.port().matches("[0-9]{1,5}")) {
            return named(view, set, workload, container, probe, subject);
        }
        int port = Integer.parseInt(probe.port());
        return switch (view.ports().opens(workload, port, PROTOCOLS)) {
            case Opened.Yes yes -> new CheckResult.Pass(subject);
            case Opened.Unknown(String reason) -> new CheckResult.Unknown(subject, reason);
            case Opened.No no -> {
                String open = ManifestView.open(workload.identity());
                yield open != null
                        ? new CheckResult.Unknown(subject, open)
                        : failure(view, set, workload, probe, subject)
                                .port(port)
                                .title("The " + probe.kind() + " of " + container.name() + " asks port " + port
                                        + ", the pod opens " + Words.list(no.others()))
                                .description("The kubelet asks port " + port + " of the pod of "
                                        + ManifestView.words(workload.identity()) + ", in which "
                                        + Words.list(no.others())
                                        + " " + (no.others().size() == 1 ? "is" : "are")
                                        + " opened and nothing else, so the probe always fails.")
                                .evidence(no.evidence())
                                .recommend("Let the probe ask " + Words.list(no.others())
                                        + ", best by the name of the container's port")
                                .fail();
            }
        };
    }

    private static CheckResult named(
            ManifestView view,
            ManifestSet set,
            Workload workload,
            PodContainer container,
            Probe probe,
            String subject) {
        if (container.ports().stream().anyMatch(port -> port.name().equals(probe.port()))) {
            return new CheckResult.Pass(subject);
        }
        String open = ManifestView.open(workload.identity());
        if (open != null || !probe.port().matches("[a-z0-9-]+")) {
            return new CheckResult.Unknown(subject, open == null ? "a tool fills in the port of the probe" : open);
        }
        List<String> names = container.ports().stream()
                .map(port -> port.name())
                .filter(name -> !name.isEmpty())
                .toList();
        return failure(view, set, workload, probe, subject)
                .title("The " + probe.kind() + " of " + container.name() + " asks a port called " + probe.port()
                        + ", which the container does not have")
                .description("A probe may name a port of its own container only. "
                        + (names.isEmpty()
                                ? "The container names no port"
                                : "The ports of the container are called " + Words.list(names))
                        + ", so the kubelet cannot ask, and the probe always fails.")
                .recommend("Name the container's port " + probe.port() + ", or let the probe ask a port that it has")
                .fail();
    }

    private static Failure.Builder failure(
            ManifestView view, ManifestSet set, Workload workload, Probe probe, String subject) {
        Failure.Builder failure = Failure.of(subject).evidence(probe.evidence());
        view.affected(failure, set, workload);
        return failure;
    }
}
