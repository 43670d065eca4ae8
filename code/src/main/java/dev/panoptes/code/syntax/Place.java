package dev.panoptes.code.syntax;

import dev.panoptes.code.tree.SyntaxNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A node in its place, and what the rules make of it and of those below it.
 *
 * @param outer the place whose rule led here; null for the file
 * @param inner what a fold has made of the nodes after it; null elsewhere
 */
record Place(
        SyntaxNode node, @Nullable Place outer, @Nullable Object inner, Shapes shapes) {
    /** What the rules of a mode make of a node below. */
    @Nullable
    Object apply(String mode, SyntaxNode below) {
        return shapes.apply(mode, new Place(below, this, null, shapes));
    }

    /** The same mode for each of some nodes. */
    List<Object> each(String mode, @Nullable Object nodes) {
        List<Object> given = new ArrayList<>();
        for (Object node : Shapes.list(nodes)) {
            Shapes.flatten(node instanceof SyntaxNode one ? apply(mode, one) : node, given);
        }
        return given;
    }

    <T> List<T> of(Class<T> type, String mode, @Nullable Object nodes) {
        List<T> all = new ArrayList<>();
        for (Object one : each(mode, nodes)) {
            all.add(type.cast(one));
        }
        return all;
    }

    Expression expression(@Nullable Object value) {
        return switch (value) {
            case Expression known -> known;
            case SyntaxNode below -> expression(apply("expr", below));
            case List<?> list when !list.isEmpty() -> expression(list.getFirst());
            case null, default -> Expression.UNREAD;
        };
    }

    List<Expression> expressions(@Nullable Object value) {
        List<Expression> expressions = new ArrayList<>();
        for (Object each : Shapes.list(value)) {
            expressions.add(expression(each));
        }
        return expressions;
    }

    /** A node of its own is a block; those of a list are statements. */
    List<Statement> statements(@Nullable Object value) {
        List<Statement> statements = new ArrayList<>();
        Object whole = value instanceof SyntaxNode block ? apply("block", block) : value;
        for (Object each : Shapes.list(whole)) {
            switch (each) {
                case Statement statement -> statements.add(statement);
                case SyntaxNode below -> statements.addAll(statements(apply("stmt", below)));
                default -> throw new IllegalStateException("no statement: " + each);
            }
        }
        return statements;
    }

    /** From the last node to the first, each with what became of those after it. */
    Object fold(String mode, @Nullable Object nodes, @Nullable Object seed) {
        Object made = statements(seed);
        for (Object each : Shapes.list(nodes).reversed()) {
            Place place = new Place((SyntaxNode) each, this, made, shapes);
            made = Objects.requireNonNull(shapes.apply(mode, place));
        }
        return made;
    }
}
