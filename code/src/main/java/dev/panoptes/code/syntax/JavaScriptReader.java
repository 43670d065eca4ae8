package dev.panoptes.code.syntax;

import dev.panoptes.code.syntax.Expression.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * JavaScript and TypeScript: the rules of {@code javascript.shapes}, and what they cannot say. Types are left out. Functions are
 * moved to the front of their block, as they are hoisted. What a module exports is assigned to members of {@code exports}. A
 * field of a class is assigned in a method called {@link Function#FIELDS}.
 */
public final class JavaScriptReader {
    private static final Expression EXPORTS = new Expression.Name("exports");
    static final Shapes SHAPES = new Shapes()
            .with("hoisted", g -> hoisted(g.statements(0)))
            .with("decorated", g -> decorated(Shapes.list(g.value(0))))
            .with("enumeration", g -> enumeration(g.of(Entry.class, "constant", 0)))
            .with("exported", g -> exported(g.statements(0), g.optionalText(1)))
            .read("javascript.shapes");

    private JavaScriptReader() {}

    private static List<Statement> hoisted(List<Statement> statements) {
        return Stream.of(true, false)
                .flatMap(first -> statements.stream().filter(each -> each instanceof Statement.Define == first))
                .toList();
    }

    /** Members of a class: a decorator stands before what it decorates. */
    private static List<Statement> decorated(List<Object> members) {
        List<Statement> decorated = new ArrayList<>();
        List<Expression> decorators = new ArrayList<>();
        for (Object each : members) {
            if (each instanceof Expression decorator) {
                decorators.add(decorator);
                continue;
            }
            decorated.add(
                    each instanceof Statement.Define(Function method)
                            ? new Statement.Define(method.decorated(decorators))
                            : (Statement) each);
            decorators.clear();
        }
        return decorated;
    }

    /** A constant without a value is one more than the one before. */
    private static List<Entry> enumeration(List<Entry> constants) {
        List<Entry> entries = new ArrayList<>();
        long next = 0;
        for (Entry each : constants) {
            boolean counted = each.value().equals(new Expression.Literal(null));
            Expression value = counted ? new Expression.Literal(next) : each.value();
            next = value instanceof Expression.Literal(Object given) && given instanceof Long number
                    ? number + 1
                    : next;
            entries.add(new Entry(each.key(), value, each.start(), each.end()));
        }
        return entries;
    }

    /** @param whole the name under which it is exported; null for its own */
    private static List<Statement> exported(List<Statement> declarations, @Nullable String whole) {
        List<Statement> exported = new ArrayList<>();
        for (Statement each : declarations) {
            exported.add(each);
            for (String name : names(each)) {
                Expression target = new Expression.Member(EXPORTS, whole == null ? name : whole);
                exported.add(new Statement.Assign(target, new Expression.Name(name), null, false));
            }
        }
        return exported;
    }

    private static List<String> names(Statement declaration) {
        return switch (declaration) {
            case Statement.Define define -> List.of(define.function().name());
            case Statement.DefineType type -> List.of(type.name());
            case Statement.Assign assign -> names(assign.target()).toList();
            default -> List.of();
        };
    }

    private static Stream<String> names(Expression target) {
        return switch (target) {
            case Expression.Name name -> Stream.of(name.name());
            case Expression.Entries entries -> entries.entries().stream().flatMap(entry -> names(entry.value()));
            case Expression.Items items -> items.items().stream().flatMap(JavaScriptReader::names);
            case Expression.Assigned assigned -> names(assigned.target());
            default -> Stream.of();
        };
    }
}
