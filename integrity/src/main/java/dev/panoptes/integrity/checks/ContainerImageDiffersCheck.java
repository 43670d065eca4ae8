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

/** A container runs another image than its compose service names: it was not made anew after the file changed. */
final class ContainerImageDiffersCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "container-image-differs",
                Severity.MEDIUM,
                CheckGroup.HOST,
                "a container runs another image than its compose service names");
    }

    @Override
    public List<CheckResult> run(World world) {
        List<CheckResult> results = new ArrayList<>();
        for (Project project : ContainerView.projects(world)) {
            for (Container container : project.containers()) {
                project.service(container)
                        .filter(service -> service.image() != null && container.isRunning())
                        .ifPresent(service -> results.add(
                                judge(project, service, String.valueOf(service.image()), container, world)));
            }
        }
        return results;
    }

    private static CheckResult judge(
            Project project, ComposeFile.Service service, String image, Container container, World world) {
        String subject = service.id() + " " + container.name();
        if (ImageName.isId(container.image())) {
            return new CheckResult.Unknown(
                    subject, "the engine knows the image of " + container.name() + " by its id only");
        }
        if (ImageName.isSame(image, container.image())) {
            return new CheckResult.Pass(subject);
        }
        Failure.Builder failure = Failure.of(subject)
                .host(project.host())
                .title(container.name() + " runs " + container.image() + " and not " + image)
                .description("Compose service " + service.id() + " names the image " + image + ", but its container on "
                        + ObservedView.name(project.host()) + " was made from " + container.image() + ".")
                .affected(service.id());
        world.links().agentOf(service).ifPresent(agent -> failure.affected(agent.key()));
        return failure.evidence(ContainerView.evidence(container))
                .evidence(ComposeView.evidence(service))
                .recommend("Make the container anew: docker compose up -d " + service.name()
                        + "; or correct the image in the compose file")
                .fail();
    }
}
