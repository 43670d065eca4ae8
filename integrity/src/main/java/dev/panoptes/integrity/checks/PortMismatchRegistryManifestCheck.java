package dev.panoptes.integrity.checks;

import dev.panoptes.code.PortValue;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.DeclaredEndpoint;
import dev.panoptes.integrity.declared.Manifests.Service;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The URL of an agent names a Service of the manifests by its name in the cluster, and a port that the Service does not have. */
final class PortMismatchRegistryManifestCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "port-mismatch-registry-manifest",
                Severity.HIGH,
                CheckGroup.KUBERNETES,
                "the registry declares a port that the agent's Service does not have");
    }

    @Override
    public List<CheckResult> run(World world) {
        ManifestView view = ManifestView.of(world);
        List<CheckResult> results = new ArrayList<>();
        for (DeclaredAgent agent : world.registry().agents()) {
            if (world.registry().endpoint(agent) instanceof DeclaredEndpoint.At at) {
                List<Service> services = view.sets().stream()
                        .flatMap(set -> set.services().stream())
                        .filter(service -> isCalled(service, at.address().toLowerCase(Locale.ROOT)))
                        .distinct()
                        .toList();
                if (!services.isEmpty() && services.stream().noneMatch(Service::direct)) {
                    results.add(judge(world, agent, at, services));
                }
            }
        }
        return results;
    }

    /** By a name that holds the namespace, or is short for one whose namespace whoever applies it chooses. */
    private static boolean isCalled(Service service, String address) {
        String[] parts = address.split("\\.");
        boolean cluster = CodeView.isClusterName(address) || parts.length == 2;
        String namespace = service.identity().namespace();
        return cluster
                && parts.length >= 2
                && parts[0].equals(service.identity().name())
                && (namespace.isEmpty() ? CodeView.isClusterName(address) : parts[1].equals(namespace));
    }

    private static CheckResult judge(World world, DeclaredAgent agent, DeclaredEndpoint.At at, List<Service> services) {
        List<Integer> has = new ArrayList<>();
        boolean open = false;
        for (Service service : services) {
            open = open || service.identity().open() != null;
            for (var port : service.ports()) {
                if (port.port() instanceof PortValue.Known(int number, String _)) {
                    has.add(number);
                } else {
                    open = true;
                }
            }
        }
        if (has.contains(at.port())) {
            return new CheckResult.Pass(agent.key());
        }
        Service service = services.getFirst();
        if (open) {
            return new CheckResult.Unknown(
                    agent.key(), "Service " + service.identity().id() + " may have other ports when it is applied");
        }
        Failure.Builder failure = Failure.of(agent.key())
                .port(at.port())
                .title(agent.key() + " is declared on port " + at.port() + ", its Service has "
                        + (has.isEmpty()
                                ? "none"
                                : Words.list(has.stream().distinct().toList())))
                .description("The URL of " + agent.key() + " names Service "
                        + service.identity().name() + ", which does not have port " + at.port()
                        + ": who calls the agent there gets no answer.")
                .affected(agent.key(), service.identity().id())
                .evidence(new RegistryText(world.registry()).url(agent));
        service.ports().forEach(port -> failure.evidence(port.evidence()));
        return failure.evidence(service.identity().evidence())
                .recommend("Correct the port in connection.url, or give the Service that port")
                .fail();
    }
}
