package dev.panoptes.integrity.checks;

import dev.panoptes.code.PortValue;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.declared.ComposeFile;
import dev.panoptes.integrity.declared.ContainerPorts.Bound;
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

/** A published port whose program listens on the loopback of its container, where nobody outside reaches it. */
final class LoopbackBehindPublishCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "loopback-behind-publish",
                Severity.HIGH,
                CheckGroup.COMPOSE,
                "a published port leads to a program that listens on its container's loopback");
    }

    @Override
    public List<CheckResult> run(World world) throws InterruptedException {
        List<CheckResult> results = new ArrayList<>();
        Optional<ComposeView> view = ComposeView.of(world);
        for (ComposeFile file : view.map(ComposeView::files).orElse(List.of())) {
            for (ComposeFile.Service service : file.services()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("interrupted between services");
                }
                if (!service.hostNetwork() && ComposeView.sharing(file, service) == null) {
                    judge(view.get(), service, results);
                }
            }
        }
        return results;
    }

    private static void judge(ComposeView view, ComposeFile.Service service, List<CheckResult> results) {
        List<ComposeFile.Published> published = service.ports().stream()
                .filter(port -> port.protocol().equals("tcp"))
                .toList();
        if (published.isEmpty() || !(view.containers().of(service) instanceof Listening.On on)) {
            return;
        }
        for (ComposeFile.Published each : published) {
            if (each.container() instanceof PortValue.Known(int port, String variable)) {
                List<Bound> bound =
                        on.ports().stream().filter(one -> one.port() == port).toList();
                if (!bound.isEmpty() && bound.stream().allMatch(Bound::onLoopback) && on.doubt() == null) {
                    results.add(failed(view, service, each, bound));
                    return;
                }
            }
        }
        boolean known = on.ports().stream().allMatch(one -> one.address() != null);
        if (known && on.doubt() == null) {
            results.add(new CheckResult.Pass(service.id()));
        }
    }

    private static CheckResult failed(
            ComposeView view, ComposeFile.Service service, ComposeFile.Published published, List<Bound> bound) {
        int port = bound.getFirst().port();
        return Failure.of(service.id())
                .port(port)
                .title(service.id() + " publishes port " + port + ", but its program listens on "
                        + bound.getFirst().address() + " of the container")
                .description("Docker leads the published port to the container's own address. The program listens on "
                        + bound.getFirst().address()
                        + " inside the container only, so every call from outside is refused.")
                .affected(view.affected(service))
                .recommend(
                        "Let the program listen on 0.0.0.0 inside the container (--host 0.0.0.0); the published address"
                                + " decides who reaches it")
                .evidence(ComposeView.evidence(published))
                .evidence(bound.stream().map(Bound::evidence).distinct().toList())
                .fail();
    }
}
