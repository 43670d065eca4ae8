package dev.panoptes.code.syntax;

import dev.panoptes.code.Language;
import dev.panoptes.code.syntax.Expression.Argument;
import dev.panoptes.code.syntax.Expression.Entry;
import dev.panoptes.code.syntax.Function.Kind;
import dev.panoptes.code.syntax.Function.Parameter;
import dev.panoptes.code.syntax.Statement.Imported;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what {@link Encoder} wrote. Damaged bytes give an IOException, never more work than their length. */
final class Decoder {
    private static final Language[] LANGUAGES = Language.values();
    private static final Kind[] KINDS = Kind.values();
    private static final Statement.Way[] WAYS = Statement.Way.values();
    private static final int DEEPEST = 2_000;

    private final byte[] bytes;
    private final List<String> strings = new ArrayList<>();
    private int at;
    private int depth;

    private Decoder(byte[] bytes) {
        this.bytes = bytes;
    }

    static SourceText decode(byte[] bytes) throws IOException {
        Decoder decoder = new Decoder(bytes);
        Language language = decoder.of(LANGUAGES);
        String incomplete = decoder.string();
        List<Statement> statements = decoder.list(decoder::statement);
        sound(decoder.at == bytes.length, "something follows");
        return new SourceText(language, statements, incomplete);
    }

    private interface Read<T> {
        T read() throws IOException;
    }

    private static void sound(boolean holds, String what) throws IOException {
        if (!holds) {
            throw new IOException("damaged: " + what);
        }
    }

    private int next() throws IOException {
        sound(at < bytes.length, "too short");
        return bytes[at++] & 0xff;
    }

    private <T> T of(T[] all) throws IOException {
        int index = next();
        sound(index < all.length, "no such value");
        return all[index];
    }

    private int number() throws IOException {
        int value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            int part = next();
            value |= (part & 0x7f) << shift;
            if ((part & 0x80) == 0) {
                sound(value >= 0, "negative number");
                return value;
            }
        }
        throw new IOException("damaged: long number");
    }

    private long longNumber() throws IOException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 8) {
            value |= (long) next() << shift;
        }
        return value;
    }

    private String string() throws IOException {
        String value = optionalString();
        if (value == null) {
            throw new IOException("damaged: no text");
        }
        return value;
    }

    private @Nullable String optionalString() throws IOException {
        int known = number();
        if (known == 0) {
            return null;
        }
        if (known > 1) {
            sound(known - 1 <= strings.size(), "no such text");
            return strings.get(known - 2);
        }
        int length = number();
        sound(length <= bytes.length - at, "text too long");
        String value = new String(bytes, at, length, StandardCharsets.UTF_8);
        at += length;
        strings.add(value);
        return value;
    }

    private <T> List<T> list(Read<T> one) throws IOException {
        int size = number();
        sound(size <= bytes.length - at, "list too long");
        List<T> values = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            values.add(one.read());
        }
        return values;
    }

    private Statement statement() throws IOException {
        deeper();
        Statement statement = switch (next()) {
            case 1 -> new Statement.Evaluate(expression());
            case 2 -> new Statement.Assign(expression(), optional(), optional(), next() == 1);
            case 3 -> new Statement.Define(function());
            case 4 ->
                new Statement.DefineType(
                        string(), list(this::expression), list(this::argument), statements(), list(this::expression));
            case 5 -> new Statement.Return(optional());
            case 6 -> new Statement.Branch(expression(), statements(), statements());
            case 7 -> new Statement.Repeat(optional(), expression(), statements(), statements());
            case 8 -> new Statement.Attempt(statements(), list(this::statements), statements(), statements());
            case 9 -> new Statement.Using(expression(), optional(), statements());
            case 10 -> new Statement.Block(statements());
            case 11 ->
                new Statement.Import(
                        string(), number(), list(() -> new Imported(string(), string())), optionalString());
            case 12 -> new Statement.Outer(list(this::string));
            case 13 -> new Statement.Leave(of(WAYS));
            default -> throw new IOException("damaged: no such statement");
        };
        depth--;
        return statement;
    }

    private List<Statement> statements() throws IOException {
        return list(this::statement);
    }

    private void deeper() throws IOException {
        depth++;
        sound(depth <= DEEPEST, "nested too deeply");
    }

    private Function function() throws IOException {
        return new Function(
                string(),
                optionalString(),
                list(() -> new Parameter(string(), optional(), optional(), of(KINDS))),
                body(),
                list(this::expression),
                number(),
                number());
    }

    private Body body() throws IOException {
        return switch (next()) {
            case 0 -> Body.between(number(), number());
            case 1 -> Body.of(statements());
            default -> throw new IOException("damaged: no such body");
        };
    }

    private Argument argument() throws IOException {
        return new Argument(optionalString(), expression(), next());
    }

    private Entry entry() throws IOException {
        return new Entry(optional(), expression(), number(), number());
    }

    private Expression expression() throws IOException {
        Expression expression = optional();
        if (expression == null) {
            throw new IOException("damaged: no expression");
        }
        return expression;
    }

    private @Nullable Expression optional() throws IOException {
        deeper();
        Expression expression = switch (next()) {
            case 0 -> null;
            case 1 -> new Expression.Literal(null);
            case 2 -> new Expression.Literal(string());
            case 3 -> new Expression.Literal(longNumber());
            case 4 -> new Expression.Literal(Double.longBitsToDouble(longNumber()));
            case 5 -> new Expression.Literal(false);
            case 6 -> new Expression.Literal(true);
            case 7 -> new Expression.Name(string());
            case 8 -> new Expression.Member(expression(), string());
            case 9 -> new Expression.Index(expression(), expression());
            case 10 -> new Expression.Slice(optional(), optional());
            case 11 -> new Expression.Call(expression(), list(this::argument), next() == 1, number(), number());
            case 12 -> new Expression.Template(list(this::expression));
            case 13 -> new Expression.Operation(string(), operands());
            case 14 -> new Expression.Choice(expression(), expression(), expression());
            case 15 -> new Expression.Items(list(this::expression));
            case 16 -> new Expression.Entries(list(this::entry));
            case 17 -> new Expression.Closure(function());
            case 18 -> new Expression.Each(expression(), expression(), expression());
            case 19 -> new Expression.Spread(expression());
            case 20 -> new Expression.Assigned(expression(), expression());
            case 21 ->
                new Expression.Composite(expression(), new Expression.Entries(list(this::entry)), number(), number());
            case 22 -> new Expression.Opaque(list(this::expression));
            default -> throw new IOException("damaged: no such expression");
        };
        depth--;
        return expression;
    }

    private List<Expression> operands() throws IOException {
        List<Expression> operands = list(this::expression);
        sound(!operands.isEmpty(), "an operator without operands");
        return operands;
    }
}
