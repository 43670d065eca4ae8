package dev.panoptes.code.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What JavaScript's frameworks do that no table can say: routes as objects, routers, plugins, NestJS. */
final class JavaScriptServers {

    private final Interpreter run;

    JavaScriptServers(Interpreter run) {
        this.run = run;
    }

    @Nullable
    Value special(String what, Call call) {
        Value first = call.first();
        Value receiver = call.receiver();
        return switch (what) {
            case "chained" -> chained(call);
            case "route" -> first instanceof Value.Entries how && receiver != null ? route(how, call) : use(call);
            case "use" -> use(call);
            case "register" -> first != null && receiver != null ? plugin(first, receiver, call) : null;
            case "routes" -> {
                if (first instanceof Value.Entries how && how.cells().get("routes") instanceof Value.Entries routes) {
                    routes.cells().cells().forEach((path, handler) -> {
                        Value get = handler instanceof Value.Entries methods
                                ? methods.cells().get("GET")
                                : handler;
                        if (get != null) {
                            run.route(null, String.valueOf(path), get, call.site());
                        }
                    });
                }
                yield null;
            }
            case "nest-config" -> {
                if (first instanceof Value.Entries how && how.cells().get("load") instanceof Value.Items factories) {
                    for (Value factory : factories.values()) {
                        keep("", run.evaluator.call(factory, Arguments.NONE, call.site()), 0);
                    }
                }
                yield null;
            }
            case "nest-get" -> {
                Value kept = run.libraries.kept(call.text(0));
                yield kept == null ? run.variables.read(first, call.at(1)) : kept;
            }
            case "options" -> options(call);
            case "schema" -> schema(call);
            default -> throw new IllegalStateException("special=" + what + " is not known");
        };
    }

    /** {@code parseArgs} of node:util: what is passed, else the defaults of the options. */
    private Value options(Call call) {
        Map<String, Value> values = new LinkedHashMap<>();
        if (call.first() instanceof Value.Entries how && how.cells().get("options") instanceof Value.Entries options) {
            options.cells().cells().forEach((key, option) -> {
                Store of = option instanceof Value.Entries entries ? entries.cells() : options.cells();
                String name = String.valueOf(key);
                Value passed = Options.passed(run.start.arguments(), name, Values.text(of.get("short")));
                Value standard = of.get("default") instanceof Value known ? known : Value.NOTHING;
                values.put(name, passed == null ? Values.softened(standard) : passed);
            });
        }
        return run.entries(Map.of("values", run.entries(values), "positionals", Values.unknown("what else is passed")));
    }

    /** What envalid and zod make of {@code process.env}: each variable, else the default that its part of the schema has. */
    private @Nullable Value schema(Call call) {
        Value at = call.receiver();
        while (at instanceof Value.Made made && !made.path().endsWith("object()")) {
            at = made.receiver();
        }
        Value schema = at instanceof Value.Made object ? object.arguments().first() : call.at(1);
        if (!(call.first() instanceof Value.Foreign environment)
                || !environment.path().endsWith(".env")
                || !(schema instanceof Value.Entries parts)) {
            return null;
        }
        Map<String, Value> values = new LinkedHashMap<>();
        parts.cells()
                .cells()
                .forEach((key, part) -> values.put(
                        String.valueOf(key), run.variables.read(Values.constant(String.valueOf(key)), standard(part))));
        Value.Entries read = run.entries(values);
        return call.method().equals("safeParse")
                ? run.entries(Map.of("success", Values.constant(true), "data", read))
                : read;
    }

    /** {@code port({default: 3001})}, {@code z.coerce.number().default(3001)}; null where it has none. */
    private static @Nullable Value standard(Value part) {
        Value at = part;
        while (at instanceof Value.Made made) {
            Value first = made.arguments().first();
            if (made.path().endsWith(".default()")) {
                return first;
            }
            if (first instanceof Value.Entries options && options.cells().get("default") != null) {
                return options.cells().get("default");
            }
            at = made.receiver();
        }
        return null;
    }

    /** Settings of NestJS by their whole names: {@code app.port}; those of a factory without a name stand for themselves. */
    private void keep(String prefix, Value value, int depth) {
        if (value instanceof Value.Entries entries && depth < 5) {
            for (Map.Entry<Object, Value> each :
                    Map.copyOf(entries.cells().cells()).entrySet()) {
                String name = String.valueOf(each.getKey());
                keep(prefix.isEmpty() ? name : prefix + "." + name, each.getValue(), depth + 1);
            }
        } else if (value instanceof Value.Made made
                && made.path().equals("@nestjs/config.registerAs()()")
                && made.receiver() instanceof Value.Made factory) {
            String name = factory.arguments().text(0);
            Value function = factory.arguments().find(1, "");
            if (name != null && function != null) {
                keep(name, run.evaluator.call(function, Arguments.NONE, made.site()), depth + 1);
            }
        } else if (!prefix.isEmpty()) {
            run.libraries.keep(prefix, value);
        }
    }

    /** {@code router.route("/health").get(handler)}. */
    private @Nullable Value chained(Call call) {
        List<Value> given = call.given().positional();
        if (!(call.receiver() instanceof Value.Made chain) || given.isEmpty()) {
            return null;
        }
        String at = chain.arguments().text(0);
        if (at != null && chain.receiver() != null) {
            run.route(chain.receiver(), at, given.getLast(), call.site());
        }
        return chain;
    }

    /** {@code fastify.route({url: "/health", handler})}. */
    private @Nullable Value route(Value.Entries how, Call call) {
        Value url = how.cells().get("url");
        String at = Values.text(url == null ? how.cells().get("path") : url);
        Value handler = how.cells().get("handler");
        if (at == null || handler == null) {
            return null;
        }
        run.route(call.receiver(), at, handler, call.site());
        return call.receiver();
    }

    private @Nullable Value use(Call call) {
        List<Value> given = call.given().positional();
        Value receiver = call.receiver();
        if (receiver == null || (call.method().equals("route") && given.size() < 2)) {
            return null;
        }
        String prefix = call.text(0);
        for (Value value : given) {
            Value inner = value instanceof Value.Made made
                            && (made.path().endsWith(".routes()") || made.path().endsWith(".middleware()"))
                            && made.receiver() != null
                    ? made.receiver()
                    : run.members.force(value);
            boolean handles = prefix == null && call.path().startsWith("koa");
            if (inner instanceof Value.Made) {
                run.mount(receiver, inner, prefix);
            } else if (inner instanceof Value.Routine && handles) {
                run.route(receiver, PythonRoutes.ANY, inner, call.site());
            }
        }
        return receiver;
    }

    /** Fastify's plugins get an application of their own. */
    private @Nullable Value plugin(Value plugin, Value receiver, Call call) {
        if (!call.path().startsWith("fastify")) {
            return null;
        }
        Value.Made inner = run.made("fastify()", null, Arguments.NONE, call.site());
        String prefix = call.at(1) instanceof Value.Entries options
                ? Values.text(options.cells().get("prefix"))
                : null;
        run.mount(receiver, inner, prefix);
        run.calls.callBack(plugin, Arguments.of(inner), call.site());
        return receiver;
    }
}
