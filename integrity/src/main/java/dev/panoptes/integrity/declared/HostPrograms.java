package dev.panoptes.integrity.declared;

import dev.panoptes.code.Bind;
import dev.panoptes.code.Code.ProgramLookup;
import dev.panoptes.code.PortValue;
import dev.panoptes.code.Program;
import dev.panoptes.code.Start;
import dev.panoptes.code.command.ModuleName;
import dev.panoptes.code.command.StartCommand;
import dev.panoptes.integrity.declared.UnitPrograms.Ports;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the processes of Procfiles, supervisord, PM2 and scripts start and bind. */
final class HostPrograms {
    private final Declarations declarations;
    private final CompiledSource compiled;
    private final Frameworks frameworks;
    private final BoundByCode code;

    HostPrograms(Declarations declarations) {
        this.declarations = declarations;
        this.compiled = new CompiledSource(declarations);
        this.frameworks = new Frameworks(declarations);
        this.code = new BoundByCode(declarations.code());
    }

    /** The command that it runs in the end: a package file's script is followed. */
    private @Nullable StartCommand command(HostProcess process) {
        StartCommand start = process.start();
        String directory = process.directory();
        if (start == null || directory == null) {
            return start;
        }
        String folder = start.directory() == null ? directory : HostProcessReader.below(directory, start.directory());
        return folder == null
                ? start
                : PackageScripts.followed(start, folder, declarations.code()::text, environment(process, start));
    }

    private static Map<String, String> environment(HostProcess process, StartCommand start) {
        Map<String, String> environment = new HashMap<>(process.environment());
        environment.putAll(start.environment());
        return environment;
    }

    /** The rootPath of the program that it starts; empty where that is none of the tree, or not known. */
    Optional<String> program(HostProcess process) {
        StartCommand start = command(process);
        return start == null ? Optional.empty() : Optional.ofNullable(program(process, start));
    }

    private @Nullable String program(HostProcess process, StartCommand start) {
        String runner = start.runner();
        String module = start.module();
        if (runner == null || module == null || !(ModuleName.of(runner, module) instanceof ModuleName.Files files)) {
            return null;
        }
        String directory = process.directory();
        String base = directory == null || start.directory() == null
                ? directory
                : HostProcessReader.from(directory, start.directory(), process.file());
        for (String path : files.paths()) {
            String rootPath = path.startsWith("/")
                    ? HostProcessReader.located(path, process.file(), declarations.paths())
                    : base == null ? null : HostProcessReader.below(base, path);
            if (rootPath != null && isFile(rootPath)) {
                return rootPath;
            }
            String made = rootPath == null || files.packaged() ? null : compiled.of(rootPath);
            if (made != null) {
                return made;
            }
            String source = files.packaged() && base != null ? HostProcessReader.below(base, "src/" + path) : null;
            if (source != null && isFile(source)) {
                return source;
            }
        }
        return null;
    }

    /**
     * The path below the root at which the script that it starts should lie, where nothing is there, nothing makes it and it
     * cannot lie elsewhere; empty where it is there or that is not known.
     */
    Optional<String> missing(HostProcess process) {
        StartCommand start = command(process);
        String directory = process.directory();
        if (start == null
                || start.runner() == null
                || start.module() == null
                || process.kind() == HostProcess.Kind.SCRIPT
                || !(ModuleName.of(start.runner(), start.module()) instanceof ModuleName.Files files)) {
            return Optional.empty();
        }
        String base = directory == null || start.directory() == null
                ? directory
                : HostProcessReader.from(directory, start.directory(), process.file());
        if (files.packaged() && (base == null || !isPackage(base, files.topLevel()))) {
            return Optional.empty(); // it may be installed
        }
        String first = null;
        for (String path : files.paths()) {
            String rootPath = path.startsWith("/")
                    ? HostProcessReader.located(path, process.file(), declarations.paths())
                    : base == null ? null : HostProcessReader.below(base, path);
            if (rootPath == null
                    || !(declarations.paths().below(rootPath)
                            instanceof DeployedPath.Below(String found, boolean exists, boolean folder))
                    || exists) {
                return Optional.empty();
            }
            first = first == null ? rootPath : first;
        }
        return Optional.ofNullable(first);
    }

    /** True for a package of the tree that hides an installed one of its name (Python tutorial, "Packages"). */
    private boolean isPackage(String base, String name) {
        String marker = HostProcessReader.below(base, name + "/__init__.py");
        return marker != null && isFile(marker);
    }

    private boolean isFile(String rootPath) {
        return declarations.paths().below(rootPath)
                        instanceof DeployedPath.Below(String found, boolean exists, boolean directory)
                && exists
                && !directory;
    }

    /** What it binds: the port of its command line, else what its program binds in its environment. */
    Ports bound(HostProcess process) {
        StartCommand start = command(process);
        if (process.unknown() != null || start == null) {
            return unknown(process.unknown() == null ? "its command is not known" : process.unknown());
        }
        Map<String, String> environment = environment(process, start);
        process.open().stream()
                .filter(variable -> !start.environment().containsKey(variable))
                .forEach(environment::remove);
        StartCommand configured =
                ServerConfiguration.read(start, environment, declarations.code(), named -> program(process, named));
        if (!configured.equals(start) && configured.port() != null) {
            return passed(process, configured, configured.port(), environment);
        }
        Ports framework = frameworks.onHost(
                new Frameworks.Started(
                        start,
                        process.directory(),
                        "a process",
                        null,
                        null,
                        process.evidence(),
                        new ContainerEnvironment(environment, process.open(), null)),
                code);
        if (framework != null) {
            return framework;
        }
        String program = program(process, start);
        ProgramLookup looked = program == null
                ? new ProgramLookup.Absent()
                : declarations.code().started(program, new Start(start.arguments(), environment));
        if (start.port() != null && !(looked instanceof ProgramLookup.Found(Program found) && ignores(found, start))) {
            return passed(process, start, start.port(), environment);
        }
        return switch (looked) {
            case ProgramLookup.Found(Program found) -> bySelf(process, found, environment);
            case ProgramLookup.Unreadable(String reason) -> unknown(program + " could not be read: " + reason);
            case ProgramLookup.NoProgram unused -> new Ports(new TreeMap<>(), null);
            case ProgramLookup.Absent unused when JobRunners.isOne(start.text()) -> new Ports(new TreeMap<>(), null);
            case ProgramLookup.Absent unused -> unknown("what " + start.text() + " binds cannot be told");
        };
    }

    private static boolean ignores(Program program, StartCommand start) {
        return start.port() instanceof PortValue.Known(int port, String variable)
                && !ModuleName.APPLICATION_SERVERS.contains(String.valueOf(start.runner()))
                && UnitPrograms.takesNone(program, Set.of(port));
    }

    private static Ports passed(
            HostProcess process, StartCommand start, PortValue port, Map<String, String> environment) {
        return switch (port) {
            case PortValue.Known(int number, String variable) ->
                isOpen(process, variable)
                        ? unknown(chosen(variable))
                        : new Ports(
                                new TreeMap<>(Map.of(number, List.of(process.evidence()))),
                                UnitPrograms.addresses(number, ListenAddress.of(start, environment)),
                                null);
            case PortValue.Unresolved(String reason, String variable) ->
                unknown(isOpen(process, variable) ? chosen(variable) : reason);
        };
    }

    private static boolean isOpen(HostProcess process, @Nullable String variable) {
        StartCommand start = process.start();
        boolean own = start != null && variable != null && start.environment().containsKey(variable);
        return variable != null && process.open().contains(variable) && !own;
    }

    private static String chosen(@Nullable String variable) {
        return "whoever runs it chooses " + variable;
    }

    private static Ports bySelf(HostProcess process, Program program, Map<String, String> environment) {
        for (Bind bind : program.binds()) {
            String variable = UnitPrograms.variable(bind.port());
            if (isOpen(process, variable)) {
                return unknown(chosen(variable));
            }
        }
        return UnitPrograms.bySelf(program, environment, null, "its environment");
    }

    private static Ports unknown(String reason) {
        return new Ports(new TreeMap<>(), reason);
    }
}
