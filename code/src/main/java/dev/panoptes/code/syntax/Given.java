package dev.panoptes.code.syntax;

import dev.panoptes.code.syntax.Expression.Argument;
import dev.panoptes.code.tree.SyntaxNode;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a rule hands over to be made into something: its terms, in the place where it is applied. */
record Given(List<Shapes.Term> terms, Place place) {
    @Nullable
    Object value(int index) {
        return terms.get(index).in(place);
    }

    SyntaxNode node() {
        return place.node();
    }

    int start() {
        return place.node().start();
    }

    int end() {
        return place.node().end();
    }

    String text(int index) {
        return Shapes.text(value(index));
    }

    @Nullable
    String optionalText(int index) {
        Object value = value(index);
        return Shapes.list(value).isEmpty() ? null : Shapes.text(value);
    }

    int number(int index) {
        return (Integer) Objects.requireNonNull(value(index));
    }

    boolean flag(int index) {
        return Boolean.TRUE.equals(value(index));
    }

    Expression expression(int index) {
        return place.expression(value(index));
    }

    @Nullable
    Expression optional(int index) {
        Object value = value(index);
        boolean none = value == null || (value instanceof List<?> list && list.isEmpty());
        return none ? null : place.expression(value);
    }

    List<Expression> expressions(int index) {
        return place.expressions(value(index));
    }

    List<Statement> statements(int index) {
        return place.statements(value(index));
    }

    List<Argument> arguments(int index) {
        return of(Argument.class, "arg", index);
    }

    <T> List<T> of(Class<T> type, String mode, int index) {
        return place.of(type, mode, value(index));
    }

    List<List<Statement>> handlers(int index) {
        return Shapes.list(value(index)).stream()
                .map(handler -> place.statements(place.apply("handler", (SyntaxNode) handler)))
                .toList();
    }

    Function function() {
        List<Function.Parameter> parameters = of(Function.Parameter.class, "param", 2);
        // What was left out of the tree is parsed when it is asked for.
        Body body = place.node().tree().left(start()) ? Body.between(start(), end()) : Body.of(statements(3));
        return new Function(text(0), optionalText(1), parameters, body, expressions(4), start(), end());
    }
}
