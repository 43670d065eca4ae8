package dev.panoptes.code.run;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Environment variables as a program sees them: what whoever starts it gives, and what it sets itself. */
final class Environment {
    private final Interpreter run;
    private final Store set;

    Environment(Interpreter run) {
        this.run = run;
        this.set = new Store(run.journal, true);
    }

    void set(String name, Value value) {
        set.put(name, value);
    }

    /** Variables of a file: they give way to what is set already, unless they are to overrule it. */
    void load(Map<String, Value> file, boolean overrules) {
        file.forEach((name, value) -> {
            if (overrules || (run.given(name) == null && set.get(name) == null)) {
                set.put(name, value);
            }
        });
    }

    /** What is set; null where nothing is known to be. */
    @Nullable
    Value known(@Nullable String name) {
        Value own = name == null ? null : set.get(name);
        return own == null ? run.given(name) : own;
    }

    /** A variable, and what is taken where it is not set: null and the language's null stand for nothing. */
    Value read(@Nullable Value name, @Nullable Value standard) {
        String variable = name instanceof Value.Scalar scalar && Values.whole(scalar) ? scalar.text() : null;
        Value known = known(variable);
        if (known != null) {
            return known;
        }
        return switch (standard) {
            case Value.Scalar scalar
            when scalar.value() != null ->
                new Value.Scalar(scalar.value(), variable != null ? variable : scalar.variable(), true);
            case Value.Unknown unknown when variable != null && unknown.variable() != null -> unknown;
            case Value.Scalar _ -> undecided(variable);
            case null -> undecided(variable);
            default ->
                new Value.Unknown("the environment decides, and its default is not known from the code", variable);
        };
    }

    /** A variable that is not set. */
    static Value undecided(@Nullable String variable) {
        return variable == null
                ? Values.unknown("an environment variable decides")
                : new Value.Unknown("the environment variable " + variable + " decides and has no default", variable);
    }
}
