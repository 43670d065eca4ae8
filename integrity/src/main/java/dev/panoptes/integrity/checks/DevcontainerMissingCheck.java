package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.declared.BuildFiles.Forward;
import dev.panoptes.integrity.declared.ContainerPorts.Bound;
import dev.panoptes.integrity.declared.ContainerPorts.Listening;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;

/** A devcontainer.json names a compose file, service, Dockerfile or port of a service that is not there. */
final class DevcontainerMissingCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "devcontainer-missing",
                Severity.MEDIUM,
                CheckGroup.COMPOSE,
                "a devcontainer names what does not exist");
    }

    @Override
    public List<CheckResult> run(World world) throws InterruptedException {
        List<CheckResult> results = new ArrayList<>(BuildTargets.judge(world, true));
        Declarations declarations = world.declarations();
        if (declarations == null) {
            return results;
        }
        for (Forward forward : declarations.builds().forwards()) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted between forwarded ports");
            }
            judge(world, forward, results);
        }
        return results;
    }

    private static void judge(World world, Forward forward, List<CheckResult> results) {
        String name = forward.service().name() + ":" + forward.port();
        String subject = forward.file() + "#" + name;
        switch (world.links().images().orElseThrow().containers().of(forward.service())) {
            case Listening.On on -> {
                List<Integer> ports =
                        on.ports().stream().map(Bound::port).distinct().toList();
                results.add(
                        on.includes(forward.port())
                                ? new CheckResult.Pass(subject)
                                : on.doubt() != null
                                        ? unknown(subject, name, on.doubt())
                                        : Failure.of(subject)
                                                .port(forward.port())
                                                .title(forward.file() + " forwards " + name + ", which listens on "
                                                        + Words.list(ports))
                                                .description("The container of "
                                                        + forward.service().id() + " listens on " + Words.list(ports)
                                                        + ", so nobody answers.")
                                                .affected(forward.file())
                                                .recommend("Forward "
                                                        + forward.service().name() + ":" + ports.getFirst())
                                                .evidence(new Evidence("build", forward.file(), forward.line(), name))
                                                .evidence(on.evidence())
                                                .fail());
            }
            case Listening.Unknown(String reason) -> results.add(unknown(subject, name, reason));
            case Listening.NotJudged _ -> results.add(unknown(subject, name, "only its image knows"));
        }
    }

    private static CheckResult unknown(String subject, String name, String reason) {
        return new CheckResult.Unknown(subject, "Whether anything listens on " + name + " is not known: " + reason);
    }
}
