package dev.panoptes.code.run;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What Java's servers do that no table can say: settings from files, and objects that are asked for what they were told. */
final class JavaServers {
    private JavaServers() {}

    static @Nullable Value special(String what, LibraryCalls.Call call, Interpreter run) {
        Arguments given = call.given();
        Value first = given.first();
        switch (what) {
            case "spring" -> spring(given, "server.port", "SERVER_PORT", call.site(), run);
            case "micronaut" -> spring(given, "micronaut.server.port", "MICRONAUT_SERVER_PORT", call.site(), run);
            case "quarkus" -> spring(given, "quarkus.http.port", "QUARKUS_HTTP_PORT", call.site(), run);
            case "defaults" -> {
                if (first instanceof Value.Entries entries) {
                    entries.cells().cells().forEach((key, value) -> keep(String.valueOf(key), value, run));
                }
            }
            case "properties" -> {
                String text = Values.text(first);
                if (text != null && text.contains("=")) {
                    keep(
                            text.substring(0, text.indexOf('=')),
                            Values.constant(text.substring(text.indexOf('=') + 1)),
                            run);
                }
                return call.receiver();
            }
            case "property" -> {
                return property(first, call.site(), run);
            }
            case "getenv" -> {
                return first == null
                        ? run.made("System.getenv()", null, given, call.site())
                        : run.variables().read(first, null);
            }
            case "spark-port" -> {
                keep("spark", Values.constant(true), run);
                run.bind(first == null ? Values.unknown("no port is given") : first, null, call.site());
                return Value.NOTHING;
            }
            case "spark-route" -> {
                String route = Values.text(first);
                if (route != null && route.startsWith("/")) {
                    if (run.libraries().kept().get("spark") == null) {
                        keep("spark", Values.constant(true), run);
                        run.bind(Values.constant(4567L), null, call.site());
                    }
                    run.recorder()
                            .route(new Recorder.Route(
                                    null, route, given.positional().getLast(), call.site()));
                    return Value.NOTHING;
                }
            }
            case "pair" -> {
                boolean both = given.positional().size() > 1;
                Addresses.bind(
                        both
                                ? run.items(given.positional())
                                : first == null ? Values.unknown("no port is given") : first,
                        call.site(),
                        run);
            }
            case "vertx" -> vertx(call.receiver(), given, call.site(), run);
            case "path" -> {
                return path(call.receiver());
            }
            case "method" -> {
                return Values.constant("GET");
            }
            case "response" -> {
                return first instanceof Value.Scalar || first == null ? null : first;
            }
            default -> throw new IllegalStateException("special=" + what + " is not known");
        }
        return null;
    }

    private static void keep(String name, Value value, Interpreter run) {
        run.libraries().kept().put(name.toLowerCase(Locale.ROOT), value);
    }

    /** The path of the request that is asked for, as the handler was told. */
    private static @Nullable Value path(@Nullable Value receiver) {
        Value at = receiver;
        while (at instanceof Value.Made made) {
            Value known = made.arguments().named().get("#path");
            if (known != null) {
                return known;
            }
            at = made.receiver();
        }
        return null;
    }

    private static void vertx(@Nullable Value receiver, Arguments given, Site site, Interpreter run) {
        Value first = given.first();
        if (first != null && !(first instanceof Value.Routine)) {
            run.bind(first, given.find(1, ""), site);
            return;
        }
        Value options = receiver instanceof Value.Made made ? made.arguments().first() : null;
        if (options instanceof Value.Made how && how.path().endsWith(".setPort()")) {
            Value port = how.arguments().first();
            run.bind(port == null ? Values.unknown("no port is given") : port, null, site);
        }
    }

    private static void spring(Arguments given, String key, String variable, Site site, Interpreter run) {
        JavaProperties declared = JavaProperties.near(site.module(), run);
        JavaControllers.register(site.module(), run);
        if (!declared.servesWeb()) {
            return;
        }
        Value passed = Options.passed(run.arguments(), key);
        Value decided = passed == null ? run.given(variable) : passed;
        if (decided != null) {
            run.bind(decided, null, site);
            return;
        }
        if (declared.open()) {
            run.bind(Values.unknown("a configuration server or settings that are not read may decide"), null, site);
            return;
        }
        Value set = run.libraries().kept().get(key);
        String text = declared.get(key);
        if (set != null && text == null) {
            run.bind(
                    new Value.Scalar(set instanceof Value.Scalar scalar ? scalar.value() : null, variable, true),
                    null,
                    site);
            return;
        }
        Value port = text == null
                ? new Value.Scalar(8080L, variable, true)
                : JavaProperties.placeholder(text, variable, run);
        run.bind(port, null, site);
        given.positional().stream()
                .filter(Value.Routine.class::isInstance)
                .forEach(each -> run.callBack(each, Arguments.NONE, site));
    }

    /** {@code @Value("${spring.application.name:x}")}. */
    private static Value property(@Nullable Value expression, Site site, Interpreter run) {
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
