package dev.panoptes.code.syntax;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A function, method or closure.
 *
 * @param name empty for a closure
 * @param receiver the type a Go method belongs to; null otherwise
 */
public record Function(
        String name,
        @Nullable String receiver,
        List<Parameter> parameters,
        Body body,
        List<Expression> decorators,
        int start,
        int end) {
    /** The method that sets the fields of a new object. */
    public static final String FIELDS = "#fields";

    public Function {
        parameters = List.copyOf(parameters);
        decorators = List.copyOf(decorators);
    }

    /** The same behind these decorators. */
    Function decorated(List<Expression> outer) {
        List<Expression> all = new ArrayList<>(outer);
        all.addAll(decorators);
        return new Function(name, receiver, parameters, body, all, start, end);
    }

    /** Each is its own; two functions of the same text are not the same. */
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return name.hashCode() * 31 + start;
    }

    /**
     * @param standard the default; null where there is none
     * @param type the declared type; null where there is none
     */
    public record Parameter(
            String name,
            @Nullable Expression standard,
            @Nullable Expression type,
            Kind kind) {}

    public enum Kind {
        PLAIN,
        /** May only be passed by name. */
        NAMED,
        /** Takes the remaining positional arguments. */
        REST,
        /** Takes the remaining named arguments. */
        KEYWORDS
    }
}
