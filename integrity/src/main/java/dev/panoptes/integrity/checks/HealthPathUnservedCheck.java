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

/** A health check asks a path that its program, a single file that names all its routes, does not serve. */
final class HealthPathUnservedCheck implements Check {
    private static final Pattern ASKED = Pattern.compile(
            "https?://(?:localhost|127\\.0\\.0\\.1|0\\.0\\.0\\.0|\\[::1])(?::[0-9$\\{\\}A-Z_]{1,30})?(/[\\w./-]{1,200})");

    private static final Pattern PORT =
            Pattern.compile("https?://(?:localhost|127\\.0\\.0\\.1):([1-9][0-9]{1,4})/actuator/\\S*");

    private static final Pattern ENDPOINT = Pattern.compile("(?:^|[\\s{,])health_endpoint\\s*:\\s*[\"']?/health\\b");

    /** FastAPI's own, and what browsers ask for. */
    private static final Set<String> GIVEN = Set.of("/docs", "/redoc", "/openapi.json", "/metrics", "/favicon.ico");

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
                                declarations,
                                program,
                                connection.healthEndpoint(),
                                agent.key(),
                                List.of(agent.key()),
                                text.line(connection.location(), "health_endpoint " + connection.healthEndpoint()))
                        .ifPresent(results::add);
            }
        }
        Optional<ComposeView> view = ComposeView.of(world);
        for (ComposeFile file : view.map(ComposeView::files).orElse(List.of())) {
            for (ComposeFile.Service service : file.services()) {
                compose(view.get(), service, world).ifPresent(results::add);
            }
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

    private static Optional<CheckResult> compose(ComposeView view, ComposeFile.Service service, World world) {
        String in = service.details().healthcheckFile();
        String program =
                world.links().launches().of(service).map(Launch::program).orElse(null);
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
                        view.declarations(),
                        program,
                        path,
                        service.id(),
                        view.affected(service),
                        new Evidence("compose", in, service.details().healthcheckLine(), "healthcheck asks " + path));
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

    private static Optional<CheckResult> judge(
            Declarations declarations,
            String program,
            String path,
            String subject,
            List<String> affected,
            Evidence evidence) {
        if (path.startsWith("/actuator/") && SpringActuator.isLacking(declarations, program)) {
            return Optional.of(Failure.of(subject)
                    .title("The health check of " + subject + " asks " + path + ", which " + program
                            + " does not serve")
                    .description("No build file of " + program + " names spring-boot-starter-actuator, without which"
                            + " nothing is served below /actuator: the health check is answered with 404.")
                    .affected(affected)
                    .affected(program)
                    .recommend("Add spring-boot-starter-actuator, or ask a path that is served")
                    .evidence(evidence)
                    .fail());
        }
        if (GIVEN.contains(path)) {
            return Optional.empty();
        }
        String text = declarations.code().text(program);
        SequencedSet<String> routes = LiteralRoutes.of(text);
        if (text == null || routes == null) {
            return Optional.empty();
        }
        if (LiteralRoutes.serve(routes, path)) {
            return Optional.of(new CheckResult.Pass(subject));
        }
        if (LiteralRoutes.mentions(text, path) || importsItsOwn(declarations, program, text)) {
            return Optional.of(new CheckResult.Unknown(
                    subject,
                    "Whether " + program + " serves " + path + " is not known: not all of its routes were followed"));
        }
        return Optional.of(Failure.of(subject)
                .title("The health check of " + subject + " asks " + path + ", which " + program + " does not serve")
                .description(program + " serves " + Words.list(routes)
                        + " and nothing else, so that the health check is" + " answered with 404 and never succeeds.")
                .affected(affected)
                .affected(program)
                .recommend("Ask a path that is served, or serve " + path)
                .evidence(evidence)
                .evidence(Evidence.of("code", program + " serves " + Words.list(routes)))
                .fail());
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
