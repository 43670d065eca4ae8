package dev.panoptes.code.run;

import dev.panoptes.code.syntax.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Controllers of Spring and Micronaut: found below the package of the program, as component scanning does. */
final class JavaControllers {
    private static final Set<String> CONTROLLERS = Set.of("RestController", "Controller");
    private static final Set<String> GETS = Set.of("GetMapping", "RequestMapping", "Get");

    private JavaControllers() {}

    static void register(Module program, Interpreter run) {
        for (String path : run.modules().below(program.folder(), ".java")) {
            Module module = run.modules().module(path);
            if (module == null) {
                continue;
            }
            Scope scope = run.load(module);
            for (Value value : new ArrayList<>(scope.names().values())) {
                if (value instanceof Value.Type type
                        && type.definition() != null
                        && type.definition().decorators().stream().anyMatch(each -> CONTROLLERS.contains(name(each)))) {
                    controller(type, run);
                }
            }
        }
    }

    private static void controller(Value.Type type, Interpreter run) {
        String base = "";
        for (Expression decorator : type.definition() == null
                ? List.<Expression>of()
                : type.definition().decorators()) {
            if (name(decorator).equals("RequestMapping") || name(decorator).equals("Controller")) {
                base = path(decorator, type, run);
            }
        }
        Value.Instance instance = null;
        for (Value member : new ArrayList<>(type.scope().names().values())) {
            if (!(member instanceof Value.Routine routine)) {
                continue;
            }
            for (Expression decorator : routine.function().decorators()) {
                if (GETS.contains(name(decorator))) {
                    if (instance == null) {
                        instance = new Value.Instance(
                                type,
                                new Store(run.journal()),
                                new Site(type.scope().module(), 0, 0));
                        Value constructor = run.dialect().constructor(instance, run);
                        if (constructor != null) {
                            run.evaluator()
                                    .call(constructor, new Arguments(List.of(), Map.of(), true), instance.site());
                        }
                    }
                    String whole = ("/" + base + "/" + path(decorator, type, run)).replaceAll("/+", "/");
                    Site site = new Site(
                            type.scope().module(),
                            routine.function().start(),
                            routine.function().end());
                    run.recorder().route(new Recorder.Route(null, whole, routine.bound(instance), site));
                }
            }
        }
    }

    private static String name(Expression decorator) {
        return decorator instanceof Expression.Call call && call.function() instanceof Expression.Name name
                ? name.name()
                : "";
    }

    /** The path that a mapping gives; empty where it gives none. */
    private static String path(Expression decorator, Value.Type type, Interpreter run) {
        if (!(decorator instanceof Expression.Call call)) {
            return "";
        }
        for (Expression.Argument argument : call.arguments()) {
            String name = argument.name();
            if (name == null || name.equals("value") || name.equals("path")) {
                Interpreter.Frame frame = new Interpreter.Frame(type.scope(), new ArrayList<>(), null, type);
                return text(run.evaluator().value(argument.value(), frame));
            }
        }
        return "";
    }

    private static String text(@Nullable Value value) {
        Value first = value instanceof Value.Items items ? items.at(0) : value;
        String text = Values.text(first);
        return text == null ? "" : text;
    }
}
