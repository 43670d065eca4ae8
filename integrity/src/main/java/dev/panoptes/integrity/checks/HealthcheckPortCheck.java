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
import dev.panoptes.integrity.declared.HealthQuestion;
import dev.panoptes.integrity.declared.Invocation;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
                if (!own) {
                    judge(world, containers, service, service.id(), ComposeView.sharing(file, service))
                            .ifPresent(results::add);
                }
            }
        }
        for (Dockerfile dockerfile : declarations.dockerfiles()) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted between Dockerfiles");
            }
            if (!built.contains(dockerfile.rootPath())) {
                judge(world, containers, ContainerPorts.alone(dockerfile), dockerfile.rootPath(), null)
                        .ifPresent(results::add);
            }
        }
        return results;
    }

    /** Empty where the image has no health check, or one that names no port. @param sharing why others may listen there too */
    private static Optional<CheckResult> judge(
            World world,
            ContainerPorts containers,
            ComposeFile.Service service,
            String subject,
            @Nullable String sharing) {
        Invocation check =
                containers.stage(service).map(Dockerfile.Stage::healthcheck).orElse(null);
        if (check == null || check.words().isEmpty()) {
            return Optional.empty();
        }
        String command = String.join(" ", check.words());
        if (!check.shell() && command.indexOf('$') >= 0) {
            return Optional.of(unknown(subject, "its variables are not replaced, for no shell runs it"));
        }
        return switch (HealthQuestion.of(
                check.words(),
                Set.of(service.name()),
                containers.variables(service),
                path -> containers.file(service, path))) {
            case HealthQuestion.None none -> Optional.empty();
            case HealthQuestion.Unread(String reason) -> Optional.of(unknown(subject, reason));
            case HealthQuestion.Ports asked -> Optional.of(judge(world, containers, service, subject, sharing, asked));
        };
    }

    private static CheckResult judge(
            World world,
            ContainerPorts containers,
            ComposeFile.Service service,
            String subject,
            @Nullable String sharing,
            HealthQuestion.Ports asked) {
        SequencedSet<Integer> ports = new LinkedHashSet<>();
        for (PortValue each : asked.ports()) {
            switch (each) {
                case PortValue.Known(int port, String variable) -> ports.add(port);
                case PortValue.Unresolved(String reason, String variable) -> {
                    return new CheckResult.Unknown(
                            subject, "Which port the image's health check asks is not known: " + reason);
                }
            }
        }
        return switch (containers.of(service)) {
            case Listening.On on -> {
                String open = on.doubt() != null
                        ? on.doubt()
                        : sharing != null || ports.size() == 1 ? sharing : "it asks several ports";
                yield ports.stream().allMatch(on::includes)
                        ? new CheckResult.Pass(subject)
                        : open != null
                                ? unknown(subject, open)
                                : failed(world, containers, service, subject, asked.script(), ports.getFirst(), on);
            }
            case Listening.Unknown(String reason) -> unknown(subject, reason);
            case Listening.NotJudged(String reason) -> ComposeView.nothingTells(subject, reason);
        };
    }

    private static CheckResult unknown(String subject, String reason) {
        return new CheckResult.Unknown(
                subject, "Whether the image's health check asks the right port is not known: " + reason);
    }

    private static CheckResult failed(
            World world,
            ContainerPorts containers,
            ComposeFile.Service service,
            String subject,
            @Nullable String script,
            int port,
            Listening.On on) {
        Invocation check = containers.stage(service).orElseThrow().healthcheck();
        String file = check == null ? service.file() : check.file();
        List<Integer> binds = on.ports().stream().map(Bound::port).distinct().toList();
        Failure.Builder failure = Failure.of(subject)
                .port(port)
                .title("The image's health check asks " + port + ", the container of " + subject + " listens on "
                        + Words.list(binds))
                .description((script == null ? "" : script + ", which ") + "HEALTHCHECK in " + file
                        + (script == null ? "" : " runs,") + " asks port " + port
                        + " inside the container, which listens on " + Words.list(binds) + ": it is never healthy.")
                .recommend("Let HEALTHCHECK ask " + Words.list(binds) + ", best by the variable that the program reads")
                .evidence(new Evidence(
                        "dockerfile",
                        file,
                        check == null ? service.line() : check.line(),
                        check == null ? "HEALTHCHECK" : String.join(" ", check.words())))
                .evidence(on.evidence());
        Optional<ComposeView> view = ComposeView.of(world);
        if (view.isPresent() && !subject.equals(service.file())) {
            failure.affected(view.get().affected(service));
        } else if (world.declarations() != null) {
            DirectoryNames.of(world.declarations(), file, false).ifPresent(failure::affected);
            failure.affected(file);
        }
        return failure.fail();
    }
}
