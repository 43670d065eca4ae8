package dev.panoptes.code.run;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Routes that Python's frameworks are given by a call. Decorators are in {@link PythonServers}. */
final class PythonRoutes {
    /** Stands for every path: the handler looks at it itself. */
    static final String ANY = "*";

    private static final Set<String> BY_PATH = Set.of(
            "add_get", "add_post", "add_view", "add_api_route", "add_url_rule", "add_route", "add_api_websocket_route");

    private PythonRoutes() {}

    /** Null where the call registers nothing. */
    static @Nullable Value register(
            String name, @Nullable Value receiver, Arguments given, Site site, Interpreter run) {
        String method = name.substring(name.lastIndexOf('.') + 1);
        Value first = given.first();
        if (receiver != null && BY_PATH.contains(method)) {
            addRoute(receiver, given, site, run);
            return Value.NOTHING;
        }
        if (receiver != null && (method.equals("add_routes") || method.equals("add_handlers"))) {
            Value routes = method.equals("add_handlers") ? given.find(1, "host_handlers") : first;
            list(receiver, routes, site, run);
            return Value.NOTHING;
        }
        if (receiver != null
                && (method.equals("include_router")
                        || method.equals("register_blueprint")
                        || method.equals("blueprint")
                        || method.equals("include_routes"))) {
            Value prefix = given.named().getOrDefault("prefix", given.named().get("url_prefix"));
            mount(receiver, first, Values.text(prefix), run);
            return Value.NOTHING;
        }
        if (receiver != null
                && (method.equals("mount") || method.equals("add_subapp"))
                && given.positional().size() > 1) {
            mount(receiver, given.find(1, "app"), Values.text(first), run);
            return Value.NOTHING;
        }
        // A route as a value: aiohttp.web.get("/health", handler), starlette Route("/health", handler), django
        // path(...)
        return null;
    }

    /** Routes that an application is given when it is made. */
    static void listed(Value.Made application, Arguments given, Site site, Interpreter run) {
        Value routes = given.named().getOrDefault("routes", given.named().get("route_handlers"));
        if (routes == null) {
            routes = given.named().get("handlers");
        }
        if (routes == null && PythonLibrary.canonical(application.path()).equals("tornado.Application()")) {
            routes = given.first();
        }
        list(application, routes, site, run);
    }

    private static void list(Value owner, @Nullable Value routes, Site site, Interpreter run) {
        List<Value> turns = routes == null ? null : run.evaluator().turns(routes);
        if (routes instanceof Value.Made table && turns == null) {
            // aiohttp's RouteTableDef: its routes are its own.
            mount(owner, table, "", run);
            return;
        }
        if (turns == null) {
            return;
        }
        for (Value turn : turns) {
            switch (turn) {
                case Value.Made made -> {
                    String called = PythonLibrary.canonical(made.path());
                    String kind = called.substring(called.lastIndexOf('.') + 1);
                    int at = kind.equals("route()") ? 1 : 0;
                    String path = Values.text(made.arguments().find(at, "path"));
                    Value handler = made.arguments().find(at + 1, kind.equals("Mount()") ? "app" : "endpoint");
                    handler = handler == null ? made.arguments().named().get("handler") : handler;
                    if (kind.equals("Mount()")) {
                        Value inner = made.arguments().named().get("routes");
                        mount(owner, made, path, run);
                        list(made, inner, made.site(), run);
                    } else if (path != null && handler != null) {
                        run.recorder().route(new Recorder.Route(owner, path, handler, made.site()));
                    }
                }
                case Value.Items pair
                when pair.size() >= 2 -> {
                    String path = Values.text(pair.at(0));
                    Value handler = pair.at(1);
                    if (path != null && handler != null) {
                        run.recorder().route(new Recorder.Route(owner, path, handler, site));
                    }
                }
                default -> {}
            }
        }
    }

    private static void addRoute(Value receiver, Arguments given, Site site, Interpreter run) {
        List<Value> positional = given.positional();
        String path = null;
        Value handler = given.named().get("view_func");
        handler = handler == null ? given.named().get("endpoint") : handler;
        handler = handler == null ? given.named().get("handler") : handler;
        for (Value value : positional) {
            String text = Values.text(value);
            if (path == null && text != null && text.startsWith("/")) {
                path = text;
            } else if (text == null && handler == null) {
                handler = value;
            }
        }
        for (String name : List.of("path", "rule", "uri", "uri_template")) {
            path = path == null ? Values.text(given.named().get(name)) : path;
        }
        if (path != null && handler != null) {
            run.recorder().route(new Recorder.Route(receiver, path, handler, site));
        }
    }

    private static void mount(Value outer, @Nullable Value inner, @Nullable String prefix, Interpreter run) {
        if (inner != null) {
            run.recorder().mount(new Recorder.Mount(outer, run.evaluator().force(inner), prefix == null ? "" : prefix));
        }
    }
}
