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
import java.util.ArrayList;
import java.util.List;

/** A project runs here, and a service of its compose file has no running container. */
final class ContainerMissingCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "container-missing",
                Severity.MEDIUM,
                CheckGroup.HOST,
                "a service of a compose project that runs has no container");
    }

    @Override
    public List<CheckResult> run(World world) {
        List<CheckResult> results = new ArrayList<>();
        for (Project project : ContainerView.projects(world)) {
            for (ComposeFile.Service service : project.file().services()) {
                if (isMeant(project.file(), service)) {
                    results.add(judge(project, service, world));
                }
            }
        }
        return results;
    }

    /** A service of a profile is started only by who asks for it. */
    private static boolean isMeant(ComposeFile file, ComposeFile.Service service) {
        return file.isActive(service) && service.details().replicas() > 0;
    }

    private static CheckResult judge(Project project, ComposeFile.Service service, World world) {
        List<Container> containers = project.of(service);
        boolean runs = containers.stream()
                .anyMatch(each -> each.isRunning() || each.state().equals("restarting"));
        // What ended by itself and is not to be started again is a job that is done, or container-failing tells of it.
        boolean done = containers.stream().anyMatch(ContainerMissingCheck::isDone);
        if (runs || done) {
            return new CheckResult.Pass(service.id());
        }
        String what = containers.isEmpty()
                ? "has no container"
                : "has no running container: " + containers.getFirst().name() + " is "
                        + (containers.getFirst().state().equals("created")
                                ? "created and was never started"
                                : "stopped");
        Failure.Builder failure = Failure.of(service.id())
                .host(project.host())
                .title(service.id() + " " + what)
                .description("Other services of the project run on " + ObservedView.name(project.host()) + ", but "
                        + service.name() + " " + what + ".")
                .affected(service.id());
        world.links().agentOf(service).ifPresent(agent -> failure.affected(agent.key()));
        containers.forEach(each -> failure.evidence(ContainerView.evidence(each)));
        project.containers().stream()
                .filter(Container::isRunning)
                .limit(3)
                .forEach(each -> failure.evidence(ContainerView.evidence(each)));
        return failure.evidence(ComposeView.evidence(service))
                .recommend("Start it: docker compose up -d " + service.name()
                        + "; or give it a profile if it is not to run with the others")
                .fail();
    }

    private static boolean isDone(Container container) {
        boolean again = container.restartPolicy().equals("always")
                || container.restartPolicy().equals("unless-stopped");
        return container.state().equals("exited") && !again;
    }
}
