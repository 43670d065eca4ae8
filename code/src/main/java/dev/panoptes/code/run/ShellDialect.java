package dev.panoptes.code.run;

import dev.panoptes.code.Language;
import dev.panoptes.code.PortValue;
import dev.panoptes.code.Start;
import dev.panoptes.code.command.StartCommand;
import dev.panoptes.code.command.StartCommandParser;
import dev.panoptes.code.library.Table;
import dev.panoptes.code.syntax.ShellReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Shell scripts that start servers. What a started server is passed on its command line it binds; a started program of the
 * tree that is passed no port binds what it binds by itself, with the variables that the script sets. One per run.
 */
final class ShellDialect implements Dialect {
    /** The variable that stands for {@code $1} is {@code ARGUMENT_1}. */
    private static final String ARGUMENT = "ARGUMENT_";

    /** Programs that run servers. Anything else may well be a client with a port. */
    private static final Set<String> RUNNERS = Table.of(Language.SHELL).words("programs");
    /** Stands in a command line for a word that is not known. */
    private static final String UNKNOWN = "PANOPTES_UNKNOWN";

    @Override
    public @Nullable Value global(String name, Interpreter run, Scope scope) {
        if (name.equals(ShellReader.RUN)) {
            return new Value.Foreign(ShellReader.RUN, new Value.Loaded(scope.module(), scope));
        }
        if (name.startsWith("$")) {
            // $1 is a variable that whoever starts the script may set.
            int number = name.length() == 2 ? name.charAt(1) - '0' : 0;
            if (number >= 1 && number <= Math.min(9, run.arguments().size())) {
                return Values.constant(run.arguments().get(number - 1));
            }
            boolean passed = name.length() == 2 && name.charAt(1) > '0' && name.charAt(1) <= '9';
            return new Value.Scalar(null, passed ? ARGUMENT + name.substring(1) : null, true);
        }
        Value given = run.given(name);
        return given != null
                ? given
                : new Value.Unknown("the environment variable " + name + " decides and has no default", name);
    }

    @Override
    public @Nullable Value call(
            String path, @Nullable Value receiver, Arguments arguments, Site site, Interpreter run) {
        if (!path.equals(ShellReader.RUN) || !(receiver instanceof Value.Loaded place)) {
            return null;
        }
        String name = Values.text(arguments.first());
        Value own = name == null ? null : place.scope().find(name);
        if (own instanceof Value.Routine routine) {
            return run.invoke(routine, Arguments.NONE, site);
        }
        if ("exit".equals(name)) {
            throw new Interpreter.Exit();
        }
        start(arguments, place.scope(), site, run);
        if ("exec".equals(name) && arguments.positional().size() > 1) {
            throw new Interpreter.Exit();
        }
        return Value.NOTHING;
    }

    private void start(Arguments arguments, Scope scope, Site site, Interpreter run) {
        List<String> words = new ArrayList<>();
        arguments.positional().forEach(value -> words.add(written(value)));
        StartCommand command = StartCommandParser.ofArguments(words, Map.of(), site.line());
        String runner = command == null ? null : command.runner();
        if (command == null
                || runner == null
                || !RUNNERS.contains(runner)
                || words.getFirst().endsWith("docker")) {
            return;
        }
        PortValue port = command.port();
        boolean socket = port instanceof PortValue.Unresolved unresolved
                && unresolved.reason().contains("socket");
        if (port != null && !socket) {
            run.entered();
            run.bind(value(port), null, site);
        } else if (command.module() != null && !socket) {
            module(command, arguments, scope, run);
        }
    }

    /** A word as the command line would hold it, with its variable. */
    private static String written(Value value) {
        return switch (value) {
            case Value.Scalar scalar when scalar.value() == null -> "";
            case Value.Scalar scalar -> {
                String text = String.valueOf(scalar.value());
                int colon = text.lastIndexOf(':');
                String end = text.substring(colon + 1);
                yield scalar.variable() != null && Values.number(end) != null
                        ? text.substring(0, colon + 1).replace("$", "") + "${" + scalar.variable() + ":-" + end + "}"
                        : text.replace("$", "");
            }
            case Value.Unknown unknown when unknown.variable() != null -> "${" + unknown.variable() + "}";
            default -> "${" + UNKNOWN + "}";
        };
    }

    private static Value value(PortValue port) {
        return switch (port) {
            case PortValue.Known known ->
                new Value.Scalar((long) known.port(), known.variable(), known.variable() != null);
            case PortValue.Unresolved unresolved ->
                new Value.Unknown(
                        unresolved.reason(), UNKNOWN.equals(unresolved.variable()) ? null : unresolved.variable());
        };
    }

    /** A program of the tree. */
    private void module(StartCommand command, Arguments arguments, Scope scope, Interpreter run) {
        String name = command.module();
        if (name == null || !name.matches("[\\w./-]{1,300}")) {
            return;
        }
        String directory = command.directory();
        String folder = directory == null || directory.startsWith("/") || directory.contains("$")
                ? scope.module().folder()
                : PythonDialect.join(scope.module().folder(), directory);
        Module module = null;
        for (String candidate :
                List.of(name, name.replace('.', '/') + ".py", name.replace('.', '/') + "/__main__.py")) {
            boolean absolute = candidate.startsWith("/");
            String base = absolute ? candidate.substring(candidate.lastIndexOf('/') + 1) : candidate;
            Module found = run.modules().module(PythonDialect.join(folder, base));
            module = module == null ? found : module;
        }
        if (module == null || module.text().language() == Language.SHELL) {
            return;
        }
        run.entered();
        Map<String, Value> set = new HashMap<>();
        scope.names().cells().forEach((key, value) -> set.put(String.valueOf(key), value));
        set.putAll(arguments.named());
        for (Recorder.Bound bound : ProgramRun.binds(module, run.modules(), start(command, set, run))) {
            run.recorder().bind(overruled(bound, set));
        }
    }

    /** What the script passes and sets, as far as it is known, over what it was given itself. */
    private static Start start(StartCommand command, Map<String, Value> set, Interpreter run) {
        Map<String, String> environment = new HashMap<>(run.environment());
        set.forEach((variable, value) -> {
            if (value instanceof Value.Scalar scalar
                    && scalar.value() != null
                    && !scalar.soft()
                    && Values.whole(scalar)) {
                environment.put(variable, String.valueOf(scalar.value()));
            }
        });
        return new Start(command.arguments(), environment);
    }

    /** A port whose variable the script sets is what the script sets it to. */
    private static Recorder.Bound overruled(Recorder.Bound bound, Map<String, Value> set) {
        String variable = switch (bound.port()) {
            case PortValue.Known known -> known.variable();
            case PortValue.Unresolved unresolved -> unresolved.variable();
        };
        Value value = variable == null ? null : set.get(variable);
        PortValue port = value == null ? null : Values.port(value);
        return port == null ? bound : new Recorder.Bound(port, bound.address(), bound.site(), bound.onImport(), false);
    }

    @Override
    public @Nullable Value operate(String operator, Value left, Value right, Interpreter run) {
        if (!operator.endsWith("#")) {
            return null;
        }
        Long a = Values.number(left);
        Long b = Values.number(right);
        return a == null || b == null
                ? Values.unknown("it is computed while the script runs")
                : new Operators(run)
                        .binary(operator.substring(0, operator.length() - 1), Values.constant(a), Values.constant(b));
    }

    @Override
    public @Nullable String shown(Value value) {
        return value instanceof Value.Scalar scalar && scalar.value() == null ? "" : Values.shown(value);
    }

    @Override
    public @Nullable Value exported(Module module, Scope scope, @Nullable String name, Interpreter run) {
        return null;
    }

    @Override
    public boolean callsBack(String path) {
        return false;
    }

    @Override
    public boolean plainBase(String path) {
        return true;
    }

    @Override
    public boolean assignOuter(String name, Value value, Scope scope, Interpreter run) {
        Scope outer = scope;
        while (outer.parent() != null) {
            outer = outer.parent();
        }
        outer.names().put(name, value);
        return true;
    }
}
