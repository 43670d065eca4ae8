package dev.panoptes.code.run;

import dev.panoptes.code.syntax.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What JavaScript's frameworks do that no table can say: routes as objects, routers, plugins, NestJS. */
final class JavaScriptServers {
    private static final String NEST = "@nestjs/common.";

    private JavaScriptServers() {}

    static @Nullable Value special(String what, LibraryCalls.Call call, Interpreter run) {
        Arguments given = call.given();
        Value first = given.first();
        Value receiver = call.receiver();
        return switch (what) {
            case "chained" -> chained(call, run);
            case "route" ->
                first instanceof Value.Entries how && receiver != null ? route(how, call, run) : use(call, run);
            case "use" -> use(call, run);
            case "register" -> first != null && receiver != null ? plugin(first, receiver, call, run) : null;
            case "routes" -> {
                if (first instanceof Value.Entries how && how.cells().get("routes") instanceof Value.Entries routes) {
                    routes.cells().cells().forEach((path, handler) -> {
                        Value get = handler instanceof Value.Entries methods
                                ? methods.cells().get("GET")
                                : handler;
                        if (get != null) {
                            run.recorder().route(new Recorder.Route(null, String.valueOf(path), get, call.site()));
                        }
                    });
                }
                yield null;
            }
            case "nest-config" -> {
                if (first instanceof Value.Entries how && how.cells().get("load") instanceof Value.Items factories) {
                    factories
                            .values()
                            .forEach(each -> keep("", run.evaluator().call(each, Arguments.NONE, call.site()), run, 0));
                }
                yield null;
            }
            case "nest-get" -> {
                String name = Values.text(first);
                Value kept = name == null ? null : run.libraries().kept().get(name.toLowerCase(Locale.ROOT));
                yield kept == null ? run.variables().read(first, given.find(1, "")) : kept;
            }
            default -> throw new IllegalStateException("special=" + what + " is not known");
        };
    }

    /** Settings of NestJS by their whole names: {@code app.port}; those of a factory without a name stand for themselves. */
    private static void keep(String prefix, Value value, Interpreter run, int depth) {
        if (value instanceof Value.Entries entries && depth < 5) {
            entries.cells()
                    .cells()
                    .forEach((key, inner) ->
                            keep(prefix.isEmpty() ? String.valueOf(key) : prefix + "." + key, inner, run, depth + 1));
        } else if (value instanceof Value.Made made && made.path().equals("@nestjs/config.registerAs()()")) {
            String name = Values.text(
                    made.receiver() instanceof Value.Made factory
                            ? factory.arguments().first()
                            : null);
            Value function = made.receiver() instanceof Value.Made factory
                    ? factory.arguments().find(1, "")
                    : null;
            if (name != null && function != null) {
                keep(name, run.evaluator().call(function, Arguments.NONE, made.site()), run, depth + 1);
            }
        } else if (!prefix.isEmpty()) {
            run.libraries().kept().put(prefix.toLowerCase(Locale.ROOT), value);
        }
    }

    /** {@code router.route("/health").get(handler)}. */
    private static @Nullable Value chained(LibraryCalls.Call call, Interpreter run) {
        List<Value> given = call.given().positional();
        if (!(call.receiver() instanceof Value.Made chain) || given.isEmpty()) {
            return null;
        }
        String at = Values.text(chain.arguments().first());
        if (at != null && chain.receiver() != null) {
            run.recorder().route(new Recorder.Route(chain.receiver(), at, given.getLast(), call.site()));
        }
        return chain;
    }

    /** {@code fastify.route({url: "/health", handler})}. */
    private static @Nullable Value route(Value.Entries how, LibraryCalls.Call call, Interpreter run) {
        Value url = how.cells().get("url");
        String at = Values.text(url == null ? how.cells().get("path") : url);
        Value handler = how.cells().get("handler");
        if (at == null || handler == null) {
            return null;
        }
        run.recorder().route(new Recorder.Route(call.receiver(), at, handler, call.site()));
        return call.receiver();
    }

    private static @Nullable Value use(LibraryCalls.Call call, Interpreter run) {
        List<Value> given = call.given().positional();
        Value receiver = call.receiver();
        boolean route = call.path().endsWith(".route");
        if (receiver == null || (route && given.size() < 2)) {
            return null;
        }
        String prefix = Values.text(call.given().first());
        for (Value value : given) {
            Value inner = value instanceof Value.Made made
                            && (made.path().endsWith(".routes()") || made.path().endsWith(".middleware()"))
                            && made.receiver() != null
                    ? made.receiver()
                    : run.evaluator().force(value);
            if (inner instanceof Value.Made) {
                run.recorder().mount(new Recorder.Mount(receiver, inner, prefix == null ? "" : prefix));
            } else if (inner instanceof Value.Routine
                    && prefix == null
                    && call.path().startsWith("koa")) {
                run.recorder().route(new Recorder.Route(receiver, PythonRoutes.ANY, inner, call.site()));
            }
        }
        return receiver;
    }

    /** Fastify's plugins get an application of their own. */
    private static @Nullable Value plugin(Value plugin, Value receiver, LibraryCalls.Call call, Interpreter run) {
        if (!call.path().startsWith("fastify")) {
            return null;
        }
        Value how = call.given().find(1, "");
        Value.Made inner = run.made("fastify()", null, Arguments.NONE, call.site());
        String prefix = how instanceof Value.Entries options
                ? Values.text(options.cells().get("prefix"))
                : null;
        run.recorder().mount(new Recorder.Mount(receiver, inner, prefix == null ? "" : prefix));
        run.callBack(plugin, Arguments.of(inner), call.site());
        return receiver;
    }

    /** Bun serves what a program exports as its default, where that has a port and {@code fetch} (Bun's HTTP server). */
    static void exported(@Nullable Value standard, Site site, Interpreter run) {
        if (standard instanceof Value.Entries how
                && how.cells().get("fetch") != null
                && how.cells().get("port") != null) {
            run.libraries().call("Bun.serve", null, Arguments.of(how), site);
        }
    }

    /** NestJS: the routes of a controller class. */
    static @Nullable Value decorate(Value decorator, Value function, Site site, Interpreter run) {
        if (!(decorator instanceof Value.Made made)
                || !made.path().equals(NEST + "Controller()")
                || !(function instanceof Value.Type type)) {
            return null;
        }
        String base = path(made.arguments().first());
        Interpreter.Frame frame = new Interpreter.Frame(type.scope(), new ArrayList<>(), null, type);
        for (Value member : new ArrayList<>(type.scope().names().values())) {
            if (!(member instanceof Value.Routine routine)) {
                continue;
            }
            for (Expression each : routine.function().decorators()) {
                if (each instanceof Expression.Call
                        && run.evaluator().value(each, frame) instanceof Value.Made verb
                        && verb.path().equals(NEST + "Get()")) {
                    String inner = path(verb.arguments().first());
                    Value.Instance instance = new Value.Instance(type, new Store(run.journal()), site);
                    run.dialect().constructor(instance, run);
                    String whole = ("/" + base + "/" + inner).replaceAll("/+", "/");
                    run.recorder().route(new Recorder.Route(null, whole, routine.bound(instance), site));
                }
            }
        }
        return function;
    }

    private static String path(@Nullable Value value) {
        Value given = value instanceof Value.Entries how ? how.cells().get("path") : value;
        String text = Values.text(given);
        return text == null ? "" : text;
    }
}
