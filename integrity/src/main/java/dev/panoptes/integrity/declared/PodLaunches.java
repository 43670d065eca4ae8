package dev.panoptes.integrity.declared;

import dev.panoptes.code.PortValue;
import dev.panoptes.integrity.declared.ContainerPorts.Listening;
import dev.panoptes.integrity.declared.Launch.Claim;
import dev.panoptes.integrity.declared.Launch.Space;
import dev.panoptes.integrity.declared.Manifests.ContainerPort;
import dev.panoptes.integrity.declared.Manifests.ManifestSet;
import dev.panoptes.integrity.declared.Manifests.PodContainer;
import dev.panoptes.integrity.declared.Manifests.Service;
import dev.panoptes.integrity.declared.Manifests.ServicePort;
import dev.panoptes.integrity.declared.Manifests.Workload;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The launches that containers of pods are. All of a pod share its network, which Services lead into. */
final class PodLaunches {
    private PodLaunches() {}

    static Launch of(ManifestSet set, Workload workload, PodContainer container, PodPorts ports, LaunchPlaces places) {
        List<Claim> claims = new ArrayList<>();
        String unknown = workload.identity().open();
        boolean told = false;
        switch (ports.of(container)) {
            case Listening.On on -> {
                told = true;
                on.ports().forEach(bound -> claims.add(new Claim(bound.port(), bound.evidence(), bound.address())));
                unknown = unknown == null ? on.doubt() : unknown;
            }
            case Listening.Unknown(String reason) -> unknown = unknown == null ? reason : unknown;
            case Listening.NotJudged notJudged -> unknown = unknown == null ? Launch.IMAGE_ONLY : unknown;
        }
        List<Claim> published = new ArrayList<>();
        for (ContainerPort declared : container.ports()) {
            if (!told && declared.number() instanceof PortValue.Known(int number, String _)) {
                claims.add(new Claim(number, declared.evidence()));
            }
            if (declared.hostPort() instanceof PortValue.Known(int number, String _) && !workload.hostNetwork()) {
                published.add(new Claim(number, declared.evidence(), address(declared)));
            }
        }
        Set<String> names = new LinkedHashSet<>();
        List<Claim> forwarded = new ArrayList<>();
        for (Service service : set.services()) {
            if (workload.isSelectedBy(service)) {
                names.addAll(names(service));
                forwarded(service, forwarded);
            }
        }
        return new Launch(
                Launch.Kind.POD,
                container.id(),
                ports.program(container).orElse(null),
                places.directory(container.runs(), ports.program(container).orElse(null))
                        .orElse(null),
                // Also with the network of its node, which is not the scanned host.
                new Space.Container(workload.identity().id()),
                List.copyOf(names),
                claims,
                published,
                forwarded,
                unknown);
    }

    private static @Nullable String address(ContainerPort declared) {
        return declared.hostAddress().isEmpty() ? null : declared.hostAddress();
    }

    /** What pods know a Service by (Kubernetes, "DNS for Services and Pods"). */
    static List<String> names(Service service) {
        List<String> names = new ArrayList<>();
        String name = service.identity().name();
        String namespace = service.identity().namespace();
        names.add(name);
        if (!namespace.isEmpty()) {
            names.add(name + "." + namespace);
            names.add(name + "." + namespace + ".svc");
            names.add(name + "." + namespace + ".svc.cluster.local");
        }
        return names;
    }

    private static void forwarded(Service service, List<Claim> forwarded) {
        for (ServicePort port : service.ports()) {
            if (port.port() instanceof PortValue.Known(int number, String _)) {
                forwarded.add(new Claim(number, port.evidence()));
            }
            if (port.nodePort() instanceof PortValue.Known(int number, String _)) {
                forwarded.add(new Claim(number, port.evidence()));
            }
        }
    }
}
