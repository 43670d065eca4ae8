package dev.panoptes.code.syntax;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An expression of any language. Offsets are bytes from the start of the file. */
public sealed interface Expression {
    /** @param value a String, Long, Double or Boolean; null for the language's null */
    record Literal(@Nullable Object value) implements Expression {
        public Literal {
            if (!(value == null
                    || value instanceof String
                    || value instanceof Long
                    || value instanceof Double
                    || value instanceof Boolean)) {
                throw new IllegalArgumentException("not a literal: " + value.getClass());
            }
        }
    }

    record Name(String name) implements Expression {}

    record Member(Expression object, String name) implements Expression {}

    record Index(Expression object, Expression key) implements Expression {}

    /** The key of {@code x[from:to]}; null at an open end. */
    record Slice(@Nullable Expression from, @Nullable Expression to) implements Expression {}

    /** @param created true for {@code new} */
    record Call(Expression function, List<Argument> arguments, boolean created, int start, int end)
            implements Expression {
        public Call {
            arguments = List.copyOf(arguments);
        }
    }

    /** Text made of parts: an f-string, a template literal. */
    record Template(List<Expression> parts) implements Expression {
        public Template {
            parts = List.copyOf(parts);
        }
    }

    /** @param operator as Python writes it: {@code and}, {@code or}, {@code not}, {@code ==}, {@code +} ...; {@code ??} for "else where null" */
    record Operation(String operator, List<Expression> operands) implements Expression {
        public Operation {
            operands = List.copyOf(operands);
        }
    }

    record Choice(Expression condition, Expression yes, Expression no) implements Expression {}

    /** A list, tuple, set or array. */
    record Items(List<Expression> items) implements Expression {
        public Items {
            items = List.copyOf(items);
        }
    }

    /** A dictionary, an object literal, a composite literal with keys. */
    record Entries(List<Entry> entries) implements Expression {
        public Entries {
            entries = List.copyOf(entries);
        }
    }

    record Closure(Function function) implements Expression {}

    /** A list made by going over another: {@code [element for target in over]}. */
    record Each(Expression target, Expression over, Expression element) implements Expression {}

    /** {@code *x}, {@code ...x} inside a list. */
    record Spread(Expression value) implements Expression {}

    /** An assignment that is an expression. */
    record Assigned(Expression target, Expression value) implements Expression {}

    /**
     * A value of this named type made by a literal: Go's {@code Config{Port: 1}}.
     *
     * @param type null where it is an unnamed map or slice type
     */
    record Composite(Expression type, Entries fields, int start, int end) implements Expression {}

    /** Anything else; its parts are evaluated for what they do. */
    record Opaque(List<Expression> parts) implements Expression {
        public Opaque {
            parts = List.copyOf(parts);
        }
    }

    /**
     * @param name null for a positional argument
     * @param spread 0 for an ordinary argument, 1 for {@code *x}, 2 for {@code **x}
     */
    record Argument(@Nullable String name, Expression value, int spread) {}

    /** @param key null where {@code value} is a whole dictionary to be merged in */
    record Entry(@Nullable Expression key, Expression value, int start, int end) {}

    Opaque UNREAD = new Opaque(List.of());

    /** The last part of a name, also of one that is called; empty where it is none. */
    static String lastName(Expression expression) {
        return switch (expression) {
            case Name name -> name.name();
            case Member member -> member.name();
            case Call call -> lastName(call.function());
            default -> "";
        };
    }
}
