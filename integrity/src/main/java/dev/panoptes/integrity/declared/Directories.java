package dev.panoptes.integrity.declared;

import dev.panoptes.code.Bind;
import dev.panoptes.code.CodeDirectory;
import dev.panoptes.code.CodeFile;
import dev.panoptes.code.Language;
import dev.panoptes.code.PortValue;
import dev.panoptes.code.Program;
import dev.panoptes.code.ReportedName;
import dev.panoptes.code.command.ModuleName;
import dev.panoptes.code.command.StartCommand;
import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.DeclaredEndpoint;
import dev.panoptes.core.registry.Keys;
import dev.panoptes.core.registry.Registry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The code directories of a fleet and what belongs to each: its units, Dockerfiles and compose services, the program that
 * runs as the agent, the ports it claims and the name it reports.
 */
public final class Directories {
    /** Names that an entry file usually has, the likeliest first; the directory's own name comes after the first three. */
    private static final List<String> USUAL = List.of("main", "app", "server");

    private static final List<String> LESS_USUAL =
            List.of("index", "run", "__main__", "agent", "service", "start", "worker", "daemon", "bot", "consumer");

    private final Registry registry;
    private final @Nullable Declarations declarations;
    private final Links links;
    /** Null where no declarations were read. */
    private final @Nullable UnitPrograms unitPrograms;

    private final Map<String, CodeDirectory> byRootPath = new HashMap<>();
    private final Map<String, String> byKey = new HashMap<>();
    private final Map<String, List<Dockerfile>> dockerfiles = new HashMap<>();
    private final Map<String, DockerfileModules.Module> modules = new HashMap<>();
    private final Map<String, List<UnitFile>> units = new HashMap<>();
    /** How many directories hold the same file under the same path in a folder of theirs. */
    private final Map<String, Integer> copies = new HashMap<>();

    Directories(Registry registry, @Nullable Declarations declarations, Links links) {
        this.registry = registry;
        this.declarations = declarations;
        this.links = links;
        this.unitPrograms = declarations == null ? null : new UnitPrograms(declarations);
        if (declarations != null) {
            for (CodeDirectory directory : declarations.code().directories()) {
                byRootPath.put(directory.rootPath(), directory);
                byKey.putIfAbsent(Keys.link(directory.name()), directory.rootPath());
                directory.files().forEach(file -> copies.merge(file.digest() + file.path(), 1, Integer::sum));
            }
            DockerfileModules search = links.images().orElseThrow().modules();
            for (Dockerfile file : declarations.dockerfiles()) {
                DockerfileModules.Module module = search.find(file);
                modules.put(file.rootPath(), module);
                owner(file.directory())
                        .or(() -> module instanceof DockerfileModules.Module.Exists(String path)
                                ? owner(path)
                                : Optional.empty())
                        .ifPresent(owner -> add(dockerfiles, owner, file));
            }
            declarations
                    .units()
                    .forEach(unit -> ownerOf(unit, declarations).ifPresent(owner -> add(units, owner, unit)));
        }
    }

    /** All of them, sorted by path; empty where none were read. */
    public List<CodeDirectory> all() {
        return declarations == null ? List.of() : declarations.code().directories();
    }

    /** The Dockerfiles in it or below, the nearest first, and those outside of all directories that start a module of it. */
    public List<Dockerfile> dockerfiles(CodeDirectory directory) {
        return dockerfiles.getOrDefault(directory.rootPath(), List.of()).stream()
                .sorted(Comparator.comparing(
                                (Dockerfile file) -> file.rootPath().split("/").length)
                        .thenComparing(Dockerfile::rootPath))
                .toList();
    }

    /** The units of its agent; of a directory without a key those that work in it or in a directory called like it. */
    public List<UnitFile> units(CodeDirectory directory) {
        return List.copyOf(units.getOrDefault(directory.rootPath(), List.of()));
    }

    /** The compose services, as {@code file#service}, that are its agents' or are built from it. */
    public List<String> composeUses(CodeDirectory directory) {
        if (declarations == null) {
            return List.of();
        }
        List<DeclaredAgent> agents = links.agentsOf(directory);
        return declarations.composeFiles().stream()
                .flatMap(file -> file.services().stream())
                .filter(service -> isBuiltFrom(service, directory)
                        || links.agentOf(service).filter(agents::contains).isPresent())
                .map(ComposeFile.Service::id)
                .toList();
    }

    private static boolean isBuiltFrom(ComposeFile.Service service, CodeDirectory directory) {
        ComposeFile.Build build = service.build();
        return build != null && directory.rootPath().equals(build.contextInTree());
    }

    /** The program that runs as this directory's agent; empty where it has no program. */
    public Optional<Entry> entry(CodeDirectory directory) {
        return entry(directory, links.agentOf(directory).orElse(null));
    }

    /** @param agent the agent that runs it, where the directory is several agents' code; null where it is none's */
    public Optional<Entry> entry(CodeDirectory directory, @Nullable DeclaredAgent agent) {
        Optional<Entry> started = started(directory, agent);
        if (started.isPresent()) {
            return started;
        }
        Comparator<Program> likeliest = likeliest(directory, agent);
        Integer port = agent == null ? null : port(agent);
        return servers(directory)
                .filter(program -> program.direct()
                        && program.runnable()
                        && program.ports().contains(port))
                .min(likeliest)
                .map(program -> new Entry(program, false, "binds the declared port " + port))
                .or(() -> servers(directory)
                        .min(likeliest)
                        .map(program -> new Entry(program, false, "is the likeliest of its programs by name")))
                .or(() -> directory.programs().stream()
                        .min(likeliest)
                        .map(program -> new Entry(program, false, "is its start script")));
    }

    /** True where a file of its code is run: a program, or whatever a unit or Dockerfile starts of it. */
    public boolean hasEntry(CodeDirectory directory) {
        Set<String> files = directory.files().stream().map(CodeFile::rootPath).collect(Collectors.toSet());
        return directory.programs().stream().anyMatch(program -> program.language() != Language.SHELL)
                || units(directory).stream()
                        .flatMap(unit -> modules(unit, directory).stream())
                        .anyMatch(files::contains)
                || dockerfiles(directory).stream()
                        .anyMatch(file -> module(file) instanceof DockerfileModules.Module.Exists(String path)
                                && files.contains(path));
    }

    /** What this directory's entry reports; see {@link #entry}. */
    public Identity identity(CodeDirectory directory, @Nullable DeclaredAgent agent) {
        Optional<Entry> entry = entry(directory, agent);
        if (entry.isEmpty()) {
            return new Identity.None();
        }
        Program program = entry.get().program();
        if (program.language() != Language.SHELL
                && (serves(program) || !program.names().isEmpty())) {
            return identity(program);
        }
        List<Identity> others = servers(directory)
                .map(Directories::identity)
                .filter(identity -> !(identity instanceof Identity.None))
                .toList();
        Optional<Identity> first = others.stream().findFirst();
        boolean agree = others.stream().map(Directories::word).distinct().count() <= 1;
        return agree
                ? first.orElse(new Identity.None())
                : new Identity.Unclear(
                        "Its programs report different names and " + program.rootPath() + ", which runs, reports none");
    }

    /** True where it can be run and is called what the program of a directory is called, such as {@code worker.py}. */
    public boolean namedAsEntry(Program program, CodeDirectory directory) {
        List<String> usual = usual(directory, null);
        return program.runnable() && program.language() != Language.SHELL && place(usual, program) < usual.size();
    }

    /** The ports that its code claims. */
    public PortClaims claims(CodeDirectory directory) {
        List<Program> programs = directory.programs().stream()
                .filter(program -> program.runnable() && !vendored(program, directory))
                .toList();
        return claims(programs, dockerfiles(directory));
    }

    /** The ports that these of its programs bind and these of its Dockerfiles pass to a module that is there. */
    public PortClaims claims(List<Program> programs, List<Dockerfile> files) {
        List<PortClaims.Claim> claims = new ArrayList<>();
        List<PortClaims.Unresolved> unresolved = new ArrayList<>();
        for (Program program : programs) {
            for (Bind bind : program.binds()) {
                Evidence evidence = new Evidence("code", bind.file(), bind.line(), bind.text());
                switch (bind.port()) {
                    case PortValue.Known known -> claims.add(new PortClaims.Claim(known, evidence));
                    case PortValue.Unresolved unknown -> unresolved.add(new PortClaims.Unresolved(unknown, evidence));
                }
            }
        }
        for (Dockerfile file : files) {
            StartCommand start = file.start();
            if (start == null || start.port() == null) {
                continue;
            }
            Evidence evidence = new Evidence("dockerfile", file.rootPath(), start.line(), start.text());
            switch (module(file)) {
                case DockerfileModules.Module.Exists unused -> {
                    switch (start.port()) {
                        case PortValue.Known known -> claims.add(new PortClaims.Claim(known, evidence));
                        case PortValue.Unresolved unknown ->
                            unresolved.add(new PortClaims.Unresolved(unknown, evidence));
                    }
                }
                case DockerfileModules.Module.Unclear(String reason) ->
                    unresolved.add(new PortClaims.Unresolved(
                            new PortValue.Unresolved("whether its module is there cannot be told: " + reason, null),
                            evidence));
                case DockerfileModules.Module.Missing unused -> {}
                case DockerfileModules.Module.None unused -> {}
            }
        }
        return new PortClaims(claims, unresolved);
    }

    /** What became of the module that a Dockerfile starts. */
    public DockerfileModules.Module module(Dockerfile file) {
        return modules.getOrDefault(file.rootPath(), new DockerfileModules.Module.None());
    }

    /** The declared port of an agent; null where it declares none that is known. */
    public @Nullable Integer port(DeclaredAgent agent) {
        return registry.endpoint(agent) instanceof DeclaredEndpoint.At at ? at.port() : null;
    }

    /** Of several that are started, the one with the declared port, else one that serves: the others are its workers. */
    private Optional<Entry> started(CodeDirectory directory, @Nullable DeclaredAgent agent) {
        List<UnitFile> starting = agent == null ? units(directory) : links.units(agent);
        Integer port = agent == null ? null : port(agent);
        Stream<Entry> byUnits = starting.stream()
                .filter(unit -> !unit.details().job())
                .sorted(Comparator.comparing(unit -> !passes(unit, port)))
                .flatMap(unit -> programs(modules(unit, directory), directory)
                        .map(program -> new Entry(program, true, "started by " + unit.rootPath())));
        Stream<Entry> byDockerfiles = dockerfiles(directory).stream()
                .flatMap(file -> module(file) instanceof DockerfileModules.Module.Exists(String path)
                        ? programs(List.of(path), directory)
                                .map(program -> new Entry(program, true, "started by " + file.rootPath()))
                        : Stream.empty());
        return Stream.concat(byUnits, byDockerfiles)
                .filter(entry -> entry.program().language() != Language.SHELL)
                .min(Comparator.comparing(
                                (Entry entry) -> !entry.program().ports().contains(port))
                        .thenComparing(entry -> !serves(entry.program())));
    }

    private static boolean passes(UnitFile unit, @Nullable Integer port) {
        StartCommand start = unit.start();
        return start != null && start.port() instanceof PortValue.Known known && Objects.equals(known.port(), port);
    }

    private static boolean serves(Program program) {
        return program.definesApp() || !program.binds().isEmpty();
    }

    private static Stream<Program> programs(List<String> rootPaths, CodeDirectory directory) {
        return rootPaths.stream()
                .flatMap(path -> directory.programs().stream()
                        .filter(program -> program.rootPath().equals(path)));
    }

    /** The files below the root that a unit can start and that are there, the likeliest first. */
    private List<String> modules(UnitFile unit, CodeDirectory directory) {
        StartCommand start = unit.start();
        if (start == null
                || start.module() == null
                || start.runner() == null
                || declarations == null
                || unitPrograms == null) {
            return List.of();
        }
        if (unitPrograms.module(unit) instanceof UnitPrograms.Module.Exists(String rootPath)) {
            return List.of(rootPath);
        }
        String folder = unit.workingDirectory() != null
                        && declarations.paths().locate(unit.workingDirectory()) instanceof DeployedPath.Below below
                ? below.rootPath()
                : directory.rootPath();
        String inside = start.directory() == null || start.directory().startsWith("/") ? "" : start.directory();
        List<String> found = new ArrayList<>();
        if (ModuleName.of(start.runner(), start.module()) instanceof ModuleName.Files files) {
            for (String path : files.paths()) {
                if (path.startsWith("/")) {
                    if (declarations.paths().locate(path) instanceof DeployedPath.Below below && below.exists()) {
                        found.add(below.rootPath());
                    }
                } else {
                    String rootPath = ContainerPath.belowRoot(folder + "/" + inside, path);
                    if (rootPath != null && isFile(rootPath)) {
                        found.add(rootPath);
                    }
                }
            }
        }
        return found;
    }

    private boolean isFile(String rootPath) {
        return declarations != null
                && declarations.paths().below(rootPath) instanceof DeployedPath.Below below
                && below.exists()
                && !below.directory();
    }

    private static Identity identity(Program program) {
        String unknown = program.nameUnknown();
        return !program.names().isEmpty()
                ? new Identity.Known(program.names().getFirst(), program)
                : unknown == null ? new Identity.None() : new Identity.Unclear(unknown);
    }

    private static String word(Identity identity) {
        return switch (identity) {
            case Identity.Known(ReportedName name, Program unused) -> Keys.identity(name.value());
            case Identity.None unused -> "";
            case Identity.Unclear(String reason) -> reason;
        };
    }

    /** A copy of a file that several directories hold in a folder, beside a server of its own: it is there to be imported. */
    private boolean vendored(Program program, CodeDirectory directory) {
        return !program.direct()
                && directory.programs().stream()
                        .anyMatch(other -> other.direct()
                                && other.runnable()
                                && !other.binds().isEmpty())
                && directory.files().stream()
                        .anyMatch(file -> file.path().equals(program.path())
                                && copies.getOrDefault(file.digest() + file.path(), 0) > 1);
    }

    private static Stream<Program> servers(CodeDirectory directory) {
        return directory.programs().stream().filter(program -> program.language() != Language.SHELL);
    }

    private static Comparator<Program> likeliest(CodeDirectory directory, @Nullable DeclaredAgent agent) {
        List<String> usual = usual(directory, agent);
        Predicate<Program> binds =
                program -> program.runnable() && !program.binds().isEmpty();
        return Comparator.comparing((Program program) -> !program.direct())
                .thenComparing(program -> !binds.test(program))
                .thenComparing(program -> !program.definesApp())
                .thenComparing(program -> place(usual, program))
                .thenComparing(program -> program.path().split("/").length)
                .thenComparing(Program::path);
    }

    /** What an entry file of this directory is usually called, the likeliest first. */
    private static List<String> usual(CodeDirectory directory, @Nullable DeclaredAgent agent) {
        List<String> usual = new ArrayList<>(USUAL);
        if (agent != null) {
            usual.add(Keys.link(agent.key()));
        }
        usual.add(Keys.link(directory.name()));
        usual.addAll(LESS_USUAL);
        return usual;
    }

    private static int place(List<String> usual, Program program) {
        String file = program.path().substring(program.path().lastIndexOf('/') + 1);
        int dot = file.lastIndexOf('.');
        int place = usual.indexOf(Keys.link(dot <= 0 ? file : file.substring(0, dot)));
        return place < 0 ? usual.size() : place;
    }

    private Optional<String> ownerOf(UnitFile unit, Declarations declared) {
        Optional<DeclaredAgent> agent = links.agentOf(unit);
        if (agent.isPresent()) {
            return agent.flatMap(links::directory).map(CodeDirectory::rootPath);
        }
        String folder = unit.workingDirectory();
        if (folder == null) {
            return Optional.empty();
        }
        return declared.paths().locate(folder) instanceof DeployedPath.Below below && below.exists()
                ? owner(below.rootPath())
                : Optional.ofNullable(byKey.get(Keys.link(folder.substring(folder.lastIndexOf('/') + 1))));
    }

    /** The directory that this path below the root is in. */
    private Optional<String> owner(String rootPath) {
        String path = rootPath;
        while (!byRootPath.containsKey(path)) {
            int slash = path.lastIndexOf('/');
            if (slash < 0) {
                return Optional.empty();
            }
            path = path.substring(0, slash);
        }
        return Optional.of(path);
    }

    private static <T> void add(Map<String, List<T>> lists, String key, T value) {
        lists.computeIfAbsent(key, unused -> new ArrayList<>()).add(value);
    }
}
