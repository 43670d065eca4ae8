package dev.panoptes.code.run;

import dev.panoptes.code.Language;
import dev.panoptes.code.PathNames;
import dev.panoptes.code.PortValue;
import dev.panoptes.code.Start;
import dev.panoptes.code.command.StartCommand;
import dev.panoptes.code.syntax.ShellReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a shell script starts. What a started server is passed on its command line it binds; a started program of the tree that is
 * passed no port binds what it binds by itself, with the variables that the script sets.
 */
final class ShellLibrary extends Library {
    ShellLibrary(Interpreter run) {
        super(run);
    }

    @Override
    protected @Nullable Value call(Call call) {
        if (!call.path().equals(ShellReader.RUN) || !(call.receiver() instanceof Value.Loaded place)) {
            return null;
        }
        String name = call.text(0);
        Value own = name == null ? null : place.scope().find(name);
        if (own instanceof Value.Routine routine) {
            return run.calls.invoke(routine, Arguments.NONE, call.site());
        }
        if (".".equals(name) || "source".equals(name)) {
            ShellVariables.source(call.text(1), place.scope(), run);
            return Value.NOTHING;
        }
        if (!"exit".equals(name)) {
            start(call, place.scope());
        }
        if ("exit".equals(name)
                || ("exec".equals(name) && call.given().positional().size() > 1)) {
            throw new Interpreter.Exit();
        }
        return Value.NOTHING;
    }

    private void start(Call call, Scope scope) {
        StartCommand command = StartedCommands.of(call.given().positional(), call.site());
        if (command != null && command.port() != null) {
            run.entered();
            run.bind(StartedCommands.value(command.port()), null, call.site());
        } else if (command != null && command.module() != null) {
            module(command, command.module(), call.given(), scope);
        }
    }

    /** A program of the tree. */
    private void module(StartCommand command, String name, Arguments arguments, Scope scope) {
        if (!name.matches("[\\w./-]{1,300}")) {
            return;
        }
        String directory = command.directory();
        String folder = directory == null || directory.startsWith("/") || directory.contains("$")
                ? scope.module.folder()
                : PathNames.join(scope.module.folder(), directory);
        String path = name.replace('.', '/');
        Module module = List.of(name, path + ".py", path + "/__main__.py").stream()
                .map(file -> file.startsWith("/") ? PathNames.last(file) : file)
                .map(file -> run.modules.module(PathNames.join(folder, file)))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        if (module == null || module.text().language() == Language.SHELL) {
            return;
        }
        run.entered();
        ShellVariables variables = new ShellVariables(scope.module);
        Map<String, Value> set = new HashMap<>();
        for (Scope each : List.of(scope.outermost(), scope)) {
            each.names.cells().forEach((key, value) -> {
                String variable = String.valueOf(key);
                if (run.given(variable) != null || variables.exported(variable)) {
                    set.put(variable, value);
                }
            });
        }
        set.putAll(arguments.named());
        command.environment().forEach((variable, value) -> set.put(variable, Values.constant(value)));
        String open = Values.text(scope.outermost().names.get(ShellVariables.OPEN));
        open = open == null ? ShellVariables.open(scope.module) : open;
        for (Recorder.Bound bound : ProgramRun.binds(module, run.modules, start(command, set))) {
            run.recorder.bind(overruled(bound, set, open));
        }
    }

    /** What the script passes and sets, as far as it is known, over what it was given itself. */
    private Start start(StartCommand command, Map<String, Value> set) {
        Map<String, String> environment = new HashMap<>(run.start.environment());
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
    private static Recorder.Bound overruled(Recorder.Bound bound, Map<String, Value> set, @Nullable String open) {
        String variable = bound.port().variable();
        Value value = variable == null ? null : set.get(variable);
        PortValue port = value == null ? null : Values.port(value);
        if (port == null && variable != null && open != null) {
            port = new PortValue.Unresolved(open, variable);
        }
        return port == null ? bound : new Recorder.Bound(port, bound.address(), bound.site(), bound.onImport(), false);
    }

    @Override
    protected @Nullable Value operate(String operator, Value left, Value right) {
        if (!operator.endsWith("#")) {
            return null;
        }
        Long a = Values.number(left);
        Long b = Values.number(right);
        String plain = operator.substring(0, operator.length() - 1);
        return a == null || b == null
                ? Values.computed()
                : new Operators(run).binary(plain, Values.constant(a), Values.constant(b));
    }
}
