package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.registry.Connection;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.Protocol;
import dev.panoptes.core.text.Lines;
import dev.panoptes.integrity.declared.ComposeFile;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.DeployedPath;
import dev.panoptes.integrity.declared.Launch;
import dev.panoptes.integrity.declared.LiteralRoutes;
import dev.panoptes.integrity.declared.NamedPaths;
import dev.panoptes.integrity.declared.SpringActuator;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A health check asks a path that its program does not serve, because its code names all its routes and that one nowhere. */
final class HealthPathUnservedCheck implements Check {
    private static final Pattern ASKED = Pattern.compile(
            "https?://(?:localhost|127\\.0\\.0\\.1|0\\.0\\.0\\.0|\\[::1])(?::[0-9$\\{\\}A-Z_]{1,30})?(/[\\w./-]{1,200})");

    private static final Pattern PORT =
            Pattern.compile("https?://(?:localhost|127\\.0\\.0\\.1):([1-9][0-9]{1,4})/actuator/\\S*");

    private static final Pattern ENDPOINT = Pattern.compile("(?:^|[\\s{,])health_endpoint\\s*:\\s*[\"']?/health\\b");

    /** FastAPI's and Streamlit's own, and what others ask for. */
    private static final Set<String> GIVEN =
            Set.of("/docs", "/redoc", "/openapi.json", "/metrics", "/favicon.ico", "/_stcore/health", "/robots.txt");

    private static final Pattern IMPORTED = Pattern.compile("(?m)^[ \\t]*(?:from|import)\\s+([A-Za-z_]\\w*)");

    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "health-path-unserved",
                Severity.MEDIUM,
                CheckGroup.CODE,
                "a health check asks a path that the program does not serve");
    }

    @Override
    public List<CheckResult> run(World world) {
        List<CheckResult> results = new ArrayList<>();
        Declarations declarations = world.declarations();
        if (declarations == null) {
            return results;
        }
        NamedPaths paths = new NamedPaths(declarations);
        RegistryText text = new RegistryText(world.registry());
        String written = declarations.code().text(world.registry().file());
        String[] lines = Lines.of(written == null ? "" : written);
        for (DeclaredAgent agent : world.registry().agents()) {
            Connection connection = agent.connection();
            String program = connection == null || !isHttp(connection, lines) ? null : program(agent, world);
            if (program != null
                    && connection != null
                    && connection.healthEndpoint().length() > 1) {
                judge(
                                paths,
                                declarations,
                                new PathQuestions.Asked(
                                        agent.key(),
                                        List.of(agent.key()),
                                        program,
                                        connection.healthEndpoint(),
                                        text.line(
                                                connection.location(),
                                                "health_endpoint " + connection.healthEndpoint())))
                        .ifPresent(results::add);
            }
        }
        Optional<ComposeView> view = ComposeView.of(world);
        for (ComposeFile file : view.map(ComposeView::files).orElse(List.of())) {
            for (ComposeFile.Service service : file.services()) {
                compose(view.get(), paths, service).ifPresent(results::add);
            }
        }
        for (PathQuestions.Asked asked : PathQuestions.of(world)) {
            judge(paths, declarations, asked).ifPresent(results::add);
        }
        return results;
    }

    private static boolean isHttp(Connection connection, String[] lines) {
        return connection.protocol() == Protocol.HTTP
                && connection.url() != null
                && connection.url().value().startsWith("http")
                // What the registry does not say is asked too, but nobody declared it.
                && (!connection.healthEndpoint().equals(Connection.DEFAULT_HEALTH_ENDPOINT)
                        || isWritten(lines, connection.location().line()));
    }

    /** True where the lines of a connection say its health endpoint: its own line, and what is indented as far as what follows it. */
    private static boolean isWritten(String[] lines, int line) {
        if (line < 1 || line > lines.length) {
            return false;
        }
        int depth = indent(lines[line - 1]);
        for (int i = line - 1; i < lines.length && (i < line || indent(lines[i]) >= depth); i++) {
            if (ENDPOINT.matcher(lines[i]).find()) {
                return true;
            }
            boolean inner = lines[i].strip().matches("connection\\s*:\\s*(#.*)?");
            depth += inner ? 1 : 0;
        }
        return false;
    }

    private static int indent(String line) {
        return line.isBlank()
                ? Integer.MAX_VALUE
                : line.length() - line.stripLeading().length();
    }

    private static Optional<CheckResult> compose(ComposeView view, NamedPaths paths, ComposeFile.Service service) {
        String in = service.details().healthcheckFile();
        String program = PathQuestions.answering(view.containers(), view.declarations(), service)
                .orElse(null);
        String line = service.details().healthcheckTest().stream().collect(Collectors.joining(" "));
        Matcher asked = ASKED.matcher(line);
        if (in == null || program == null || !asked.find()) {
            return Optional.empty();
        }
        String path = asked.group(1);
        Integer own = path.startsWith("/actuator/")
                ? SpringActuator.ownPort(
                        view.declarations(), program, view.containers().variables(service))
                : null;
        Matcher port = PORT.matcher(line);
        if (own != null && port.find() && !port.find(port.end()) && port.reset().find()) {
            int number = Integer.parseInt(port.group(1));
            return Optional.of(
                    number == own
                            ? new CheckResult.Pass(service.id())
                            : moved(
                                    view,
                                    service,
                                    program,
                                    path,
                                    number,
                                    own,
                                    new Evidence(
                                            "compose",
                                            in,
                                            service.details().healthcheckLine(),
                                            "healthcheck asks " + port.group())));
        }
        return asked.find()
                ? Optional.empty()
                : judge(
                        paths,
                        view.declarations(),
                        new PathQuestions.Asked(
                                service.id(),
                                view.affected(service),
                                program,
                                path,
                                new Evidence(
                                        "compose",
                                        in,
                                        service.details().healthcheckLine(),
                                        "healthcheck asks " + path)));
    }

    private static CheckResult moved(
            ComposeView view,
            ComposeFile.Service service,
            String program,
            String path,
            int asked,
            int own,
            Evidence evidence) {
        return Failure.of(service.id())
                .port(asked)
                .title("The health check of " + service.id() + " asks " + path + " on port " + asked + ", which "
                        + program + " serves on " + own)
                .description("management.server.port gives the actuator a port of its own: on " + asked
                        + " nothing is served below /actuator, and the health check is answered with 404.")
                .affected(view.affected(service))
                .affected(program)
                .recommend("Ask port " + own)
                .evidence(evidence)
                .fail();
    }

    /** The only program that the agent's launches start, else the only one of its directory; null where there are several. */
    private static @Nullable String program(DeclaredAgent agent, World world) {
        List<Launch> launches = world.links().launches(agent);
        if (launches.stream().anyMatch(launch -> launch.program() == null)) {
            return null;
        }
        Set<String> programs = launches.stream().map(Launch::program).collect(Collectors.toSet());
        if (programs.isEmpty()) {
            world.links()
                    .directory(agent)
                    .ifPresent(directory -> directory.programs().forEach(each -> programs.add(each.rootPath())));
        }
        return programs.size() == 1 ? programs.iterator().next() : null;
    }

    private static Optional<CheckResult> judge(NamedPaths paths, Declarations declarations, PathQuestions.Asked asked) {
        String program = asked.program();
        String path = asked.path();
        if (path.startsWith("/actuator/") && SpringActuator.isLacking(declarations, program)) {
            return Optional.of(failure(
                            asked,
                            "No build file of " + program + " names spring-boot-starter-actuator, without which"
                                    + " nothing is served below /actuator: the health check is answered with 404.")
                    .recommend("Add spring-boot-starter-actuator, or ask a path that is served")
                    .fail());
        }
        if (GIVEN.contains(path) || path.startsWith("/actuator/")) {
            return Optional.empty();
        }
        String text = declarations.code().text(program);
        SequencedSet<String> routes = LiteralRoutes.of(text);
        if (text == null || routes == null) {
            // What a script starts is not followed here.
            return path.replace("/", "").isEmpty() || program.matches(".*\\.(?:sh|bash)")
                    ? Optional.empty()
                    : named(paths, asked);
        }
        if (LiteralRoutes.serve(routes, path)) {
            return Optional.of(new CheckResult.Pass(asked.subject()));
        }
        if (LiteralRoutes.mentions(text, path) || importsItsOwn(declarations, program, text)) {
            return Optional.of(unknown(asked, "not all of its routes were followed"));
        }
        return Optional.of(failure(
                        asked,
                        program + " serves " + Words.list(routes)
                                + " and nothing else, so that the health check is answered with 404 and never succeeds.")
                .recommend("Ask a path that is served, or serve " + path)
                .evidence(Evidence.of("code", program + " serves " + Words.list(routes)))
                .fail());
    }

    /** By the text of all code that the program belongs to. */
    private static Optional<CheckResult> named(NamedPaths paths, PathQuestions.Asked asked) {
        return switch (paths.of(asked.program(), asked.path())) {
            case NamedPaths.Answer.NotJudged() -> Optional.empty();
            case NamedPaths.Answer.Written(String file) -> Optional.of(new CheckResult.Pass(asked.subject()));
            case NamedPaths.Answer.Unclear(String reason) -> Optional.of(unknown(asked, reason));
            case NamedPaths.Answer.Nowhere nowhere -> Optional.of(nowhere(asked, nowhere));
        };
    }

    private static CheckResult nowhere(PathQuestions.Asked asked, NamedPaths.Answer.Nowhere answer) {
        String searched = (answer.files() == 1 ? "1 file" : answer.files() + " files") + " below " + answer.folder();
        return failure(
                        asked,
                        "No route of " + searched + " is " + asked.path()
                                + ", and nothing there serves what it does not name"
                                + (answer.near().isEmpty() ? "" : "; it names " + Words.list(answer.near()))
                                + ". The health check is answered with 404 and never succeeds.")
                .recommend("Ask a path that is served, or serve " + asked.path())
                .evidence(Evidence.of("code", "none of " + searched + " names " + asked.path() + " as a route"))
                .fail();
    }

    private static CheckResult unknown(PathQuestions.Asked asked, String reason) {
        return new CheckResult.Unknown(
                asked.subject(), "Whether " + asked.code() + " serves " + asked.path() + " is not known: " + reason);
    }

    private static Failure.Builder failure(PathQuestions.Asked asked, String description) {
        return Failure.of(asked.subject())
                .title("The health check of " + asked.subject() + " asks " + asked.path() + ", which " + asked.code()
                        + " does not serve")
                .description(description)
                .affected(asked.affected())
                .affected(asked.program().isEmpty() ? List.of() : List.of(asked.program()))
                .evidence(asked.evidence());
    }

    /** Routes may stand in a module beside it. */
    private static boolean importsItsOwn(Declarations declarations, String program, String text) {
        String folder = program.substring(0, program.lastIndexOf('/') + 1);
        Matcher imported = IMPORTED.matcher(text);
        while (imported.find()) {
            for (String each : List.of(imported.group(1) + ".py", imported.group(1))) {
                if (!(declarations.paths().below(folder + each) instanceof DeployedPath.Below below)
                        || below.exists()) {
                    return true;
                }
            }
        }
        return false;
    }
}
