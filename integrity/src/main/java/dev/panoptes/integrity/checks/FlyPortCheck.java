package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.declared.ComposeFile;
import dev.panoptes.integrity.declared.ContainerPorts;
import dev.panoptes.integrity.declared.ContainerPorts.Bound;
import dev.panoptes.integrity.declared.ContainerPorts.Listening;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.Dockerfile;
import dev.panoptes.integrity.declared.PortMentions.FlyApp;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Fly's proxy is led to a port on which the machine's program does not listen. */
final class FlyPortCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "fly-port",
                Severity.HIGH,
                CheckGroup.DOCKERFILE,
                "fly.toml leads to a port on which the image's program does not listen");
    }

    @Override
    public List<CheckResult> run(World world) {
        List<CheckResult> results = new ArrayList<>();
        Declarations declarations = world.declarations();
        if (declarations == null || declarations.mentions().apps().isEmpty()) {
            return results;
        }
        ContainerPorts containers = world.links().images().orElseThrow().containers();
        for (FlyApp app : declarations.mentions().apps()) {
            Optional<Dockerfile> dockerfile = declarations.dockerfiles().stream()
                    .filter(each -> each.rootPath().equals(app.dockerfile()))
                    .findFirst();
            String unclear = app.unclear() == null && dockerfile.isEmpty()
                    ? "no Dockerfile of it was found in the tree"
                    : app.unclear();
            results.add(
                    unclear != null || dockerfile.isEmpty()
                            ? unknown(app, String.valueOf(unclear))
                            : judge(containers, app, ContainerPorts.alone(dockerfile.get(), app.environment())));
        }
        return results;
    }

    private static CheckResult judge(ContainerPorts containers, FlyApp app, ComposeFile.Service service) {
        return switch (containers.of(service)) {
            case Listening.NotJudged(String reason) -> unknown(app, reason);
            case Listening.Unknown(String reason) -> unknown(app, reason);
            case Listening.On on
            when on.includes(app.port()) -> {
                List<Bound> bound = on.ports().stream()
                        .filter(each -> each.port() == app.port())
                        .toList();
                yield on.doubt() == null && bound.stream().allMatch(Bound::onLoopback)
                        ? loopback(app, bound)
                        : new CheckResult.Pass(subject(app));
            }
            case Listening.On on when on.doubt() != null -> unknown(app, on.doubt());
            case Listening.On on -> failed(app, on);
        };
    }

    private static String subject(FlyApp app) {
        return app.file() + "#" + app.port();
    }

    private static CheckResult unknown(FlyApp app, String reason) {
        return new CheckResult.Unknown(
                subject(app), "Whether the machine listens where Fly's proxy leads is not known: " + reason);
    }

    private static CheckResult loopback(FlyApp app, List<Bound> bound) {
        String address = String.valueOf(bound.getFirst().address());
        return Failure.of(subject(app))
                .port(app.port())
                .title(app.file() + " leads to port " + app.port() + ", on which the program listens on " + address
                        + " only")
                .description("Fly's proxy asks the machine's own address, and the program listens on " + address
                        + " inside of it: nobody answers, and the deployment is never healthy.")
                .affected(app.file())
                .recommend("Let the program listen on 0.0.0.0")
                .evidence(new Evidence("fly", app.file(), app.line(), "internal_port = " + app.port()))
                .evidence(bound.stream().map(Bound::evidence).distinct().toList())
                .fail();
    }

    private static CheckResult failed(FlyApp app, Listening.On on) {
        List<Integer> binds = on.ports().stream().map(Bound::port).distinct().toList();
        return Failure.of(subject(app))
                .port(app.port())
                .title(app.file() + " leads to port " + app.port() + ", the program listens on " + Words.list(binds))
                .description(
                        "Fly's proxy asks internal_port " + app.port() + " of the machine, whose program listens on "
                                + Words.list(binds) + ": nobody answers, and the deployment is never healthy.")
                .affected(app.file())
                .recommend("Let internal_port be " + Words.list(binds) + ", or let [env] move the program to "
                        + app.port())
                .evidence(new Evidence("fly", app.file(), app.line(), "internal_port = " + app.port()))
                .evidence(on.evidence())
                .fail();
    }
}
