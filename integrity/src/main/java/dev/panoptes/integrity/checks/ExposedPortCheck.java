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
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/** EXPOSE names a port on which the image's program does not listen, however it is started. */
final class ExposedPortCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "exposed-port",
                Severity.LOW,
                CheckGroup.DOCKERFILE,
                "EXPOSE names a port on which the image's program does not listen");
    }

    @Override
    public List<CheckResult> run(World world) throws InterruptedException {
        List<CheckResult> results = new ArrayList<>();
        Declarations declarations = world.declarations();
        if (declarations == null) {
            return results;
        }
        ContainerPorts containers = world.links().images().orElseThrow().containers();
        for (Dockerfile dockerfile : declarations.dockerfiles()) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted between Dockerfiles");
            }
            List<Dockerfile.Exposed> exposed = dockerfile.exposed().stream()
                    .filter(each -> each.protocol().equals("tcp"))
                    .toList();
            if (!exposed.isEmpty()) {
                results.add(judge(declarations, containers, dockerfile, exposed));
            }
        }
        return results;
    }

    private static CheckResult judge(
            Declarations declarations,
            ContainerPorts containers,
            Dockerfile dockerfile,
            List<Dockerfile.Exposed> exposed) {
        String subject = dockerfile.rootPath();
        SequencedSet<Integer> named = new LinkedHashSet<>();
        String open = null;
        for (Dockerfile.Exposed each : exposed) {
            switch (each.port()) {
                case PortValue.Known(int port, String variable) -> named.add(port);
                case PortValue.Unresolved(String reason, String variable) -> open = reason;
            }
        }
        SequencedSet<Bound> bound = new LinkedHashSet<>();
        for (ComposeFile.Service service : started(declarations, containers, dockerfile)) {
            switch (containers.of(service)) {
                case Listening.On on -> {
                    bound.addAll(on.ports());
                    open = open == null ? on.doubt() : open;
                }
                case Listening.Unknown(String reason) -> open = open == null ? reason : open;
                case Listening.NotJudged(String reason) -> open = open == null ? reason : open;
            }
        }
        List<Integer> missing = named.stream()
                .filter(port -> !PortMismatchComposeContainerCheck.DEBUGGERS.contains(port))
                .filter(port -> bound.stream().noneMatch(each -> each.port() == port))
                .toList();
        if (missing.isEmpty() && !named.isEmpty()) {
            return new CheckResult.Pass(subject);
        }
        if (open == null && missing.size() < named.size()) {
            open = "nothing is seen to listen on all of them";
        }
        return open != null
                ? new CheckResult.Unknown(
                        subject, "Whether the ports that EXPOSE names are bound is not known: " + open)
                : failed(declarations, dockerfile, exposed.getFirst().line(), missing, bound);
    }

    /** As the services start it that are built from it, and as it comes. */
    private static List<ComposeFile.Service> started(
            Declarations declarations, ContainerPorts containers, Dockerfile dockerfile) {
        List<ComposeFile.Service> started = new ArrayList<>();
        for (ComposeFile file : declarations.composeFiles()) {
            for (ComposeFile.Service service : file.services()) {
                if (service.build() != null
                        && isOf(containers.dockerfile(service).orElse(null), dockerfile)) {
                    started.add(service);
                }
            }
        }
        started.add(ContainerPorts.alone(dockerfile));
        return started;
    }

    private static boolean isOf(@Nullable Dockerfile one, Dockerfile other) {
        return one != null && one.rootPath().equals(other.rootPath());
    }

    private static CheckResult failed(
            Declarations declarations,
            Dockerfile dockerfile,
            int line,
            List<Integer> missing,
            SequencedSet<Bound> bound) {
        List<Integer> binds = bound.stream().map(Bound::port).distinct().toList();
        Failure.Builder failure = Failure.of(dockerfile.rootPath())
                .port(missing.getFirst())
                .title(dockerfile.rootPath() + " exposes " + Words.list(missing) + ", its program listens on "
                        + Words.list(binds))
                .description("EXPOSE opens nothing, but proxies, platforms and docker run -P lead to the ports that it"
                        + " names, and nobody answers there.")
                .recommend("Let EXPOSE name " + Words.list(binds))
                .evidence(new Evidence("dockerfile", dockerfile.rootPath(), line, "EXPOSE " + Words.list(missing)));
        bound.stream().map(Bound::evidence).distinct().forEach(failure::evidence);
        DirectoryNames.of(declarations, dockerfile.rootPath(), false).ifPresent(failure::affected);
        return failure.affected(dockerfile.rootPath()).fail();
    }
}
