package dev.panoptes.code.syntax;

import dev.panoptes.code.tree.SyntaxNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Shell scripts: the rules of {@code shell.shapes}, and what they cannot say. A command is a call of {@link #RUN} with its words;
 * what is assigned before it are named arguments. Of conditions only those are evaluated that compare one word with another, commands
 * inside words are not followed.
 */
public final class ShellReader {
    public static final String RUN = "#run";

    static final Shapes SHAPES = new Shapes()
            .with("defaults", g -> defaults(g.node(), g.place()))
            .with("rest", g -> g.node().named().stream().skip(1).toList())
            .with("matches", g -> matches(g.node(), g.place()))
            .with("compares", g -> compares(g.node(), g.place()))
            .with("expansion", g -> expansion(g.node(), g.place()))
            .read("shell.shapes");

    /** A word without expansions and wildcards. */
    private static final Pattern PLAIN = Pattern.compile("[\\w./:@%+,=-]+|\"[\\w ./:@%+,=-]+\"|'[\\w ./:@%+,=-]+'");

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

    /** Whether the word of a {@code case} is one of an item's patterns; patterns with wildcards are not evaluated, but for a lone star. */
    private static Expression matches(SyntaxNode item, Place place) {
        SyntaxNode cases = place.outer() == null ? null : place.outer().node();
        SyntaxNode word = cases == null ? null : cases.child("value");
        Expression any = null;
        for (SyntaxNode pattern : item.children()) {
            if (!"value".equals(pattern.field())) {
                continue;
            }
            if (pattern.text().equals("*")) {
                return new Expression.Literal(true);
            }
            if (word == null || !PLAIN.matcher(pattern.text()).matches()) {
                return Expression.UNREAD;
            }
            Expression one = new Expression.Operation(
                    "==",
                    List.of(
                            word(word, place),
                            new Expression.Literal(pattern.text().replaceAll("[\"']", ""))));
            any = any == null ? one : new Expression.Operation("or", List.of(any, one));
        }
        return any == null ? Expression.UNREAD : any;
    }

    /** A variable in quotes is the variable, which may not be set. */
    private static Expression word(SyntaxNode node, Place place) {
        List<SyntaxNode> parts = node.is("string") ? node.named() : List.of();
        return place.expression(parts.size() == 1 && !parts.getFirst().is("string_content") ? parts.getFirst() : node);
    }

    /** {@code [ "$1" = web ]}, {@code [[ $1 == web ]]} and their negation. */
    private static Expression compares(SyntaxNode node, Place place) {
        List<SyntaxNode> named = node.named();
        SyntaxNode test = node.child("condition");
        test = test == null && !named.isEmpty() ? named.getFirst() : test;
        if (test == null || !test.is("test_command") || test.named().size() != 1) {
            return Expression.UNREAD;
        }
        SyntaxNode binary = test.named().getFirst();
        SyntaxNode operator = binary.child("operator");
        SyntaxNode left = binary.child("left");
        SyntaxNode right = binary.child("right");
        if (!binary.is("binary_expression")
                || operator == null
                || left == null
                || right == null
                || !PLAIN.matcher(right.text()).matches()) {
            return Expression.UNREAD;
        }
        String compared = operator.text();
        return compared.equals("=") || compared.equals("==") || compared.equals("!=")
                ? new Expression.Operation(
                        compared.equals("=") ? "==" : compared,
                        List.of(
                                word(left, place),
                                new Expression.Literal(right.text().replaceAll("[\"']", ""))))
                : Expression.UNREAD;
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
