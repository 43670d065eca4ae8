package dev.panoptes.code.syntax;

import dev.panoptes.code.tree.SyntaxNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Shell scripts: the rules of {@code shell.shapes}, and what they cannot say. A command is a call of {@link #RUN} with its words;
 * what is assigned before it are named arguments. Conditions are not evaluated, commands inside words are not followed.
 */
public final class ShellReader {
    public static final String RUN = "#run";

    static final Shapes SHAPES = new Shapes()
            .with("defaults", g -> defaults(g.node(), g.place()))
            .with("rest", g -> g.node().named().stream().skip(1).toList())
            .with("expansion", g -> expansion(g.node(), g.place()))
            .read("shell.shapes");

    private ShellReader() {}

    /** {@code : "${PORT:=8020}"} gives the variable its default for good. */
    private static List<Statement> defaults(SyntaxNode node, Place place) {
        List<Statement> into = new ArrayList<>();
        for (SyntaxNode child : node.named()) {
            if (child.is("expansion")
                    && child.children().stream().anyMatch(part -> part.is(":=") || part.is("="))
                    && expansion(child, place) instanceof Expression.Operation assigned
                    && assigned.operands().getFirst() instanceof Expression.Name name) {
                into.add(new Statement.Assign(name, assigned, null, false));
            } else if (child.is("string") || child.is("concatenation")) {
                into.addAll(defaults(child, place));
            }
        }
        return into;
    }

    /** {@code ${NAME}}, {@code ${NAME:-default}}, {@code ${NAME:=default}}. */
    private static Expression expansion(SyntaxNode node, Place place) {
        Expression name = null;
        Expression standard = null;
        String operator = "";
        for (SyntaxNode child : node.children()) {
            switch (child.type()) {
                case "variable_name", "special_variable_name" ->
                    name = name == null ? place.expression(place.apply("variable", child)) : name;
                case ":-", "-", ":=", "=" -> operator = child.text();
                case "${", "}" -> {}
                default -> {
                    if (!operator.isEmpty() && standard == null) {
                        standard = place.expression(child);
                    } else {
                        operator = operator.isEmpty() ? "?" : operator;
                    }
                }
            }
        }
        if (name == null) {
            return Expression.UNREAD;
        }
        if (operator.isEmpty() || (standard == null && !operator.equals("?"))) {
            return name;
        }
        if (operator.equals("?")) {
            // ${NAME:?message} is the variable; ${NAME%x} and the like change it.
            boolean required = node.children().stream().anyMatch(child -> child.is(":?") || child.is("?"));
            return required ? name : new Expression.Opaque(List.of(name));
        }
        return new Expression.Operation("or", List.of(name, standard));
    }
}
