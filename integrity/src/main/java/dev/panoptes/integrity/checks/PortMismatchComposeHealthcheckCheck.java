package dev.panoptes.integrity.checks;

import dev.panoptes.code.PortValue;
import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.declared.ComposeFile;
import dev.panoptes.integrity.declared.ContainerPorts.Bound;
import dev.panoptes.integrity.declared.ContainerPorts.Listening;
import dev.panoptes.integrity.declared.HealthQuestion;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The health check of a compose service asks a port that the container does not listen on. */
final class PortMismatchComposeHealthcheckCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "port-mismatch-compose-healthcheck",
                Severity.HIGH,
                CheckGroup.COMPOSE,
                "a compose health check asks a port that its container does not listen on");
    }

    @Override
    public List<CheckResult> run(World world) throws InterruptedException {
        List<CheckResult> results = new ArrayList<>();
        Optional<ComposeView> view = ComposeView.of(world);
        if (view.isEmpty()) {
            return results;
        }
        for (ComposeFile file : view.get().files()) {
            for (ComposeFile.Service service : file.services()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("interrupted between services");
                }
                ComposeFile.HealthcheckPort asked = service.healthcheck();
                if (asked != null && view.get().isOwn(file, asked.file())) {
                    results.add(judge(view.get(), file, service, asked));
                } else if (asked == null) {
                    script(view.get(), file, service).ifPresent(results::add);
                }
            }
        }
        return results;
    }

    /** What the client of a database or a script of the tree asks that the health check runs; empty where it runs none. */
    private static Optional<CheckResult> script(ComposeView view, ComposeFile file, ComposeFile.Service service) {
        List<String> test = service.details().healthcheckTest();
        String in = service.details().healthcheckFile();
        if (test.size() < 2 || in == null || service.details().healthcheckOff() || !view.isOwn(file, in)) {
            return Optional.empty();
        }
        HealthQuestion question = HealthQuestion.of(
                test.subList(1, test.size()),
                Set.of(service.name()),
                view.containers().variables(service),
                path -> view.containers().file(service, path));
        return switch (question) {
            case HealthQuestion.None none -> Optional.empty();
            case HealthQuestion.Unread(String reason) -> Optional.of(unknown(service, reason));
            case HealthQuestion.Ports(SequencedSet<PortValue> ports, String script)
            when ports.size() == 1 ->
                Optional.of(judge(
                        view,
                        file,
                        service,
                        new ComposeFile.HealthcheckPort(
                                ports.getFirst(),
                                in,
                                service.details().healthcheckLine(),
                                // Its words may hold a password.
                                script == null
                                        ? "healthcheck by " + test.get(1).split("\\s", 2)[0]
                                        : "healthcheck runs " + script)));
            case HealthQuestion.Ports several -> Optional.of(unknown(service, "it asks several ports"));
        };
    }

    private static CheckResult judge(
            ComposeView view, ComposeFile file, ComposeFile.Service service, ComposeFile.HealthcheckPort asked) {
        return switch (view.containers().inContainer(service, asked.port())) {
            case PortValue.Unresolved(String reason, String variable) -> unknown(service, reason);
            case PortValue.Known(int port, String variable) ->
                switch (view.containers().of(service)) {
                    case Listening.NotJudged(String reason) -> ComposeView.nothingTells(service.id(), reason);
                    case Listening.Unknown(String reason) -> unknown(service, reason);
                    case Listening.On on -> {
                        String sharing = ComposeView.sharing(file, service);
                        String open = on.doubt() != null
                                ? on.doubt()
                                : variable != null && service.environment().incomplete() != null
                                        ? service.environment().incomplete()
                                        : sharing;
                        String spoken = sharing == null ? otherProtocol(service, port) : null;
                        yield on.includes(port)
                                ? spoken == null || open != null
                                        ? new CheckResult.Pass(service.id())
                                        : notSpoken(view, service, asked, port, spoken)
                                : open != null ? unknown(service, open) : failed(view, service, asked, port, on);
                    }
                };
        };
    }

    private static CheckResult unknown(ComposeFile.Service service, String reason) {
        return new CheckResult.Unknown(
                service.id(),
                "Whether the health check of " + service.id() + " asks the right port is not known: " + reason);
    }

    /** What the port is that is asked by HTTP and does not speak it; null where nothing says so. */
    private static @Nullable String otherProtocol(ComposeFile.Service service, int port) {
        String test = String.join(" ", service.details().healthcheckTest());
        return Pattern.compile("https?://[^\\s/]{1,80}:" + port + "\\b")
                        .matcher(test)
                        .find()
                ? PortProtocols.otherThan(service, port, "http")
                : null;
    }

    private static CheckResult notSpoken(
            ComposeView view, ComposeFile.Service service, ComposeFile.HealthcheckPort asked, int port, String spoken) {
        return Failure.of(service.id())
                .port(port)
                .title("The health check of " + service.id() + " asks " + port + " by HTTP, which is " + spoken)
                .description("Port " + port + " of " + service.image() + " is " + spoken
                        + ", and does not understand what it is asked there: the container is never healthy.")
                .affected(view.affected(service))
                .recommend("Let the health check ask the port of " + service.name() + " that speaks HTTP")
                .evidence(new Evidence("compose", asked.file(), asked.line(), asked.text()))
                .fail();
    }

    private static CheckResult failed(
            ComposeView view,
            ComposeFile.Service service,
            ComposeFile.HealthcheckPort asked,
            int port,
            Listening.On on) {
        SequencedSet<Integer> binds = new LinkedHashSet<>();
        on.ports().stream().map(Bound::port).forEach(binds::add);
        return Failure.of(service.id())
                .port(port)
                .title("The health check of " + service.id() + " asks " + port + ", its container listens on "
                        + Words.list(binds))
                .description("Compose asks port " + port + " inside the container of " + service.name()
                        + ", but it listens on " + Words.list(binds) + ": it is never healthy.")
                .affected(view.affected(service))
                .recommend("Let the health check ask " + Words.list(binds))
                .evidence(new Evidence("compose", asked.file(), asked.line(), asked.text()))
                .evidence(on.evidence())
                .fail();
    }
}
