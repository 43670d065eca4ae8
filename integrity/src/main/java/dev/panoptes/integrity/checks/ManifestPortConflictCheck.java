package dev.panoptes.integrity.checks;

import dev.panoptes.code.PortValue;
import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.declared.ContainerPorts.Bound;
import dev.panoptes.integrity.declared.ContainerPorts.Listening;
import dev.panoptes.integrity.declared.Manifests.ContainerPort;
import dev.panoptes.integrity.declared.Manifests.ManifestSet;
import dev.panoptes.integrity.declared.Manifests.PodContainer;
import dev.panoptes.integrity.declared.Manifests.Workload;
import dev.panoptes.integrity.declared.PodPorts;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Containers of one pod share its network: two of them open one port. */
final class ManifestPortConflictCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "manifest-port-conflict",
                Severity.HIGH,
                CheckGroup.KUBERNETES,
                "two containers of one pod open the same port");
    }

    @Override
    public List<CheckResult> run(World world) {
        ManifestView view = ManifestView.of(world);
        ManifestView.Results results = new ManifestView.Results();
        for (ManifestSet set : view.sets()) {
            for (Workload workload : set.workloads()) {
                if (workload.containers().size() > 1) {
                    judge(view, set, workload, results);
                }
            }
        }
        return results.all();
    }

    private static void judge(ManifestView view, ManifestSet set, Workload workload, ManifestView.Results results) {
        Map<String, Map<String, List<Evidence>>> openers = new TreeMap<>();
        for (PodContainer container : workload.containers()) {
            opened(container, view.ports())
                    .forEach((port, evidence) -> openers.computeIfAbsent(port, unused -> new LinkedHashMap<>())
                            .put(container.name(), evidence));
        }
        String id = workload.identity().id();
        boolean failed = false;
        for (Map.Entry<String, Map<String, List<Evidence>>> entry : openers.entrySet()) {
            if (entry.getValue().size() < 2) {
                continue;
            }
            failed = true;
            String open = ManifestView.open(workload.identity());
            results.add(
                    open == null
                            ? failure(view, set, workload, entry.getKey(), entry.getValue())
                            : new CheckResult.Unknown(id + " " + entry.getKey(), open));
        }
        if (!failed) {
            results.add(new CheckResult.Pass(id));
        }
    }

    /** What it says to open, and what it is known to open, by port and protocol. */
    private static Map<String, List<Evidence>> opened(PodContainer container, PodPorts ports) {
        Map<String, List<Evidence>> opened = new LinkedHashMap<>();
        Listening listening = ports.of(container);
        for (ContainerPort declared : container.ports()) {
            // What is declared opens nothing by itself: where the code is known to listen elsewhere, that counts.
            boolean otherwise = listening instanceof Listening.On on
                    && on.doubt() == null
                    && declared.number() instanceof PortValue.Known known
                    && !on.includes(known.port());
            if (declared.number() instanceof PortValue.Known(int port, String _) && !otherwise) {
                opened.computeIfAbsent(port + "/" + declared.protocol(), unused -> new ArrayList<>())
                        .add(declared.evidence());
            }
        }
        if (listening instanceof Listening.On on && on.doubt() == null) {
            for (Bound bound : on.ports()) {
                opened.computeIfAbsent(bound.port() + "/TCP", unused -> new ArrayList<>())
                        .add(bound.evidence());
            }
        }
        return opened;
    }

    private static CheckResult failure(
            ManifestView view, ManifestSet set, Workload workload, String port, Map<String, List<Evidence>> openers) {
        String number = port.substring(0, port.indexOf('/'));
        String names = Words.list(openers.keySet());
        Failure.Builder failure = Failure.of(workload.identity().id() + " " + port)
                .port(Integer.parseInt(number))
                .title("Containers " + names + " of " + ManifestView.words(workload.identity()) + " open port "
                        + number)
                .description("All containers of a pod share one network, and only one of " + names + " can have port "
                        + number + ": the others end with an error, and the pod never becomes ready.")
                .recommend("Give each container of " + ManifestView.words(workload.identity()) + " a port of its own");
        view.affected(failure, set, workload);
        openers.values().forEach(failure::evidence);
        return failure.fail();
    }
}
