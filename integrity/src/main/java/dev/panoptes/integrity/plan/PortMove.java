package dev.panoptes.integrity.plan;

import dev.panoptes.code.CodeDirectory;
import dev.panoptes.code.PortValue;
import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.DeclaredEndpoint;
import dev.panoptes.integrity.declared.ComposeFile;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.DeployedPath;
import dev.panoptes.integrity.declared.Dockerfile;
import dev.panoptes.integrity.declared.HostProcess;
import dev.panoptes.integrity.declared.Launch;
import dev.panoptes.integrity.declared.UnitFile;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Moves one agent from a port to another in every place that sets it: the registry, the code's own constant, its units, its compose services
 * with their health checks, its Dockerfiles. All of them or none. What it edits is what the readers found to set the port; whether that was
 * everything is for {@link Proof} to say.
 */
final class PortMove {
    /** Keys of a service whose numbers are no ports. A line may hold the carriage return before its end, here as below. */
    private static final Pattern NO_PORTS = Pattern.compile(
            "^\\s*(?:-\\s*)?(?:image|container_name|build|context|dockerfile|mem_limit|cpus)\\s*:.*", Pattern.DOTALL);

    private static final Pattern IMAGE_PORTS = Pattern.compile(
            "^\\s*(?:EXPOSE|ENV|ARG|HEALTHCHECK|CMD|ENTRYPOINT)\\b.*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private static final Pattern UNIT_PORTS = Pattern.compile(
            "^\\s*(?:Environment|Exec(?:Start|StartPre|StartPost|Reload|Stop|StopPost|Condition))\\s*=.*",
            Pattern.DOTALL);

    private static final Pattern PROCESS_PORTS =
            Pattern.compile("^\\s*(?:environment|command)\\s*[=:].*", Pattern.DOTALL);

    private static final Pattern PORT_VARIABLES =
            Pattern.compile("^\\s*(?:export\\s+)?\\w*PORT\\w*\\s*=.*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /** What a setting or option is called that counts something: its number is none of a port, though it be the same. */
    private static final String QUANTITY =
            "(?<![A-Za-z])(?i:LIMIT|MAX|MIN|SIZE|TIMEOUT|COUNT|LENGTH|BYTES|MILLIS|SECONDS|TTL"
                    + "|INTERVAL|MEMORY|BUFFER|WORKERS|THREADS|RETRIES|UID|GID|TOKENS|BATCH|QUOTA)(?:(?!(?i:PORT))[\\w-]){0,20}";

    private static final Pattern ANY_LINE = Pattern.compile(".*", Pattern.DOTALL);

    private final @Nullable DeclaredAgent agent;
    private final @Nullable CodeDirectory directory;
    private final int port;
    private final int free;
    private final PlanContext context;
    private final List<Launch> launches;
    private final Pattern number;
    private final Set<String> edited = new LinkedHashSet<>();
    private final List<String> byHand = new ArrayList<>();

    PortMove(
            @Nullable DeclaredAgent agent, @Nullable CodeDirectory directory, int port, int free, PlanContext context) {
        this.agent = agent;
        this.directory = directory;
        this.port = port;
        this.free = free;
        this.context = context;
        this.launches = launches();
        // A number of its own; in a URL only where that leads to the program itself, not to somebody else on the same
        // port.
        this.number = Pattern.compile(
                "(?<![\\w.])(?<!//(?!localhost:|127\\.0\\.0\\.1:|0\\.0\\.0\\.0:|\\[::1?]:)[^/\\s:'\"]{1,80}:)"
                        + "(?<!" + QUANTITY + "[\"']?\\s{0,3}[:= ]\\s{0,3}[\"']?)"
                        + "(?<!//[^\\s'\"]{1,120}@[^/\\s:'\"]{1,80}:)" + port
                        + "(?![\\w]|\\.\\d)");
    }

    /** True where everything that sets the port could be edited; where it is false, whoever plans takes the edits back. */
    boolean edit() {
        Workspace workspace = context.workspace();
        if (workspace == null) {
            byHand.add("Move it from " + port + " to " + free + " wherever its port is set");
            return false;
        }
        registry();
        boolean inside = launches.isEmpty()
                || launches.stream().anyMatch(launch -> launch.bound().contains(port));
        if (inside) {
            code(workspace);
        }
        Declarations declarations = context.world().declarations();
        if (declarations != null) {
            units(declarations, workspace);
            services(declarations, workspace);
            processes(declarations, workspace);
            if (inside) {
                dockerfiles(declarations, workspace);
            }
        }
        launches.forEach(launch -> {
            launch.claims().forEach(claim -> claim(claim, inside, workspace));
            launch.published().forEach(claim -> claim(claim, true, workspace));
        });
        if (byHand.isEmpty() && onlyDeclared() && mayBindUnseen()) {
            byHand.add("Let the program in " + (directory == null ? "question" : directory.rootPath()) + " bind " + free
                    + " instead of " + port + "; where it takes its port from is not known");
        }
        return byHand.isEmpty() && !edited.isEmpty();
    }

    /** True where nothing but the registry would be changed. */
    private boolean onlyDeclared() {
        return edited.stream()
                .allMatch(file -> context.registryFile().filter(file::equals).isPresent());
    }

    /** True where a program of the tree is the agent's and its port is not known: it would go on binding the old one. */
    private boolean mayBindUnseen() {
        return launches.isEmpty()
                ? directory != null
                        && directory.programs().stream()
                                .flatMap(program -> program.binds().stream())
                                .anyMatch(bind -> !(bind.port() instanceof PortValue.Known))
                : launches.stream().anyMatch(launch -> launch.unknown() != null);
    }

    /** What was done, or is to be done by hand: one step a file. */
    List<FixStep> steps(String name) {
        List<FixStep> steps = new ArrayList<>();
        String check = "port " + free + " is free: ss -ltn 'sport = :" + free + "'";
        String callers = "who calls it there: grep -rn " + Quoted.word(name + ":" + port) + " .";
        for (String file : edited) {
            boolean registry = context.registryFile().filter(file::equals).isPresent();
            steps.add(new FixStep(
                    registry
                            ? "Declare " + name + " on " + free + " in the registry"
                            : "Let " + name + " use " + free + " instead of " + port + " in " + file,
                    "",
                    registry ? check : callers,
                    "write " + port + " again in " + Quoted.word(file),
                    registry ? Risk.LOW : Risk.MEDIUM));
        }
        byHand.forEach(what -> steps.add(new FixStep(what, "", callers, "write " + port + " again", Risk.MEDIUM)));
        return steps;
    }

    private List<Launch> launches() {
        if (agent != null) {
            return context.world().links().launches(agent);
        }
        return directory == null
                ? List.of()
                : context.world().links().launches().all().stream()
                        .filter(launch -> directory.rootPath().equals(launch.directory()))
                        .toList();
    }

    private void registry() {
        if (agent == null
                || !(context.registry().endpoint(agent) instanceof DeclaredEndpoint.At at)
                || at.port() != port) {
            return;
        }
        if (MovePortFix.registryLine(agent, port, free, context)) {
            edited.add(context.registryFile().orElseThrow());
        } else {
            byHand.add("Declare " + agent.key() + " on " + free + " in the registry");
        }
    }

    private void code(Workspace workspace) {
        if (directory == null
                || directory.programs().stream()
                        .noneMatch(program -> program.ports().contains(port))) {
            return;
        }
        List<String> files = PlanContext.files(directory);
        if (context.replaceOnly(files, Integer.toString(port), Integer.toString(free))) {
            files.stream().filter(file -> workspace.changed(List.of(file))).forEach(edited::add);
        } else {
            byHand.add("Let the code in " + directory.rootPath() + " bind " + free + " instead of " + port);
        }
    }

    private void units(Declarations declarations, Workspace workspace) {
        for (UnitFile unit : declarations.units()) {
            if (launches.stream()
                    .anyMatch(launch ->
                            launch.kind() == Launch.Kind.UNIT && launch.id().equals(unit.name()))) {
                List<String> files = new ArrayList<>(List.of(unit.rootPath()));
                files.addAll(unit.details().dropIns());
                files.forEach(file -> lines(workspace, file, 0, Integer.MAX_VALUE, UNIT_PORTS, true));
                for (UnitFile.EnvironmentFile each : unit.details().references().environmentFiles()) {
                    if (declarations.paths().locate(each.path()) instanceof DeployedPath.Below below) {
                        settings(below.rootPath(), workspace);
                    }
                }
            }
        }
    }

    private void services(Declarations declarations, Workspace workspace) {
        for (ComposeFile file : declarations.composeFiles()) {
            for (ComposeFile.Service service : file.services()) {
                if (launches.stream()
                        .anyMatch(launch -> launch.kind() == Launch.Kind.SERVICE
                                && launch.id().equals(service.id()))) {
                    block(service, workspace);
                    environment(file, service, workspace);
                    service.details().environmentFiles().stream()
                            .map(ComposeFile.EnvironmentFile::rootPath)
                            .filter(Objects::nonNull)
                            .forEach(path -> settings(path, workspace));
                }
            }
        }
    }

    /** A line that starts a process, or of supervisord its section. */
    private void processes(Declarations declarations, Workspace workspace) {
        for (HostProcess process : declarations.processes()) {
            if (launches.stream()
                    .noneMatch(launch -> launch.kind() == Launch.Kind.PROCESS
                            && launch.id().equals(process.id())
                            && launch.bound().contains(port))) {
                continue;
            }
            boolean section = process.kind() == HostProcess.Kind.SUPERVISORD;
            List<String> lines = workspace.lines(process.file()).orElse(List.of());
            int at = workspace.current(process.file(), process.line());
            int from = at;
            int to = at + 1;
            while (section && from > 0 && !lines.get(from).strip().startsWith("[")) {
                from--;
            }
            while (section && to < lines.size() && !lines.get(to).strip().startsWith("[")) {
                to++;
            }
            boolean before = edited.contains(process.file());
            boolean objects = process.kind() == HostProcess.Kind.PM2;
            lines(workspace, process.file(), from, objects ? from : to, section ? PROCESS_PORTS : ANY_LINE, section);
            if (!before && !edited.contains(process.file()) && !isOfCode()) {
                byHand.add("Let " + process.id() + " start it on " + free + " instead of " + port);
            }
        }
    }

    /** True where the code itself names the port, which is edited there. */
    private boolean isOfCode() {
        return directory != null
                && directory.programs().stream()
                        .anyMatch(program -> program.ports().contains(port));
    }

    /** An environment file whose variables the program is given; one that Git does not hold is nobody's to print. */
    private void settings(String file, Workspace workspace) {
        boolean sets = workspace.lines(file).orElse(List.of()).stream()
                .anyMatch(line -> PORT_VARIABLES.matcher(line).matches()
                        && number.matcher(line).find());
        if (sets && workspace.held(file)) {
            lines(workspace, file, 0, Integer.MAX_VALUE, PORT_VARIABLES, false);
        } else if (sets) {
            byHand.add("Set the port to " + free + " instead of " + port + " in " + file);
        }
    }

    /** Variables of an environment file beside a compose file that a published port is made of. */
    private void environment(ComposeFile file, ComposeFile.Service service, Workspace workspace) {
        for (ComposeFile.Published published : service.ports()) {
            for (EnvironmentPort place : EnvironmentPort.of(file, published, port, workspace)) {
                if (place.move(port, free, context)) {
                    edited.add(place.file());
                } else {
                    byHand.add(place.byHand(free));
                }
            }
        }
    }

    /** The lines of a service, as block style indents them. */
    private void block(ComposeFile.Service service, Workspace workspace) {
        List<String> lines = workspace.lines(service.file()).orElse(List.of());
        int first = workspace.current(service.file(), service.line());
        if (first < 0 || first >= lines.size()) {
            return;
        }
        int indent = Workspace.indent(lines.get(first));
        int last = first + 1;
        while (last < lines.size() && (lines.get(last).isBlank() || Workspace.indent(lines.get(last)) > indent)) {
            last++;
        }
        lines(workspace, service.file(), first, last, null, false);
    }

    private void dockerfiles(Declarations declarations, Workspace workspace) {
        if (directory == null) {
            return;
        }
        for (Dockerfile dockerfile : declarations.dockerfiles()) {
            if (dockerfile.rootPath().startsWith(directory.rootPath() + "/")) {
                lines(workspace, dockerfile.rootPath(), 0, Integer.MAX_VALUE, IMAGE_PORTS, true);
            }
        }
    }

    /** A place that says what a launch claims, of a file that is none of those above: a quadlet, a job, a manifest. */
    private void claim(Launch.Claim claim, boolean wanted, Workspace workspace) {
        Evidence evidence = claim.evidence();
        String file = evidence.file();
        boolean ofCode = directory != null
                && file != null
                && PlanContext.files(directory).contains(file);
        if (!wanted || claim.port() != port || file == null || ofCode || edited.contains(file) || evidence.line() < 1) {
            return;
        }
        if (context.replaceMatches(file, workspace.current(file, evidence.line()), number, Integer.toString(free))) {
            edited.add(file);
        }
    }

    /** @param wanted which logical lines may be edited; null for all but those that hold no ports */
    private void lines(
            Workspace workspace, String file, int from, int to, @Nullable Pattern wanted, boolean continued) {
        List<String> lines = workspace.lines(file).orElse(List.of());
        boolean inside = false;
        for (int i = Math.max(from, 0); i < Math.min(to, lines.size()); i++) {
            String line = lines.get(i);
            String text = line.strip();
            if (text.startsWith("#") || text.startsWith(";")) {
                continue;
            }
            inside = wanted == null
                    ? !NO_PORTS.matcher(line).matches()
                    : wanted.matcher(line).matches() || (inside && continued && goesOn(lines.get(i - 1)));
            if (inside && context.replaceMatches(file, i, number, Integer.toString(free))) {
                edited.add(file);
            }
        }
    }

    private static boolean goesOn(String line) {
        return line.stripTrailing().endsWith("\\");
    }
}
