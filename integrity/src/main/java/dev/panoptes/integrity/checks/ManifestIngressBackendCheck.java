package dev.panoptes.integrity.checks;

import dev.panoptes.code.PortValue;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.declared.Manifests.Backend;
import dev.panoptes.integrity.declared.Manifests.Ingress;
import dev.panoptes.integrity.declared.Manifests.ManifestSet;
import dev.panoptes.integrity.declared.Manifests.Service;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.List;

/** An Ingress leads to a port that the Service, which the same place declares, does not have. */
final class ManifestIngressBackendCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "manifest-ingress-backend",
                Severity.HIGH,
                CheckGroup.KUBERNETES,
                "an Ingress leads to a port that its Service does not have");
    }

    @Override
    public List<CheckResult> run(World world) {
        ManifestView view = ManifestView.of(world);
        ManifestView.Results results = new ManifestView.Results();
        for (ManifestSet set : view.sets()) {
            for (Ingress ingress : set.ingresses()) {
                for (Backend backend : ingress.backends()) {
                    set.services().stream()
                            .filter(service -> service.identity().name().equals(backend.service())
                                    && service.identity().mayMeet(ingress.identity()))
                            .findFirst()
                            .ifPresentOrElse(
                                    service -> results.add(judge(ingress, backend, service)),
                                    () -> results.add(new CheckResult.Unknown(
                                            ingress.identity().id() + " " + backend.service() + ":" + backend.port(),
                                            "No manifest beside the Ingress declares the Service that it leads to:"
                                                    + " whether the cluster has it is not known")));
                }
            }
        }
        return results.all();
    }

    private static CheckResult judge(Ingress ingress, Backend backend, Service service) {
        String subject = ingress.identity().id() + " " + backend.service() + ":" + backend.port();
        boolean number = backend.port().matches("[0-9]{1,5}");
        boolean has = service.ports().stream()
                .anyMatch(port -> number
                        ? port.port() instanceof PortValue.Known(int known, String _)
                                && known == Integer.parseInt(backend.port())
                        : port.name().equals(backend.port()));
        if (has) {
            return new CheckResult.Pass(subject);
        }
        String open = ManifestView.open(ingress.identity(), service.identity());
        boolean filled = service.ports().stream().anyMatch(port -> !(port.port() instanceof PortValue.Known))
                || !backend.port().matches("[a-z0-9-]+");
        if (open != null || filled) {
            return new CheckResult.Unknown(subject, open == null ? "a tool fills in a port" : open);
        }
        List<String> ports = service.ports().stream()
                .map(port -> ((PortValue.Known) port.port()).port()
                        + (port.name().isEmpty() ? "" : " (" + port.name() + ")"))
                .toList();
        Failure.Builder failure = Failure.of(subject)
                .title("Ingress " + ingress.identity().name() + " leads to port " + backend.port() + " of Service "
                        + backend.service() + ", which does not have it")
                .description("The Service " + backend.service() + " has "
                        + (ports.isEmpty() ? "no port" : Words.list(ports))
                        + ", so the Ingress answers with an error for what it leads there.")
                .affected(service.identity().id(), ingress.identity().id())
                .evidence(backend.evidence());
        service.ports().forEach(port -> failure.evidence(port.evidence()));
        return failure.evidence(service.identity().evidence())
                .recommend("Let the Ingress name a port of the Service")
                .fail();
    }
}
