package dev.panoptes.code.run;

import dev.panoptes.code.syntax.ShellReader;
import org.jspecify.annotations.Nullable;

/** Shell scripts: a name is a variable, of the script or of whoever starts it. */
final class ShellDialect extends Dialect {
    /** The variable that stands for {@code $1} is {@code ARGUMENT_1}. */
    private static final String ARGUMENT = "ARGUMENT_";

    ShellDialect(Interpreter run) {
        super(run, new ShellLibrary(run));
    }

    /** What is not set is mostly set by whoever starts the script: the role of an entry point, above all. */
    @Override
    boolean followsDefaults() {
        return false;
    }

    @Override
    protected @Nullable Value global(String name, Scope scope) {
        if (name.equals(ShellReader.RUN)) {
            return new Value.Foreign(ShellReader.RUN, new Value.Loaded(scope.module, scope));
        }
        if (name.startsWith("$")) {
            // $1 is a variable that whoever starts the script may set.
            int number = name.matches("\\$[1-9]") ? name.charAt(1) - '0' : 0;
            if (number >= 1 && number <= run.start.arguments().size()) {
                return Values.constant(run.start.arguments().get(number - 1));
            }
            return new Value.Scalar(null, number > 0 ? ARGUMENT + number : null, true);
        }
        Value given = run.given(name);
        return given != null
                ? given
                : new Value.Unknown("the environment variable " + name + " decides and has no default", name);
    }

    @Override
    protected @Nullable Value exported(Module module, Scope scope, @Nullable String name) {
        return null;
    }

    @Override
    boolean assignOuter(String name, Value value, Scope scope) {
        scope.outermost().names.put(name, value);
        return true;
    }
}
