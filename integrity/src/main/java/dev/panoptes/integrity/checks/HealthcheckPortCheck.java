package dev.panoptes.integrity.checks;

import dev.panoptes.code.PortValue;
import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.declared.ComposeFile;
import dev.panoptes.integrity.declared.ContainerPorts;
import dev.panoptes.integrity.declared.ContainerPorts.Bound;
import dev.panoptes.integrity.declared.ContainerPorts.Listening;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.DirectoryNames;
import dev.panoptes.integrity.declared.Dockerfile;
import dev.panoptes.integrity.declared.HealthcheckPorts;
import dev.panoptes.integrity.declared.Invocation;
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
import java.util.SequencedSet;
import java.util.Set;

/** The health check of an image asks a port that nothing in its container binds. */
final class HealthcheckPortCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "healthcheck-port",
                Severity.HIGH,
                CheckGroup.DOCKERFILE,
                "the health check of an image asks a port that nothing in the container binds");
    }

    @Override
    public List<CheckResult> run(World world) throws InterruptedException {
        List<CheckResult> results = new ArrayList<>();
        Declarations declarations = world.declarations();
        if (declarations == null) {
            return results;
        }
        ContainerPorts containers = world.links().images().orElseThrow().containers();
        Set<String> built = new HashSet<>();
        for (ComposeFile file : declarations.composeFiles()) {
            for (ComposeFile.Service service : file.services()) {
                containers.dockerfile(service).ifPresent(dockerfile -> built.add(dockerfile.rootPath()));
                boolean own = !service.details().healthcheckTest().isEmpty()
                        || service.details().healthcheckOff();
                if (!own && ComposeView.sharing(file, service) == null) {
                    judge(world, containers, service, service.id(), results);
                }
            }
        }
        for (Dockerfile dockerfile : declarations.dockerfiles()) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted between Dockerfiles");
            }
            if (!built.contains(dockerfile.rootPath())) {
                judge(world, containers, ContainerPorts.alone(dockerfile), dockerfile.rootPath(), results);
            }
        }
        return results;
    }

    private static void judge(
            World world,
            ContainerPorts containers,
            ComposeFile.Service service,
            String subject,
            List<CheckResult> results) {
        Invocation check =
                containers.stage(service).map(Dockerfile.Stage::healthcheck).orElse(null);
        if (check == null || check.words().isEmpty()) {
            return;
        }
        String command = String.join(" ", check.words());
        if (!check.shell() && command.indexOf('$') >= 0) {
            return; // its variables are not replaced, which is another fault
        }
        SequencedSet<PortValue> asked =
                HealthcheckPorts.of(command, Set.of(service.name()), containers.variables(service));
        if (asked.size() != 1) {
            return;
        }
        switch (asked.getFirst()) {
            case PortValue.Unresolved(String reason, String variable) ->
                results.add(new CheckResult.Unknown(
                        subject, "Which port the image's health check asks is not known: " + reason));
            case PortValue.Known(int port, String variable) -> {
                switch (containers.of(service)) {
                    case Listening.On on -> {
                        if (on.includes(port)) {
                            results.add(new CheckResult.Pass(subject));
                        } else if (on.doubt() != null) {
                            results.add(unknown(subject, on.doubt()));
                        } else {
                            results.add(failed(world, service, subject, check, port, on));
                        }
                    }
                    case Listening.Unknown(String reason) -> results.add(unknown(subject, reason));
                    case Listening.NotJudged unused -> {
                        // An image that is not in the tree, or one that cannot start.
                    }
                }
            }
        }
    }

    private static CheckResult unknown(String subject, String reason) {
        return new CheckResult.Unknown(
                subject, "Whether the image's health check asks the right port is not known: " + reason);
    }

    private static CheckResult failed(
            World world, ComposeFile.Service service, String subject, Invocation check, int port, Listening.On on) {
        List<Integer> binds = on.ports().stream().map(Bound::port).distinct().toList();
        Failure.Builder failure = Failure.of(subject)
                .port(port)
                .title("The image's health check asks " + port + ", the container of " + subject + " listens on "
                        + Words.list(binds))
                .description("HEALTHCHECK in " + check.file() + " asks port " + port
                        + " inside the container, which listens on " + Words.list(binds) + ": it is never healthy.")
                .recommend("Let HEALTHCHECK ask " + Words.list(binds) + ", best by the variable that the program reads")
                .evidence(new Evidence("dockerfile", check.file(), check.line(), String.join(" ", check.words())))
                .evidence(on.evidence());
        Optional<ComposeView> view = ComposeView.of(world);
        if (view.isPresent() && !subject.equals(service.file())) {
            failure.affected(view.get().affected(service));
        } else if (world.declarations() != null) {
            DirectoryNames.of(world.declarations(), check.file(), false).ifPresent(failure::affected);
            failure.affected(check.file());
        }
        return failure.fail();
    }
}
