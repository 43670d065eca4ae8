package dev.panoptes.code.run;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Routes that Python's frameworks are given by a call, as single ones, as lists, as routers below a prefix. */
final class PythonRoutes {
    /** Stands for every path: the handler looks at it itself. */
    static final String ANY = "*";

    private PythonRoutes() {}

    private static @Nullable Value named(Arguments given, String... names) {
        Value found = null;
        for (String name : names) {
            found = found == null ? given.named().get(name) : found;
        }
        return found;
    }

    /** Routes that an application is given when it is made. */
    static void listed(Value.Made application, Call call, Interpreter run) {
        Value routes = named(call.given(), "routes", "route_handlers", "handlers");
        if (routes == null && PythonLibrary.canonical(application.path()).equals("tornado.Application()")) {
            routes = call.first();
        }
        list(application, routes, call.site(), run);
    }

    static void list(Value owner, @Nullable Value routes, Site site, Interpreter run) {
        List<Value> turns = routes == null ? null : run.evaluator.turns(routes);
        if (turns == null) {
            if (routes instanceof Value.Made table) {
                // aiohttp's RouteTableDef: its routes are its own.
                run.mount(owner, table, "");
            }
            return;
        }
        for (Value turn : turns) {
            if (turn instanceof Value.Made made) {
                made(owner, made, run);
            } else if (turn instanceof Value.Items pair && pair.size() >= 2) {
                route(owner, Values.text(pair.at(0)), pair.at(1), site, run);
            }
        }
    }

    /** A route as a value: aiohttp's {@code web.get("/health", handler)}, Starlette's {@code Route} and {@code Mount}. */
    private static void made(Value owner, Value.Made made, Interpreter run) {
        Arguments given = made.arguments();
        String kind = PythonLibrary.canonical(made.path());
        kind = kind.substring(kind.lastIndexOf('.') + 1);
        int at = kind.equals("route()") ? 1 : 0;
        String path = Values.text(given.find(at, "path"));
        if (kind.equals("Mount()")) {
            run.mount(owner, made, path);
            list(made, given.named().get("routes"), made.site(), run);
            return;
        }
        Value handler = given.find(at + 1, "endpoint");
        route(owner, path, handler == null ? given.named().get("handler") : handler, made.site(), run);
    }

    private static void route(Value owner, @Nullable String path, @Nullable Value handler, Site site, Interpreter run) {
        if (path != null && handler != null) {
            run.route(owner, path, handler, site);
        }
    }

    static void add(Value owner, Call call, Interpreter run) {
        Arguments given = call.given();
        String path = null;
        Value handler = named(given, "view_func", "endpoint", "handler");
        for (Value value : given.positional()) {
            String text = Values.text(value);
            if (path == null && text != null && text.startsWith("/")) {
                path = text;
            } else if (text == null && handler == null) {
                handler = value;
            }
        }
        path = path == null ? Values.text(named(given, "path", "rule", "uri", "uri_template")) : path;
        route(owner, path, handler, call.site(), run);
    }
}
