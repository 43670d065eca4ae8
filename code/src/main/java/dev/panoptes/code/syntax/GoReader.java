package dev.panoptes.code.syntax;

import dev.panoptes.code.syntax.Expression.Entry;
import dev.panoptes.code.tree.SyntaxNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Go: the rules of {@code go.shapes}, and what they cannot say. Pointers are left out: {@code &x} and {@code *x} are {@code x}. A
 * call that fills a variable by its address ({@code flag.IntVar(&port, "port", 8080, "")}) becomes an assignment. The tag of
 * a struct's field is kept as a member called {@link #TAG} and the field's name. The package clause is an import called
 * {@link #PACKAGE}.
 */
public final class GoReader {
    public static final String TAG = "#tag:";
    public static final String PACKAGE = "#package";

    static final Shapes SHAPES = new Shapes()
            .with("constants", g -> constants(g.place()))
            .with("numbered", GoReader::numbered)
            .with("unnamed", GoReader::unnamed)
            .read("go.shapes");

    private GoReader() {}

    /** A constant without a value repeats those of the one before, with its own iota. */
    private static List<Statement> constants(Place place) {
        List<Statement> constants = new ArrayList<>();
        List<Object> repeated = List.of();
        long number = 0;
        for (SyntaxNode spec : place.node().named()) {
            SyntaxNode value = spec.child("value");
            repeated = value == null ? repeated : place.each("list", value);
            List<Expression> values = new ArrayList<>();
            for (Expression each : place.expressions(repeated)) {
                values.add(counted(each, number));
            }
            constants.addAll(Shapes.pairs(place.of(Expression.class, "names", spec), values, true));
            number++;
        }
        return constants;
    }

    /** A constant's value with {@code iota} put in. */
    private static Expression counted(Expression value, long number) {
        return switch (value) {
            case Expression.Name name when name.name().equals("iota") -> new Expression.Literal(number);
            case Expression.Operation operation ->
                new Expression.Operation(
                        operation.operator(),
                        operation.operands().stream()
                                .map(operand -> counted(operand, number))
                                .toList());
            default -> value;
        };
    }

    /** The entries of a struct; what stands there without a key is known by its number. */
    private static List<Entry> numbered(Given given) {
        List<Entry> entries = given.of(Entry.class, "keyed", 0);
        List<Expression> items = given.of(Expression.class, "item", 0);
        for (int i = 0; i < items.size(); i++) {
            entries.add(new Entry(new Expression.Literal((long) i), items.get(i), given.start(), given.end()));
        }
        return entries;
    }

    /**
     * A value of a struct without a name, as a dictionary: by the names of its fields, and by those that their tags give. First
     * come the entries, then both names of each field.
     */
    private static List<Entry> unnamed(Given given) {
        Map<Expression, Expression> values = new HashMap<>();
        numbered(given).forEach(entry -> values.put(entry.key(), entry.value()));
        List<Entry> entries = new ArrayList<>();
        List<Expression> names = given.expressions(1);
        for (int i = 0; i < names.size(); i++) {
            Expression value =
                    values.getOrDefault(names.get(i - i % 2), values.get(new Expression.Literal((long) i / 2)));
            if (value != null) {
                entries.add(new Entry(names.get(i), value, given.start(), given.end()));
            }
        }
        return entries;
    }
}
