package dev.panoptes.integrity.checks;

import dev.panoptes.code.PortValue;
import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.declared.ComposeFile;
import dev.panoptes.integrity.declared.ContainerPorts;
import dev.panoptes.integrity.declared.ContainerPorts.Listening;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A service of several containers that all want one port of the host. */
final class ComposeReplicasPortCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "compose-replicas-port",
                Severity.HIGH,
                CheckGroup.COMPOSE,
                "the containers of one compose service want one port of the host");
    }

    @Override
    public List<CheckResult> run(World world) {
        List<CheckResult> results = new ArrayList<>();
        Optional<ComposeView> view = ComposeView.of(world);
        if (view.isPresent()) {
            for (ComposeFile file : view.get().files()) {
                if (isForSwarm(file)) {
                    // Its routing mesh leads a published port to every replica.
                    continue;
                }
                file.services().stream()
                        .filter(service -> service.details().replicas() > 1)
                        .forEach(service -> results.add(judge(view.get(), service)));
            }
        }
        return results;
    }

    private static boolean isForSwarm(ComposeFile file) {
        String name = file.rootPath().substring(file.rootPath().lastIndexOf('/') + 1);
        return name.contains("stack")
                || name.contains("swarm")
                || file.services().stream()
                        .anyMatch(service -> service.details().swarm());
    }

    private static CheckResult judge(ComposeView view, ComposeFile.Service service) {
        List<ComposeFile.Published> fixed = new ArrayList<>();
        String unknown = null;
        for (ComposeFile.Published published :
                service.hostNetwork() ? List.<ComposeFile.Published>of() : service.ports()) {
            switch (published.host()) {
                case PortValue.Known _ -> fixed.add(published);
                case PortValue.Unresolved(String reason, String _) -> unknown = reason;
                case null -> {
                    // Docker picks one for each container, of a range while it lasts.
                    if (isShort(published, service.details().replicas())) {
                        fixed.add(published);
                    }
                }
            }
        }
        if (!fixed.isEmpty()) {
            return failed(
                    view,
                    service,
                    "publish host port ",
                    fixed.stream()
                            .map(ComposeReplicasPortCheck::host)
                            .distinct()
                            .toList(),
                    fixed.stream().map(ComposeView::evidence).distinct().toList());
        }
        if (service.hostNetwork() && view.containers().of(service) instanceof Listening.On on && on.doubt() == null) {
            List<Integer> ports = on.ports().stream()
                    .map(ContainerPorts.Bound::port)
                    .distinct()
                    .toList();
            return failed(view, service, "bind the host's port ", ports, on.evidence());
        }
        return unknown == null
                ? new CheckResult.Pass(service.id())
                : new CheckResult.Unknown(
                        service.id(), "Which ports of the host " + service.id() + " takes is not known: " + unknown);
    }

    private static boolean isShort(ComposeFile.Published published, int containers) {
        Matcher range = RANGE.matcher(published.text());
        return range.matches() && Integer.parseInt(range.group(2)) - Integer.parseInt(range.group(1)) + 1 < containers;
    }

    private static CheckResult failed(
            ComposeView view, ComposeFile.Service service, String how, List<Integer> ports, List<Evidence> evidence) {
        int count = service.details().replicas();
        return Failure.of(service.id())
                .port(ports.getFirst())
                .title(service.id() + " runs " + count + " containers that all " + how + Words.list(ports))
                .description("Compose starts " + count + " containers of " + service.name() + ", and each wants port "
                        + Words.list(ports) + " of the host. The first gets it; the others do not start.")
                .affected(view.affected(service))
                .recommend("Publish a range of " + count
                        + " host ports, leave the host port to Docker behind a proxy, or run one container")
                .evidence(evidence)
                .fail();
    }

    /** Of a range, its first. */
    private static int host(ComposeFile.Published published) {
        Matcher range = RANGE.matcher(published.text());
        return published.host() instanceof PortValue.Known(int port, @Nullable String _)
                ? port
                : range.matches() ? Integer.parseInt(range.group(1)) : 0;
    }

    /** Several ports of the host for one of the container. */
    private static final Pattern RANGE = Pattern.compile("(?:.*:)?(\\d{1,5})-(\\d{1,5}):\\d{1,5}(?:/\\w+)?");
}
