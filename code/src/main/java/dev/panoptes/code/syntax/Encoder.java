package dev.panoptes.code.syntax;

import dev.panoptes.code.syntax.Expression.Argument;
import dev.panoptes.code.syntax.Expression.Entry;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes a read file as bytes, for {@link Decoder}. Whenever either changes, so must {@link SourceText#VERSION}. */
final class Encoder {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(4_096);
    private final Map<String, Integer> strings = new HashMap<>();

    private Encoder() {}

    static byte[] encode(SourceText text) {
        Encoder encoder = new Encoder();
        encoder.out.write(text.language().ordinal());
        encoder.string(text.incomplete());
        encoder.list(text.statements(), encoder::statement);
        return encoder.out.toByteArray();
    }

    private void number(int value) {
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            out.write((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }

    private void longNumber(long value) {
        for (int shift = 0; shift < 64; shift += 8) {
            out.write((int) (value >>> shift));
        }
    }

    /** The first time as text, then by number. */
    private void string(String value) {
        Integer known = strings.get(value);
        if (known != null) {
            number(known + 1);
            return;
        }
        strings.put(value, strings.size());
        number(0);
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        number(bytes.length);
        out.writeBytes(bytes);
    }

    private <T> void list(List<T> values, Consumer<T> one) {
        number(values.size());
        values.forEach(one);
    }

    private <T> void optional(@Nullable T value, Consumer<T> one) {
        out.write(value == null ? 0 : 1);
        if (value != null) {
            one.accept(value);
        }
    }

    private void flag(boolean value) {
        out.write(value ? 1 : 0);
    }

    private void statement(Statement statement) {
        switch (statement) {
            case Statement.Evaluate one -> {
                out.write(0);
                expression(one.expression());
            }
            case Statement.Assign one -> {
                out.write(1);
                expression(one.target());
                optional(one.value(), this::expression);
                optional(one.type(), this::expression);
                flag(one.declares());
                number(one.start());
            }
            case Statement.Define one -> {
                out.write(2);
                function(one.function());
            }
            case Statement.DefineType one -> {
                out.write(3);
                string(one.name());
                list(one.bases(), this::expression);
                list(one.arguments(), this::argument);
                list(one.body(), this::statement);
                list(one.decorators(), this::expression);
            }
            case Statement.Return one -> {
                out.write(4);
                optional(one.value(), this::expression);
            }
            case Statement.Branch one -> {
                out.write(5);
                expression(one.condition());
                list(one.yes(), this::statement);
                list(one.no(), this::statement);
            }
            case Statement.Repeat one -> {
                out.write(6);
                optional(one.target(), this::expression);
                expression(one.over());
                list(one.body(), this::statement);
                list(one.otherwise(), this::statement);
            }
            case Statement.Attempt one -> {
                out.write(7);
                list(one.body(), this::statement);
                list(one.handlers(), handler -> list(handler, this::statement));
                list(one.otherwise(), this::statement);
                list(one.last(), this::statement);
            }
            case Statement.Using one -> {
                out.write(8);
                expression(one.value());
                optional(one.target(), this::expression);
                list(one.body(), this::statement);
            }
            case Statement.Block one -> {
                out.write(9);
                list(one.body(), this::statement);
            }
            case Statement.Import one -> {
                out.write(10);
                string(one.module());
                number(one.level());
                list(one.names(), name -> {
                    string(name.name());
                    string(name.alias());
                });
                optional(one.alias(), this::string);
            }
            case Statement.Outer one -> {
                out.write(11);
                list(one.names(), this::string);
            }
            case Statement.Leave one -> {
                out.write(12);
                out.write(one.way().ordinal());
            }
        }
    }

    private void function(Function function) {
        string(function.name());
        optional(function.receiver(), this::string);
        list(function.parameters(), parameter -> {
            string(parameter.name());
            optional(parameter.standard(), this::expression);
            optional(parameter.type(), this::expression);
            out.write(parameter.kind().ordinal());
        });
        list(function.body(), this::statement);
        list(function.decorators(), this::expression);
        number(function.start());
        number(function.end());
    }

    private void argument(Argument argument) {
        optional(argument.name(), this::string);
        expression(argument.value());
        out.write(argument.spread());
    }

    private void entry(Entry entry) {
        optional(entry.key(), this::expression);
        expression(entry.value());
        number(entry.start());
        number(entry.end());
    }

    private void expression(Expression expression) {
        switch (expression) {
            case Expression.Literal one -> {
                out.write(0);
                literal(one.value());
            }
            case Expression.Name one -> {
                out.write(1);
                string(one.name());
            }
            case Expression.Member one -> {
                out.write(2);
                expression(one.object());
                string(one.name());
            }
            case Expression.Index one -> {
                out.write(3);
                expression(one.object());
                expression(one.key());
            }
            case Expression.Slice one -> {
                out.write(4);
                optional(one.from(), this::expression);
                optional(one.to(), this::expression);
            }
            case Expression.Call one -> {
                out.write(5);
                expression(one.function());
                list(one.arguments(), this::argument);
                flag(one.created());
                number(one.start());
                number(one.end());
            }
            case Expression.Template one -> {
                out.write(6);
                list(one.parts(), this::expression);
            }
            case Expression.Operation one -> {
                out.write(7);
                string(one.operator());
                list(one.operands(), this::expression);
            }
            case Expression.Choice one -> {
                out.write(8);
                expression(one.condition());
                expression(one.yes());
                expression(one.no());
            }
            case Expression.Items one -> {
                out.write(9);
                list(one.items(), this::expression);
            }
            case Expression.Entries one -> {
                out.write(10);
                list(one.entries(), this::entry);
            }
            case Expression.Closure one -> {
                out.write(11);
                function(one.function());
            }
            case Expression.Each one -> {
                out.write(12);
                expression(one.target());
                expression(one.over());
                expression(one.element());
            }
            case Expression.Spread one -> {
                out.write(13);
                expression(one.value());
            }
            case Expression.Assigned one -> {
                out.write(14);
                expression(one.target());
                expression(one.value());
            }
            case Expression.Composite one -> {
                out.write(15);
                expression(one.type());
                list(one.fields().entries(), this::entry);
                number(one.start());
                number(one.end());
            }
            case Expression.Opaque one -> {
                out.write(16);
                list(one.parts(), this::expression);
            }
        }
    }

    private void literal(@Nullable Object value) {
        switch (value) {
            case null -> out.write(0);
            case String text -> {
                out.write(1);
                string(text);
            }
            case Long number -> {
                out.write(2);
                longNumber(number);
            }
            case Double number -> {
                out.write(3);
                longNumber(Double.doubleToLongBits(number));
            }
            case Boolean known -> out.write(known ? 5 : 4);
            default -> throw new IllegalArgumentException("not a literal: " + value.getClass());
        }
    }
}
