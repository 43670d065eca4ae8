package dev.panoptes.code.syntax;

import dev.panoptes.code.syntax.Function.Kind;
import dev.panoptes.code.syntax.Function.Parameter;
import dev.panoptes.code.tree.SyntaxNode;
import java.util.ArrayList;
import java.util.List;

/** Python 3 (and 2 as far as it parses): the rules of {@code python.shapes}, and what they cannot say. */
public final class PythonReader {
    static final Shapes SHAPES = new Shapes()
            .with("keyed", g -> keyed(g.of(Parameter.class, "param", 0)))
            .with("single", g -> single(g.statements(0)))
            .with("dots", g -> g.text(0).replaceAll("\\s|[^.\\s].*", "").length())
            .with("spaced", g -> g.text(0).replaceAll("\\s+", " "))
            .with("slice", g -> slice(g.place()))
            .read("python.shapes");

    private PythonReader() {}

    /** What stands behind a star may only be passed by name. */
    private static List<Parameter> keyed(List<Parameter> parameters) {
        List<Parameter> keyed = new ArrayList<>();
        boolean named = false;
        for (Parameter each : parameters) {
            boolean behind = named && each.kind() == Kind.PLAIN;
            named |= each.name().equals("*") || each.kind() == Kind.REST;
            if (!each.name().equals("*")) {
                keyed.add(behind ? new Parameter(each.name(), each.standard(), each.type(), Kind.NAMED) : each);
            }
        }
        return keyed;
    }

    private static Object single(List<Statement> statements) {
        return statements.size() == 1 ? statements.getFirst() : new Statement.Block(statements);
    }

    private static Expression slice(Place place) {
        Expression from = null;
        Expression to = null;
        int colons = 0;
        for (SyntaxNode child : place.node().children()) {
            if (child.is(":")) {
                colons++;
            } else if (colons == 0) {
                from = place.expression(child);
            } else {
                to = place.expression(child);
            }
        }
        return colons == 1 ? new Expression.Slice(from, to) : Expression.UNREAD;
    }
}
