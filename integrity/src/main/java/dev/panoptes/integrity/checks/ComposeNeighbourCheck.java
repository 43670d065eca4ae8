package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.declared.ComposeFile;
import dev.panoptes.integrity.declared.ComposeFile.Upstream;
import dev.panoptes.integrity.declared.ContainerPorts.Bound;
import dev.panoptes.integrity.declared.ContainerPorts.Listening;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A proxy or a variable that names a neighbour at a port where it does not listen, or one that does not exist. */
final class ComposeNeighbourCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "compose-neighbour",
                Severity.HIGH,
                CheckGroup.COMPOSE,
                "a compose service asks a neighbour where nobody listens");
    }

    @Override
    public List<CheckResult> run(World world) throws InterruptedException {
        List<CheckResult> results = new ArrayList<>();
        Optional<ComposeView> view = ComposeView.of(world);
        for (ComposeFile file : view.map(ComposeView::files).orElse(List.of())) {
            boolean foreign = !file.project().external().isEmpty()
                    || String.valueOf(view.get().declarations().code().text(file.rootPath()))
                            .contains("extra_hosts")
                    || file.services().stream().anyMatch(each -> each.image() == null && each.build() == null);
            Set<String> told = new HashSet<>();
            for (Upstream upstream : file.project().upstreams()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("interrupted between services");
                }
                if (told.add(upstream.service() + " " + upstream.host() + " " + upstream.port())) {
                    judge(view.get(), file, upstream, foreign, results);
                }
            }
        }
        return results;
    }

    private static void judge(
            ComposeView view, ComposeFile file, Upstream upstream, boolean foreign, List<CheckResult> results) {
        String subject = upstream.service() + "-" + upstream.host() + "-" + upstream.port();
        List<ComposeFile.Service> called = file.services().stream()
                .filter(each -> each.name().equals(upstream.host())
                        || each.details().names().contains(upstream.host()))
                .toList();
        if (called.isEmpty()) {
            if (upstream.proxy() && !foreign) {
                results.add(failure(view, file, upstream, subject)
                        .title(upstream.service() + " leads to " + upstream.host() + ", which no service is called")
                        .description("No service of the project is called " + upstream.host()
                                + ", nor has it that alias: nginx does not start where it cannot find a name.")
                        .recommend("Name the service that is meant")
                        .fail());
            }
            return;
        }
        if (called.size() > 1 || ComposeView.sharing(file, called.getFirst()) != null) {
            return;
        }
        ComposeFile.Service target = called.getFirst();
        if (target.hostNetwork()) {
            return;
        }
        Listening listening = view.containers().of(target);
        String open = listening instanceof Listening.Unknown(String reason)
                ? reason
                : listening instanceof Listening.On known ? known.doubt() : null;
        if (open != null) {
            results.add(new CheckResult.Unknown(
                    subject, "Whether " + target.id() + " listens on " + upstream.port() + " is not known: " + open));
        }
        if (open != null || !(listening instanceof Listening.On on)) {
            return;
        }
        if (on.includes(upstream.port())) {
            results.add(new CheckResult.Pass(subject));
            return;
        }
        List<Integer> ports = on.ports().stream().map(Bound::port).distinct().toList();
        results.add(wrongPort(view, file, upstream, target, ports)
                .evidence(on.evidence())
                .fail());
    }

    private static Failure.Builder wrongPort(
            ComposeView view, ComposeFile file, Upstream upstream, ComposeFile.Service target, List<Integer> ports) {
        Failure.Builder failure =
                failure(view, file, upstream, upstream.service() + "-" + upstream.host() + "-" + upstream.port());
        if (upstream.service().equals(target.id())) {
            return failure.port(upstream.port())
                    .title("A proxy is led to port " + upstream.port() + " of " + upstream.service()
                            + ", which listens on " + Words.list(ports))
                    .description(upstream.file() + " tells the proxy to ask port " + upstream.port()
                            + " of the container of " + target.name() + ", but it listens on " + Words.list(ports)
                            + ": the proxy answers that its gateway is bad.")
                    .recommend("Lead the proxy to " + Words.list(ports));
        }
        return failure.port(upstream.port())
                .title(upstream.service() + " asks " + upstream.host() + " on port " + upstream.port()
                        + ", which listens on " + Words.list(ports))
                .description(upstream.file() + " leads to port " + upstream.port() + " of the container of "
                        + target.name() + ", but it listens on " + Words.list(ports)
                        + ". Between containers the port inside counts, not the published one.")
                .recommend("Ask " + upstream.host() + ":" + ports.getFirst());
    }

    private static Failure.Builder failure(ComposeView view, ComposeFile file, Upstream upstream, String subject) {
        Failure.Builder failure = Failure.of(subject)
                .affected(upstream.service())
                .evidence(new Evidence("compose", upstream.file(), upstream.line(), upstream.text()));
        file.services().stream()
                .filter(service -> service.id().equals(upstream.service()))
                .findFirst()
                .ifPresent(service -> failure.affected(view.affected(service)));
        return failure;
    }
}
