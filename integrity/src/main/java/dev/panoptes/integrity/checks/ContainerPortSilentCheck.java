package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.checks.ContainerView.Project;
import dev.panoptes.integrity.declared.ComposeFile;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.observed.Container;
import dev.panoptes.integrity.observed.Container.Inner;
import dev.panoptes.integrity.observed.Container.Published;
import dev.panoptes.integrity.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A port of the host leads to a container in which nothing listens on the other end: the engine answers, and nobody behind it. */
final class ContainerPortSilentCheck implements Check {
    /** A program that has just been started may not listen yet. */
    private static final Duration STARTING = Duration.ofSeconds(30);

    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "container-port-silent",
                Severity.HIGH,
                CheckGroup.HOST,
                "a published port leads to a container in which nothing listens on it");
    }

    @Override
    public List<CheckResult> run(World world) {
        List<CheckResult> results = new ArrayList<>();
        for (Project project : ContainerView.projects(world)) {
            for (Container container : project.containers()) {
                project.service(container)
                        .filter(service -> container.isRunning() && !container.hostNetwork())
                        .ifPresent(service -> container.published().stream()
                                .filter(port -> port.protocol().equals("tcp"))
                                .filter(port -> !container.isTwin(port))
                                .forEach(port -> results.add(judge(project, service, container, port, world))));
            }
        }
        return results;
    }

    private static CheckResult judge(
            Project project, ComposeFile.Service service, Container container, Published port, World world) {
        String subject = service.id() + " " + port.port();
        List<Inner> listening = container.listening();
        if (listening == null) {
            return new CheckResult.Unknown(subject, "what listens in " + container.name() + " could not be seen");
        }
        List<Inner> there = listening.stream()
                .filter(inner -> inner.port() == port.containerPort())
                .toList();
        if (there.stream().anyMatch(inner -> !inner.isLoopback())) {
            return new CheckResult.Pass(subject);
        }
        Instant started = container.started();
        if (started == null || started.isAfter(project.snapshot().taken().minus(STARTING))) {
            return new CheckResult.Unknown(subject, container.name() + " has just been started");
        }
        String what = there.isEmpty()
                ? "nothing listens on port " + port.containerPort()
                : "port " + port.containerPort() + " listens on "
                        + there.getFirst().address() + " only, which no other container and no host reaches";
        Failure.Builder failure = Failure.of(subject)
                .host(project.host())
                .port(port.port())
                .title("Port " + port.port() + " leads to " + container.name() + ", where " + what)
                .description("The engine takes connections to port " + port.port() + " of "
                        + ObservedView.name(project.host()) + " and passes them to port " + port.containerPort()
                        + " of "
                        + container.name() + ", where " + what + ".")
                .affected(service.id());
        world.links().agentOf(service).ifPresent(agent -> failure.affected(agent.key()));
        return failure.evidence(ContainerView.evidence(container))
                .evidence(ComposeView.evidence(service))
                .recommend(
                        there.isEmpty()
                                ? "Publish the port that the program listens on"
                                        + (listening.isEmpty()
                                                ? ""
                                                : " (what listens there: " + Words.list(ports(listening)) + ")")
                                        + ", or have it listen on " + port.containerPort()
                                : "Have the program listen on 0.0.0.0 within the container")
                .fail();
    }

    private static List<Integer> ports(List<Inner> listening) {
        return listening.stream().map(Inner::port).distinct().toList();
    }
}
