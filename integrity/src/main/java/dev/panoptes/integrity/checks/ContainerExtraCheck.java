package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.checks.ContainerView.Project;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.observed.Container;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A container runs for a service that its compose file does not have any more. */
final class ContainerExtraCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "container-extra",
                Severity.LOW,
                CheckGroup.HOST,
                "a container runs for a service that its compose file does not have");
    }

    @Override
    public List<CheckResult> run(World world) {
        List<CheckResult> results = new ArrayList<>();
        for (Project project : ContainerView.projects(world)) {
            Map<String, List<Container>> orphans = new TreeMap<>();
            for (Container container : project.containers()) {
                if (container.compose() != null && project.service(container).isEmpty() && container.isRunning()) {
                    orphans.computeIfAbsent(container.compose().service(), unused -> new ArrayList<>())
                            .add(container);
                }
            }
            if (orphans.isEmpty()) {
                results.add(new CheckResult.Pass(project.file().rootPath()));
            }
            orphans.forEach((service, containers) -> results.add(judge(project, service, containers)));
        }
        return results;
    }

    private static CheckResult judge(Project project, String service, List<Container> containers) {
        String file = project.file().rootPath();
        Failure.Builder failure = Failure.of(file + "#" + service)
                .host(project.host())
                .title(containers.getFirst().name() + " runs for service " + service + ", which " + file
                        + " does not have")
                .description("The engine says that the container was started from " + file + " as service " + service
                        + ". The file has no such service any more, so docker compose neither stops nor updates it.")
                .affected(file);
        containers.forEach(each -> failure.evidence(ContainerView.evidence(each)));
        return failure.recommend("Remove it: docker compose up -d --remove-orphans; or put the service back")
                .fail();
    }
}
