package dev.panoptes.code.syntax;

import dev.panoptes.code.Language;
import dev.panoptes.code.syntax.Expression.Argument;
import dev.panoptes.code.syntax.Function.Kind;
import dev.panoptes.code.syntax.Function.Parameter;
import dev.panoptes.code.tree.SyntaxNode;
import dev.panoptes.code.tree.SyntaxTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Python 3 (and 2 as far as it parses): the rules of {@code python.shapes}, and what they cannot say. */
public final class PythonReader {
    private static final Shapes SHAPES = new Shapes()
            .with("unnamed", g -> arguments(g.value(0), false))
            .with("named", g -> arguments(g.value(0), true))
            .with("keyed", g -> keyed(Shapes.list(g.value(0))))
            .with("single", g -> single(g.statements(0)))
            .with("dots", g -> dots(g.text(0)))
            .with("spaced", g -> g.text(0).replaceAll("\\s+", " "))
            .with("string", g -> string(g.place()))
            .with("slice", g -> slice(g.place()))
            .read("python.shapes");

    private PythonReader() {}

    public static SourceText read(SyntaxTree tree) {
        return SHAPES.text(Language.PYTHON, tree);
    }

    /** The bases of a class have no name, its keyword arguments have one. */
    private static List<Object> arguments(@Nullable Object given, boolean named) {
        List<Object> arguments = new ArrayList<>();
        for (Object each : Shapes.list(given)) {
            if (each instanceof Argument argument && (argument.name() != null) == named) {
                arguments.add(named ? argument : argument.value());
            }
        }
        return arguments;
    }

    /** What stands behind a star may only be passed by name. */
    private static List<Object> keyed(List<Object> parameters) {
        List<Object> keyed = new ArrayList<>();
        boolean named = false;
        for (Object each : parameters) {
            Parameter parameter = (Parameter) each;
            if (parameter.name().equals("*")) {
                named = true;
                continue;
            }
            boolean behind = named && parameter.kind() == Kind.PLAIN;
            keyed.add(
                    behind
                            ? new Parameter(parameter.name(), parameter.standard(), parameter.type(), Kind.NAMED)
                            : parameter);
            named |= parameter.kind() == Kind.REST;
        }
        return keyed;
    }

    private static Object single(List<Statement> statements) {
        return statements.size() == 1 ? statements.getFirst() : new Statement.Block(statements);
    }

    private static Object dots(String module) {
        int level = 0;
        for (char c : module.replaceAll("\\s", "").toCharArray()) {
            if (c != '.') {
                break;
            }
            level++;
        }
        return level;
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

    /** An f-string is a template; what is formatted in it is not known. */
    private static Expression string(Place place) {
        List<Expression> parts = new ArrayList<>();
        boolean raw = false;
        if (place.node().end() - place.node().start() > Literals.LONGEST) {
            return Expression.UNREAD;
        }
        for (SyntaxNode child : place.node().named()) {
            switch (child.type()) {
                case "string_start" ->
                    raw = child.text().toLowerCase(Locale.ROOT).indexOf('r') >= 0;
                case "string_content" ->
                    parts.add(new Expression.Literal(raw ? child.text() : Literals.unescape(child.text())));
                case "interpolation" -> {
                    boolean formatted = child.child("format_specifier") != null;
                    parts.add(formatted ? Expression.UNREAD : place.expression(child.child("expression")));
                }
                default -> {}
            }
        }
        if (parts.isEmpty()) {
            return new Expression.Literal("");
        }
        return parts.size() == 1 && parts.getFirst() instanceof Expression.Literal
                ? parts.getFirst()
                : new Expression.Template(parts);
    }
}
