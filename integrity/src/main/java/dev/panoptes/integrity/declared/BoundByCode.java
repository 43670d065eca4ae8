package dev.panoptes.integrity.declared;

import dev.panoptes.code.Bind;
import dev.panoptes.code.Code;
import dev.panoptes.code.CodeDirectory;
import dev.panoptes.code.Language;
import dev.panoptes.code.PortValue;
import dev.panoptes.code.Program;
import dev.panoptes.code.Start;
import dev.panoptes.code.command.ModuleName;
import dev.panoptes.code.command.StartCommand;
import dev.panoptes.core.issue.Evidence;
import dev.panoptes.integrity.declared.ContainerPorts.Bound;
import dev.panoptes.integrity.declared.ContainerPorts.Listening;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What code binds in a container: that of one program, or of all that its build context holds. */
final class BoundByCode {
    private final Code code;

    BoundByCode(Code code) {
        this.code = code;
    }

    /** A program that is named by its path, where all that can be run of the build context is one Go program. */
    boolean isCompiled(@Nullable String context, StartCommand start) {
        if (context == null
                || start.runner() != null
                || start.text().split(" ", 2)[0].indexOf('/') < 0) {
            return false;
        }
        List<Program> programs = runnable(context);
        return programs.size() == 1 && programs.getFirst().language() == Language.GO;
    }

    private List<Program> runnable(String context) {
        return code.directories().stream()
                .flatMap(directory -> directory.programs().stream())
                .filter(program ->
                        program.runnable() && ContainerPath.below("/" + context, "/" + program.rootPath()) != null)
                .toList();
    }

    /** True where the program of the tree that is passed this port cannot take it: it binds others, whatever is passed. */
    boolean ignores(String rootPath, StartCommand start, ContainerEnvironment environment, int port) {
        return !ModuleName.APPLICATION_SERVERS.contains(String.valueOf(start.runner()))
                && code.started(rootPath, new Start(start.arguments(), environment.known()))
                        instanceof Code.ProgramLookup.Found(Program program)
                && program.runnable()
                && !program.binds().isEmpty()
                && program.binds().stream()
                        .allMatch(bind -> !bind.open()
                                && bind.port() instanceof PortValue.Known(int bound, String variable)
                                && variable == null
                                && bound != port);
    }

    /** Other ports than this one that a module binds as soon as it is loaded, such as one for metrics. */
    List<Bound> besides(String rootPath, StartCommand start, ContainerEnvironment environment, int port) {
        if (start.module() == null) {
            return List.of();
        }
        // A server loads the module and passes it nothing; a program is run with its own arguments.
        Code.ProgramLookup loaded = ModuleName.APPLICATION_SERVERS.contains(String.valueOf(start.runner()))
                ? code.program(rootPath)
                : code.started(rootPath, new Start(start.arguments(), environment.known()));
        if (!(loaded instanceof Code.ProgramLookup.Found(Program program))) {
            return List.of();
        }
        List<Bound> bounds = new ArrayList<>();
        for (Bind bind : program.binds()) {
            if (bind.onImport()
                    && environment.resolve(bind.port()) instanceof PortValue.Known known
                    && known.port() != port) {
                bounds.add(new Bound(known.port(), evidence(bind), ListenAddress.of(bind)));
            }
        }
        return bounds;
    }

    /** What the program of this path binds when it is started so; what the context's code binds where it is none. */
    Listening programAt(
            String rootPath,
            StartCommand start,
            @Nullable String context,
            Evidence evidence,
            ContainerEnvironment environment) {
        return switch (code.started(rootPath, new Start(start.arguments(), environment.known()))) {
            case Code.ProgramLookup.Found(Program program) ->
                listening(
                        List.of(program),
                        evidence,
                        environment,
                        null,
                        "no port that " + rootPath + " binds can be seen");
            case Code.ProgramLookup.NoProgram(String reason) ->
                codeOf(context, environment, evidence, rootPath + " is what it starts, but " + reason);
            case Code.ProgramLookup.Unreadable(String reason) ->
                new Listening.Unknown(rootPath + " is what it starts, but " + reason);
            case Code.ProgramLookup.Absent absent ->
                new Listening.Unknown(rootPath + " is what it starts, but no code could be read there");
        };
    }

    /**
     * What the code of a build context binds.
     *
     * @param doubt why another program may be started; null where there is no doubt
     */
    Listening codeOf(
            @Nullable String context,
            ContainerEnvironment environment,
            @Nullable Evidence command,
            @Nullable String doubt) {
        List<Program> programs = new ArrayList<>();
        Set<String> directories = new LinkedHashSet<>();
        String incomplete = doubt;
        for (CodeDirectory directory : context == null ? List.<CodeDirectory>of() : code.directories()) {
            for (Program program : directory.programs()) {
                if (program.runnable() && ContainerPath.below("/" + context, "/" + program.rootPath()) != null) {
                    programs.add(program);
                    directories.add(directory.rootPath());
                    incomplete = directory.incomplete() == null ? incomplete : directory.incomplete();
                }
            }
        }
        String none = doubt == null ? "no code of its build context binds a port that can be seen" : doubt;
        if (programs.isEmpty() || directories.size() > 1) {
            return new Listening.Unknown(none);
        }
        String several =
                programs.size() > 1 && incomplete == null ? "its build context holds several programs" : incomplete;
        return listening(programs, command, environment, several, none);
    }

    private static Listening listening(
            List<Program> programs,
            @Nullable Evidence command,
            ContainerEnvironment environment,
            @Nullable String doubt,
            String none) {
        List<Bound> bounds = new ArrayList<>();
        String unknown = doubt;
        for (Program program : programs) {
            for (Bind bind : program.binds()) {
                switch (environment.resolve(bind.port())) {
                    case PortValue.Known(int port, String variable) -> {
                        bounds.add(new Bound(port, evidence(bind), ListenAddress.of(bind)));
                        unknown = unknown == null && variable != null ? environment.incomplete() : unknown;
                    }
                    case PortValue.Unresolved(String reason, String variable) ->
                        unknown = unknown == null ? reason : unknown;
                }
            }
        }
        if (bounds.isEmpty()) {
            return new Listening.Unknown(unknown == null ? none : unknown);
        }
        return new Listening.On(bounds, command, unknown);
    }

    static Evidence evidence(Bind bind) {
        return new Evidence("code", bind.file(), bind.line(), bind.text());
    }
}
