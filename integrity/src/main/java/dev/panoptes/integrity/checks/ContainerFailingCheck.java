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
import dev.panoptes.integrity.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A container of a compose service is started over and over, has ended with an error, or fails its health check. */
final class ContainerFailingCheck implements Check {
    /** Engines forget the count when somebody starts the container by hand; a few restarts long ago say nothing. */
    private static final int MANY_RESTARTS = 3;

    private static final Duration RECENT = Duration.ofMinutes(10);
    /** 128 and a signal's number: somebody stopped it (SIGINT, SIGKILL, SIGTERM). */
    private static final List<Integer> STOPPED = List.of(130, 137, 143);

    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "container-failing",
                Severity.HIGH,
                CheckGroup.HOST,
                "a container is started over and over, ended with an error or is unhealthy");
    }

    @Override
    public List<CheckResult> run(World world) {
        List<CheckResult> results = new ArrayList<>();
        for (Project project : ContainerView.projects(world)) {
            for (ComposeFile.Service service : project.file().services()) {
                List<Container> containers = project.of(service);
                if (!containers.isEmpty()) {
                    results.add(judge(project, service, containers, world));
                }
            }
        }
        return results;
    }

    private static CheckResult judge(
            Project project, ComposeFile.Service service, List<Container> containers, World world) {
        List<Container> failing = containers.stream()
                .filter(each -> wrong(each, project.snapshot().taken()) != null)
                .toList();
        if (failing.isEmpty()) {
            return new CheckResult.Pass(service.id());
        }
        String wrong =
                String.valueOf(wrong(failing.getFirst(), project.snapshot().taken()));
        Failure.Builder failure = Failure.of(service.id())
                .host(project.host())
                .title("A container of " + service.id() + " " + wrong)
                .description("The container " + failing.getFirst().name() + " on " + ObservedView.name(project.host())
                        + " " + wrong + ".")
                .affected(service.id());
        world.links().agentOf(service).ifPresent(agent -> failure.affected(agent.key()));
        failing.forEach(each -> failure.evidence(ContainerView.evidence(each)));
        return failure.recommend("See why: docker logs " + failing.getFirst().name()
                        + "; then mend it and start it again with docker compose up -d " + service.name())
                .fail();
    }

    private static @Nullable String wrong(Container container, Instant now) {
        if (container.state().equals("restarting")) {
            return "is started over and over (exit code " + container.exitCode() + ")";
        }
        Instant started = container.started();
        if (container.restarts() >= MANY_RESTARTS && started != null && started.isAfter(now.minus(RECENT))) {
            return "is started over and over (" + Words.count(container.restarts(), "time") + " so far)";
        }
        if (container.health().equals("unhealthy") && container.isRunning()) {
            return "fails its health check";
        }
        boolean ended = container.state().equals("exited") || container.state().equals("dead");
        return ended && container.exitCode() != 0 && !STOPPED.contains(container.exitCode())
                ? "ended with exit code " + container.exitCode()
                : null;
    }
}
