package dev.panoptes.code.run;

import dev.panoptes.code.syntax.Expression;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Classes whose methods answer requests, as their decorators say: of Spring, Micronaut and NestJS. The table names the decorators:
 * {@code controllers:}, {@code bases:} with the path of the class, {@code gets:} with that of a method.
 */
final class Controllers {
    private final Interpreter run;

    Controllers(Interpreter run) {
        this.run = run;
    }

    /** Those below the package of a program, as component scanning finds them. */
    void below(Module program) {
        for (String path : run.modules.below(program.folder(), ".java")) {
            Module module = run.modules.module(path);
            for (Value value :
                    module == null ? List.<Value>of() : run.load(module).names.all()) {
                if (value instanceof Value.Type type) {
                    controller(type);
                }
            }
        }
    }

    void controller(Value.Type type) {
        List<Expression> decorators =
                type.definition() == null ? List.of() : type.definition().decorators();
        if (named("controllers", decorators).isEmpty()) {
            return;
        }
        String base = named("bases", decorators).stream()
                .map(each -> path(each, type))
                .reduce("", (first, last) -> last);
        Value.Instance instance = null;
        for (Value member : type.scope().names.all()) {
            List<Expression> gets = member instanceof Value.Routine routine
                    ? named("gets", routine.function().decorators())
                    : List.of();
            for (Expression decorator : gets) {
                Value.Routine routine = (Value.Routine) member;
                instance = instance == null ? made(type) : instance;
                String whole = ("/" + base + "/" + path(decorator, type)).replaceAll("/+", "/");
                Site site = new Site(
                        type.scope().module,
                        routine.function().start(),
                        routine.function().end());
                run.route(null, whole, routine.bound(instance), site);
            }
        }
    }

    private List<Expression> named(String words, List<Expression> decorators) {
        Set<String> names = run.libraries.table.words(words);
        return decorators.stream()
                .filter(each -> names.contains(Expression.lastName(each)))
                .toList();
    }

    private Value.Instance made(Value.Type type) {
        Value.Instance instance = run.instance(type, Site.of(type.scope().module));
        Value constructor = run.dialect.constructor(instance);
        if (constructor != null) {
            run.evaluator.call(constructor, Arguments.OPEN, instance.site());
        }
        return instance;
    }

    /** The path that a decorator gives; empty where it gives none. */
    private String path(Expression decorator, Value.Type type) {
        for (Expression.Argument argument :
                decorator instanceof Expression.Call call ? call.arguments() : List.<Expression.Argument>of()) {
            String name = argument.name();
            if (name == null || name.equals("value") || name.equals("path")) {
                return text(run.evaluator.value(argument.value(), Interpreter.Frame.of(type)));
            }
        }
        return "";
    }

    private static String text(@Nullable Value value) {
        return switch (value) {
            case Value.Items items -> text(items.at(0));
            case Value.Entries how -> text(how.cells().get("path"));
            case Value.Scalar scalar when scalar.text() != null -> scalar.text();
            case null, default -> "";
        };
    }
}
