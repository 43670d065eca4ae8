package dev.panoptes.integrity.checks;

import dev.panoptes.code.PortValue;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.declared.ContainerPorts.Bound;
import dev.panoptes.integrity.declared.Manifests.ManifestSet;
import dev.panoptes.integrity.declared.Manifests.Service;
import dev.panoptes.integrity.declared.Manifests.ServicePort;
import dev.panoptes.integrity.declared.Manifests.Workload;
import dev.panoptes.integrity.declared.PodPorts.Opened;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A Service leads to a port that no container of its pods has: by a name that none of them is called, or by a number that none opens.
 */
final class ManifestTargetPortCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "manifest-target-port",
                Severity.HIGH,
                CheckGroup.KUBERNETES,
                "a Service leads to a port that no container of its pods has");
    }

    @Override
    public List<CheckResult> run(World world) {
        ManifestView view = ManifestView.of(world);
        ManifestView.Results results = new ManifestView.Results();
        view.unread(results);
        for (ManifestSet set : view.sets()) {
            for (Service service : set.services()) {
                List<Workload> workloads = view.selected(set, service);
                if (!workloads.isEmpty()) {
                    service.ports().forEach(port -> results.add(judge(view, set, service, port, workloads)));
                }
            }
        }
        return results.all();
    }

    private static CheckResult judge(
            ManifestView view, ManifestSet set, Service service, ServicePort port, List<Workload> workloads) {
        String subject = service.identity().id() + " " + (port.name().isEmpty() ? port.target() : port.name());
        String unknown = null;
        List<Opened.No> elsewhere = new ArrayList<>();
        for (Workload workload : workloads) {
            Opened opened = opened(view, workload, port);
            if (opened instanceof Opened.Yes) {
                List<Bound> loopback = ManifestView.open(service.identity(), workload.identity()) == null
                        ? loopback(view, workload, port)
                        : List.of();
                if (loopback.isEmpty()) {
                    return new CheckResult.Pass(subject);
                }
                return onLoopback(view, set, service, port, workload, loopback, subject);
            }
            String open = ManifestView.open(service.identity(), workload.identity());
            if (open != null) {
                unknown = open;
            } else if (opened instanceof Opened.Unknown(String reason)) {
                unknown = reason;
            } else if (opened instanceof Opened.No no) {
                elsewhere.add(no);
            }
        }
        return unknown != null
                ? new CheckResult.Unknown(subject, unknown)
                : failure(view, set, service, port, workloads, elsewhere, subject);
    }

    /** The number that a target is or, by its name, has; what holds it on the pod's loopback only. */
    private static List<Bound> loopback(ManifestView view, Workload workload, ServicePort port) {
        if (!port.protocol().equals("TCP")) {
            return List.of();
        }
        if (port.target().matches("[0-9]{1,5}")) {
            return view.ports().onLoopback(workload, Integer.parseInt(port.target()));
        }
        return workload.containers().stream()
                .flatMap(container -> container.ports().stream())
                .filter(each -> each.name().equals(port.target()))
                .flatMap(each -> each.number() instanceof PortValue.Known(int number, String _)
                        ? view.ports().onLoopback(workload, number).stream()
                        : Stream.empty())
                .toList();
    }

    private static CheckResult onLoopback(
            ManifestView view,
            ManifestSet set,
            Service service,
            ServicePort port,
            Workload workload,
            List<Bound> loopback,
            String subject) {
        Bound first = loopback.getFirst();
        Failure.Builder failure = Failure.of(subject)
                .port(first.port())
                .title("Service " + service.identity().name() + " leads to port " + first.port() + ", on which "
                        + ManifestView.words(workload.identity()) + " listens on " + first.address() + " only")
                .description("A Service leads to the address of the pod, and its program listens on " + first.address()
                        + " inside of it: every connection, and every probe of the kubelet, is refused.")
                .recommend("Let the program listen on 0.0.0.0 (--host 0.0.0.0)");
        view.affected(failure, set, workload);
        return failure.affected(service.identity().id())
                .evidence(port.evidence())
                .evidence(loopback.stream().map(Bound::evidence).distinct().toList())
                .fail();
    }

    private static Opened opened(ManifestView view, Workload workload, ServicePort port) {
        if (port.target().matches("[0-9]{1,5}")) {
            return view.ports().opens(workload, Integer.parseInt(port.target()), Set.of(port.protocol()));
        }
        if (!port.target().matches("[a-z0-9-]+")) {
            return new Opened.Unknown("a tool fills in the target port");
        }
        boolean named = workload.containers().stream()
                .flatMap(container -> container.ports().stream())
                .anyMatch(each ->
                        each.name().equals(port.target()) && each.protocol().equals(port.protocol()));
        return named ? new Opened.Yes() : new Opened.No(new LinkedHashSet<>(), List.of());
    }

    private static CheckResult failure(
            ManifestView view,
            ManifestSet set,
            Service service,
            ServicePort port,
            List<Workload> workloads,
            List<Opened.No> elsewhere,
            String subject) {
        boolean named = !port.target().matches("[0-9]{1,5}");
        List<Object> has = new ArrayList<>();
        if (named) {
            workloads.stream()
                    .flatMap(workload -> workload.containers().stream())
                    .flatMap(container -> container.ports().stream())
                    .map(each -> each.name())
                    .filter(name -> !name.isEmpty())
                    .distinct()
                    .forEach(has::add);
        } else {
            elsewhere.stream().flatMap(no -> no.others().stream()).distinct().forEach(has::add);
        }
        String pods = Words.list(workloads.stream()
                .map(workload -> ManifestView.words(workload.identity()))
                .toList());
        String target = named ? "the port called " + port.target() : "port " + port.target();
        Failure.Builder failure = Failure.of(subject)
                .title("Service " + service.identity().name() + " leads to " + target + ", which " + pods
                        + " does not have")
                .description("The pods of " + pods + " "
                        + (has.isEmpty() ? "name no port" : "have " + Words.list(has))
                        + ", so nobody answers behind the Service.")
                .recommend(
                        has.isEmpty()
                                ? "Name a containerPort " + port.target() + " in the pod template"
                                : "Set targetPort to "
                                        + (has.size() == 1 ? has.getFirst() : "one of " + Words.list(has)));
        if (port.port() instanceof PortValue.Known(int number, String _)) {
            failure.port(number);
        }
        workloads.forEach(workload -> view.affected(failure, set, workload));
        failure.affected(service.identity().id()).evidence(port.evidence());
        elsewhere.forEach(no -> failure.evidence(no.evidence()));
        workloads.stream()
                .limit(3)
                .forEach(workload -> failure.evidence(workload.identity().evidence()));
        return failure.fail();
    }
}
