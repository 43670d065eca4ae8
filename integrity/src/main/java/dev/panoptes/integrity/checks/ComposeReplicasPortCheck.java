package dev.panoptes.integrity.checks;

import dev.panoptes.code.PortValue;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.declared.ComposeFile;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
                    // Docker picks one for each container.
                }
            }
        }
        if (!fixed.isEmpty()) {
            return failed(view, service, fixed);
        }
        return unknown == null
                ? new CheckResult.Pass(service.id())
                : new CheckResult.Unknown(
                        service.id(), "Which ports of the host " + service.id() + " takes is not known: " + unknown);
    }

    private static CheckResult failed(
            ComposeView view, ComposeFile.Service service, List<ComposeFile.Published> fixed) {
        int count = service.details().replicas();
        List<Integer> ports =
                fixed.stream().map(ComposeReplicasPortCheck::host).distinct().toList();
        return Failure.of(service.id())
                .port(ports.getFirst())
                .title(service.id() + " runs " + count + " containers that all publish host port " + Words.list(ports))
                .description("Compose starts " + count + " containers of " + service.name() + ", and each wants port "
                        + Words.list(ports) + " of the host. The first gets it; the others do not start.")
                .affected(view.affected(service))
                .recommend("Publish a range of " + count
                        + " host ports, leave the host port to Docker behind a proxy, or run one container")
                .evidence(fixed.stream().map(ComposeView::evidence).distinct().toList())
                .fail();
    }

    private static int host(ComposeFile.Published published) {
        return published.host() instanceof PortValue.Known(int port, @Nullable String _) ? port : 0;
    }
}
