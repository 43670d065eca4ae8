package dev.panoptes.code.run;

import dev.panoptes.code.syntax.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Controllers of Spring and Micronaut: found below the package of the program, as component scanning does. */
final class JavaControllers {
    private static final Set<String> CONTROLLERS = Set.of("RestController", "Controller");
    private static final Set<String> BASES = Set.of("RequestMapping", "Controller");
    private static final Set<String> GETS = Set.of("GetMapping", "RequestMapping", "Get");

    private final Interpreter run;

    JavaControllers(Interpreter run) {
        this.run = run;
    }

    void register(Module program) {
        for (String path : run.modules.below(program.folder(), ".java")) {
            Module module = run.modules.module(path);
            Scope scope = module == null ? null : run.load(module);
            for (Value value : scope == null ? List.<Value>of() : List.copyOf(scope.names.values())) {
                if (value instanceof Value.Type type
                        && decorators(type).stream()
                                .anyMatch(each -> CONTROLLERS.contains(Expression.lastName(each)))) {
                    controller(type);
                }
            }
        }
    }

    private static List<Expression> decorators(Value.Type type) {
        return type.definition() == null ? List.of() : type.definition().decorators();
    }

    private void controller(Value.Type type) {
        String base = "";
        for (Expression decorator : decorators(type)) {
            base = BASES.contains(Expression.lastName(decorator)) ? path(decorator, type) : base;
        }
        Value.Instance instance = null;
        for (Value member : new ArrayList<>(type.scope().names.values())) {
            for (Expression decorator :
                    member instanceof Value.Routine routine ? routine.function().decorators() : List.<Expression>of()) {
                if (member instanceof Value.Routine routine && GETS.contains(Expression.lastName(decorator))) {
                    instance = instance == null ? made(type) : instance;
                    String whole = ("/" + base + "/" + path(decorator, type)).replaceAll("/+", "/");
                    int start = routine.function().start();
                    Site site = new Site(
                            type.scope().module, start, routine.function().end());
                    run.route(null, whole, routine.bound(instance), site);
                }
            }
        }
    }

    private Value.Instance made(Value.Type type) {
        Value.Instance instance = run.instance(type, Site.of(type.scope().module));
        Value constructor = run.dialect.constructor(instance);
        if (constructor != null) {
            run.evaluator.call(constructor, Arguments.OPEN, instance.site());
        }
        return instance;
    }

    /** The path that a mapping gives; empty where it gives none. */
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
        String text = Values.text(value instanceof Value.Items items ? items.at(0) : value);
        return text == null ? "" : text;
    }
}
