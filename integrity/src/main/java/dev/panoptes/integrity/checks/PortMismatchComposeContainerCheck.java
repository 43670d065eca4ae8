package dev.panoptes.integrity.checks;

import dev.panoptes.code.PortValue;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.declared.ComposeFile;
import dev.panoptes.integrity.declared.ContainerPorts.Bound;
import dev.panoptes.integrity.declared.ContainerPorts.Listening;
import dev.panoptes.integrity.declared.Invocation;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.regex.Pattern;

/** A compose service publishes ports of its container, on none of which the container listens. */
final class PortMismatchComposeContainerCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "port-mismatch-compose-container",
                Severity.HIGH,
                CheckGroup.COMPOSE,
                "a compose service publishes a port that its container does not listen on");
    }

    /** Ports on which the tools of languages wait for a debugger: node, debugpy, JDWP, Delve, PHP, JMX. */
    static final Set<Integer> DEBUGGERS = Set.of(9229, 5678, 5005, 40000, 2345, 9003, 9010);

    private static final Pattern SERVER =
            Pattern.compile("(\\S*/)?(uvicorn|flask|fastapi|hypercorn|daphne|granian|waitress-serve)\\b");

    @Override
    public List<CheckResult> run(World world) throws InterruptedException {
        List<CheckResult> results = new ArrayList<>();
        Optional<ComposeView> view = ComposeView.of(world);
        if (view.isEmpty()) {
            return results;
        }
        for (ComposeFile file : view.get().files()) {
            for (ComposeFile.Service service : file.services()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("interrupted between services");
                }
                List<ComposeFile.Published> published = service.ports().stream()
                        .filter(port -> port.protocol().equals("tcp"))
                        .toList();
                if (!service.hostNetwork() && !published.isEmpty() && decides(view.get(), file, service)) {
                    results.add(judge(view.get(), file, service, published));
                }
            }
        }
        return results;
    }

    private static CheckResult judge(
            ComposeView view, ComposeFile file, ComposeFile.Service service, List<ComposeFile.Published> published) {
        return switch (view.containers().of(service)) {
            case Listening.NotJudged(String reason) -> ComposeView.nothingTells(service.id(), reason);
            case Listening.Unknown(String reason) -> unknown(service, reason);
            case Listening.On on -> compare(view, file, service, published, on);
        };
    }

    /** False for a file that adds neither what runs nor a port to a service of another one, which is judged there. */
    private static boolean decides(ComposeView view, ComposeFile file, ComposeFile.Service service) {
        ComposeFile.Build build = service.build();
        Invocation command = service.command();
        Invocation entrypoint = service.entrypoint();
        return (build != null && view.isOwn(file, build.file()))
                || (build == null && service.image() != null && view.isOwn(file, service.file()))
                || ((build != null || service.image() != null) && publishesItself(view, file, service))
                || (command != null && view.isOwn(file, command.file()))
                || (entrypoint != null && view.isOwn(file, entrypoint.file()));
    }

    private static boolean publishesItself(ComposeView view, ComposeFile file, ComposeFile.Service service) {
        return service.ports().stream()
                .anyMatch(port -> port.protocol().equals("tcp") && view.isOwn(file, port.file()));
    }

    private static CheckResult compare(
            ComposeView view,
            ComposeFile file,
            ComposeFile.Service service,
            List<ComposeFile.Published> published,
            Listening.On on) {
        SequencedSet<Integer> ports = new LinkedHashSet<>();
        String open = on.doubt() == null ? ComposeView.sharing(file, service) : on.doubt();
        for (ComposeFile.Published each : published) {
            switch (each.container()) {
                case PortValue.Known known -> ports.add(known.port());
                case PortValue.Unresolved(String reason, String variable) -> open = reason;
            }
        }
        List<Integer> besides = ports.stream()
                .filter(port -> !on.includes(port) && !DEBUGGERS.contains(port))
                .toList();
        boolean some = ports.stream().anyMatch(on::includes);
        if (some && besides.isEmpty()) {
            return new CheckResult.Pass(service.id());
        }
        if (open != null) {
            return unknown(service, open);
        }
        List<Integer> hidden = on.ports().stream()
                .filter(bound -> !ports.contains(bound.port()) && !bound.onLoopback())
                .map(Bound::port)
                .distinct()
                .toList();
        // Of a program whose ports are read; a table of images may name more than are open.
        boolean crossed = besides.size() == 1
                && hidden.size() == 1
                && on.ports().stream()
                        .allMatch(bound -> bound.evidence().source().equals("code"));
        if (some && !crossed && !isServerOnly(on)) {
            return new CheckResult.Unknown(
                    service.id(),
                    service.id() + " publishes container port " + Words.list(besides)
                            + " too, on which nothing of it is seen to listen");
        }
        return failed(view, service, published, some ? new LinkedHashSet<>(besides) : ports, on);
    }

    /** True where a server of one port runs an application, which binds no other itself, or its configuration says them all. */
    private static boolean isServerOnly(Listening.On on) {
        return on.ports().stream()
                .map(Bound::evidence)
                .allMatch(evidence -> evidence.source().equals("haproxy")
                        || SERVER.matcher(evidence.text()).lookingAt());
    }

    private static CheckResult unknown(ComposeFile.Service service, String reason) {
        return new CheckResult.Unknown(
                service.id(), "What the container of " + service.id() + " listens on is not known: " + reason);
    }

    private static CheckResult failed(
            ComposeView view,
            ComposeFile.Service service,
            List<ComposeFile.Published> published,
            SequencedSet<Integer> ports,
            Listening.On on) {
        SequencedSet<Integer> binds = new LinkedHashSet<>();
        on.ports().stream().map(Bound::port).forEach(binds::add);
        Failure.Builder failure = Failure.of(service.id())
                .port(ports.getFirst())
                .title(service.id() + " publishes container port " + Words.list(ports) + ", its container listens on "
                        + Words.list(binds))
                .description("Compose leads to port " + Words.list(ports) + " of the container of " + service.name()
                        + ", but it listens on " + Words.list(binds) + ": nobody answers on the published port.")
                .affected(view.affected(service))
                .recommend("Let the right side of the port mapping be " + Words.list(binds)
                        + ", or let the container listen on " + Words.list(ports));
        published.stream().map(ComposeView::evidence).distinct().forEach(failure::evidence);
        return failure.evidence(on.evidence()).fail();
    }
}
