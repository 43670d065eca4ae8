package dev.panoptes.code.syntax;

import dev.panoptes.code.syntax.Expression.Argument;
import dev.panoptes.code.syntax.Expression.Entry;
import dev.panoptes.code.syntax.Function.Parameter;
import dev.panoptes.code.syntax.Statement.Imported;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes a read file as bytes, for {@link Decoder}: of each part its kind, where it has several, and what it holds in the order
 * of its record. Nothing is a 0. Whenever either changes, so must {@link SourceText#VERSION}.
 */
final class Encoder {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(4_096);
    private final Map<String, Integer> strings = new HashMap<>();

    private Encoder() {}

    static byte[] encode(SourceText text) {
        Encoder encoder = new Encoder();
        encoder.all(text.language(), text.incomplete(), text.statements());
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

    /** The first time as text, then by number. */
    private void string(String value) {
        Integer known = strings.putIfAbsent(value, strings.size());
        if (known != null) {
            number(known + 2);
            return;
        }
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        number(1);
        number(bytes.length);
        out.writeBytes(bytes);
    }

    private void of(int kind, @Nullable Object... parts) {
        out.write(kind);
        all(parts);
    }

    private void all(@Nullable Object... parts) {
        for (Object part : parts) {
            part(part);
        }
    }

    private void part(@Nullable Object part) {
        switch (part) {
            case null -> out.write(0);
            case String text -> string(text);
            case Integer value -> number(value);
            case Boolean flag -> out.write(flag ? 1 : 0);
            case Enum<?> one -> out.write(one.ordinal());
            case List<?> list -> {
                number(list.size());
                list.forEach(this::part);
            }
            case Statement statement -> statement(statement);
            case Expression expression -> expression(expression);
            case Function f ->
                all(f.name(), f.receiver(), f.parameters(), f.body(), f.decorators(), f.start(), f.end());
            case Body b -> {
                List<Statement> known = b.known();
                if (known == null) {
                    of(0, b.start(), b.end());
                } else {
                    of(1, known);
                }
            }
            case Parameter p -> all(p.name(), p.standard(), p.type(), p.kind());
            case Argument a -> all(a.name(), a.value(), a.spread());
            case Entry e -> all(e.key(), e.value(), e.start(), e.end());
            case Imported i -> all(i.name(), i.alias());
            default -> throw new IllegalArgumentException("no part of a file: " + part.getClass());
        }
    }

    private void statement(Statement statement) {
        switch (statement) {
            case Statement.Evaluate s -> of(1, s.expression());
            case Statement.Assign s -> of(2, s.target(), s.value(), s.type(), s.declares());
            case Statement.Define s -> of(3, s.function());
            case Statement.DefineType s -> of(4, s.name(), s.bases(), s.arguments(), s.body(), s.decorators());
            case Statement.Return s -> of(5, s.value());
            case Statement.Branch s -> of(6, s.condition(), s.yes(), s.no());
            case Statement.Repeat s -> of(7, s.target(), s.over(), s.body(), s.otherwise());
            case Statement.Attempt s -> of(8, s.body(), s.handlers(), s.otherwise(), s.last());
            case Statement.Using s -> of(9, s.value(), s.target(), s.body());
            case Statement.Block s -> of(10, s.body());
            case Statement.Import s -> of(11, s.module(), s.level(), s.names(), s.alias());
            case Statement.Outer s -> of(12, s.names());
            case Statement.Leave s -> of(13, s.way());
        }
    }

    private void expression(Expression expression) {
        switch (expression) {
            case Expression.Literal e -> literal(e.value());
            case Expression.Name e -> of(7, e.name());
            case Expression.Member e -> of(8, e.object(), e.name());
            case Expression.Index e -> of(9, e.object(), e.key());
            case Expression.Slice e -> of(10, e.from(), e.to());
            case Expression.Call e -> of(11, e.function(), e.arguments(), e.created(), e.start(), e.end());
            case Expression.Template e -> of(12, e.parts());
            case Expression.Operation e -> of(13, e.operator(), e.operands());
            case Expression.Choice e -> of(14, e.condition(), e.yes(), e.no());
            case Expression.Items e -> of(15, e.items());
            case Expression.Entries e -> of(16, e.entries());
            case Expression.Closure e -> of(17, e.function());
            case Expression.Each e -> of(18, e.target(), e.over(), e.element());
            case Expression.Spread e -> of(19, e.value());
            case Expression.Assigned e -> of(20, e.target(), e.value());
            case Expression.Composite e -> of(21, e.type(), e.fields().entries(), e.start(), e.end());
            case Expression.Opaque e -> of(22, e.parts());
        }
    }

    private void literal(@Nullable Object value) {
        switch (value) {
            case null -> out.write(1);
            case String text -> of(2, text);
            case Long number -> bits(3, number);
            case Double number -> bits(4, Double.doubleToLongBits(number));
            case Boolean known -> out.write(known ? 6 : 5);
            default -> throw new IllegalArgumentException("not a literal: " + value.getClass());
        }
    }

    private void bits(int kind, long value) {
        out.write(kind);
        for (int shift = 0; shift < 64; shift += 8) {
            out.write((int) (value >>> shift));
        }
    }
}
