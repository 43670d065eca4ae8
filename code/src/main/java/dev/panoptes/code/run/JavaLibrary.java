package dev.panoptes.code.run;

import dev.panoptes.code.library.Row;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Java's own library, as far as ports, names and texts pass through it, and what its servers do that no table can say: settings
 * from files, and objects that are asked for what they were told.
 */
final class JavaLibrary extends Library {
    private static final Set<String> OPTIONAL = Set.of("Optional.of()", "Optional.ofNullable()");

    JavaLibrary(Interpreter run) {
        super(run);
    }

    @Override
    protected @Nullable Value member(Value object, String name) {
        return switch (object) {
            case Value.Items items when name.equals("length") -> length(items);
            // An anonymous class.
            case Value.Entries entries -> entries.cells().get(name) instanceof Value.Routine routine ? routine : null;
            case Value.Instance instance when name.equals("this") -> instance;
            case Value.Instance instance ->
                instance.type().scope().names.get(name) == null
                        ? instance.fields().get(name)
                        : null;
            default -> null;
        };
    }

    @Override
    protected @Nullable Value call(Call call) {
        return call.receiver() instanceof Value.Made made && OPTIONAL.contains(made.path())
                ? optional(made, call)
                : super.call(call);
    }

    private static Value orElse(@Nullable Value value, @Nullable Value other) {
        if (value == null || other == null) {
            return Values.decided();
        }
        return value instanceof Value.Scalar scalar && scalar.value() != null ? value : Values.join(value, other);
    }

    /** {@code Optional.ofNullable(x).map(f).filter(g).orElse(y)}. */
    private @Nullable Value optional(Value.Made made, Call call) {
        Value content = made.arguments().first();
        Value first = call.first();
        if (content == null) {
            return null;
        }
        return switch (call.method()) {
            case "map" -> {
                Value mapped = first == null ? content : run.evaluator.call(first, Arguments.of(content), call.site());
                Value kept = mapped instanceof Value.Made ? content : mapped;
                yield run.made("Optional.ofNullable()", null, Arguments.of(kept), call.site());
            }
            case "filter", "or" -> made;
            case "orElse" -> orElse(content, first);
            case "orElseGet" ->
                orElse(content, first == null ? null : run.evaluator.call(first, Arguments.NONE, call.site()));
            case "get", "orElseThrow" -> content;
            default -> null;
        };
    }

    @Override
    protected @Nullable Value operate(String operator, Value left, Value right) {
        return concatenated(operator, left, right);
    }

    @Override
    protected @Nullable Value special(String what, Call call) {
        Value first = call.first();
        return switch (what) {
            case "settings" -> settings(call);
            case "property" -> property(first, call.site());
            case "spark-port" -> {
                run.libraries.keep("spark", Values.constant(true));
                run.bind(first == null ? Values.unknown("no port is given") : first, null, call.site());
                yield Value.NOTHING;
            }
            case "spark-route" -> {
                String route = call.text(0);
                if (route == null || !route.startsWith("/")) {
                    yield null;
                }
                if (run.libraries.kept("spark") == null) {
                    run.libraries.keep("spark", Values.constant(true));
                    run.bind(Values.constant(4567L), null, call.site());
                }
                run.route(null, route, call.given().positional().getLast(), call.site());
                yield Value.NOTHING;
            }
            case "deploy" -> {
                Value verticle =
                        first instanceof Value.Type ? run.evaluator.call(first, Arguments.NONE, call.site()) : first;
                Value start = verticle == null ? null : run.members.memberOrNull(verticle, "start");
                if (start instanceof Value.Routine || start instanceof Value.Several) {
                    run.calls.callBack(start, Arguments.OPEN, call.site());
                }
                yield null;
            }
            case "path" -> path(call.receiver());
            case "response" -> first instanceof Value.Scalar ? null : first;
            default -> super.special(what, call);
        };
    }

    /** The path of the request that is asked for, as the handler was told. */
    private static @Nullable Value path(@Nullable Value receiver) {
        Value at = receiver;
        while (at instanceof Value.Made made) {
            Value known = made.fields().get("#path");
            if (known != null) {
                return known;
            }
            at = made.receiver();
        }
        return null;
    }

    /** The port that the settings of a framework say, under the key that the row names or the variable of that name. */
    private @Nullable Value settings(Call call) {
        Row.Act named = call.row().act("key");
        String key = named == null ? "" : named.text();
        String variable = key.toUpperCase(Locale.ROOT).replace('.', '_');
        Module module = call.site().module();
        JavaProperties declared = JavaProperties.near(module, run);
        new Controllers(run).below(module);
        if (!declared.servesWeb()) {
            return null;
        }
        run.bind(port(declared, key, variable), null, call.site());
        // The actuator may have a port of its own (Spring Boot reference, "Monitoring and Management Over HTTP").
        String own = "management." + key;
        if (declared.get(own) != null || run.given("MANAGEMENT_" + variable) != null) {
            run.bind(port(declared, own, "MANAGEMENT_" + variable), null, call.site());
        }
        call.given().positional().stream()
                .filter(Value.Routine.class::isInstance)
                .forEach(each -> run.calls.callBack(each, Arguments.NONE, call.site()));
        return null;
    }

    /** In the order in which Spring Boot asks: the command line, the environment, files, what the program itself sets. */
    private Value port(JavaProperties declared, String key, String variable) {
        Value passed = Options.passed(run.start.arguments(), key);
        Value decided = passed == null ? run.given(variable) : passed;
        if (decided != null) {
            return decided;
        }
        if (declared.open()) {
            return Values.unknown("a configuration server or settings that are not read may decide");
        }
        String text = declared.get(key);
        Value set = run.libraries.kept(key);
        if (text != null) {
            return JavaProperties.placeholder(text, variable, run);
        }
        return new Value.Scalar(
                set == null ? (Object) 8080L : set instanceof Value.Scalar scalar ? scalar.value() : null,
                variable,
                true);
    }

    /** {@code @Value("${spring.application.name:x}")}. */
    private Value property(@Nullable Value expression, Site site) {
        String text = Values.text(expression);
        if (text == null || !text.startsWith("${") || !text.endsWith("}")) {
            return expression == null ? Value.NOTHING : expression;
        }
        String inner = text.substring(2, text.length() - 1);
        int colon = inner.indexOf(':');
        String name = colon < 0 ? inner : inner.substring(0, colon);
        String declared = JavaProperties.near(site.module(), run).get(name);
        if (declared != null) {
            return JavaProperties.placeholder(declared, null, run);
        }
        return colon < 0
                ? Values.unknown("the property " + name + " decides")
                : new Value.Scalar(inner.substring(colon + 1), null, true);
    }
}
