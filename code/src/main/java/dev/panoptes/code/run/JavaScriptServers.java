package dev.panoptes.code.run;

import dev.panoptes.code.syntax.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** JavaScript's web frameworks and servers: what they bind by which call, with the defaults that their documentation gives. */
final class JavaScriptServers {
    private static final Set<String> SERVERS = Set.of(
            "express()",
            "http.createServer()",
            "http.Server()",
            "https.createServer()",
            "https.Server()",
            "http2.createServer()",
            "http2.createSecureServer()",
            "net.createServer()",
            "net.Server()",
            "tls.createServer()",
            "fastify()",
            "fastify.fastify()",
            "fastify.Fastify()",
            "koa()",
            "koa.Koa()",
            "restify.createServer()",
            "polka()",
            "connect()",
            "@nestjs/core.NestFactory.create()",
            "elysia.Elysia()",
            "elysia()",
            "uWebSockets.js.App()",
            "uWebSockets.js.SSLApp()",
            "socket.io()",
            "socket.io.Server()",
            "@feathersjs/express()",
            "json-server.create()",
            "hyper-express.Server()",
            "@tinyhttp/app.App()",
            "apollo-server.ApolloServer()",
            "@hono/node-server.createAdaptorServer()",
            "sockjs.createServer()",
            "@feathersjs/koa.koa()",
            "express.default()",
            "micro()",
            "http-proxy.createProxyServer()",
            "h3.createApp()");
    private static final Set<String> APPLICATIONS = Set.of(
            "express()",
            "fastify()",
            "fastify.fastify()",
            "fastify.Fastify()",
            "koa()",
            "koa.Koa()",
            "polka()",
            "connect()",
            "restify.createServer()",
            "hono.Hono()",
            "elysia.Elysia()",
            "elysia()",
            "@feathersjs/express()",
            "http.createServer()",
            "https.createServer()",
            "hono()",
            "express.default()");
    private static final Set<String> VERBS =
            Set.of("get", "post", "put", "delete", "patch", "head", "options", "all", "any", "on");
    private static final Set<String> ANSWERS =
            Set.of("json", "send", "end", "jsonp", "write", "body", "text", "serialize");

    static boolean application(String path) {
        return APPLICATIONS.contains(path);
    }

    private static boolean server(String path) {
        return SERVERS.contains(path);
    }

    /** {@code express()} of {@code express().listen}; empty where nothing was called. */
    private static String made(String path) {
        int dot = path.lastIndexOf("().");
        return dot < 0 ? "" : path.substring(0, dot + 2);
    }

    @Nullable
    Value call(String path, @Nullable Value receiver, Arguments given, Site site, Interpreter run) {
        Value first = given.first();
        String method = path.substring(path.lastIndexOf('.') + 1);
        if ((path.startsWith("response()") || path.startsWith("request()")) && ANSWERS.contains(method)) {
            if (first != null) {
                run.answered().add(first);
            }
            return null;
        }
        if (server(path + "()")) {
            return create(path + "()", given, site, run);
        }
        switch (path) {
            case "Bun.serve" -> {
                serve(options(given, 0), given, new Value.Scalar(3000L, "PORT", true), site, run);
                return null;
            }
            case "Deno.serve", "Deno.listen", "Deno.listenTls" -> {
                serve(options(given, 0), given, Values.constant(8000L), site, run);
                return null;
            }
            case "@hono/node-server.serve" -> {
                serve(options(given, 0), given, Values.constant(3000L), site, run);
                return null;
            }
            case "ws.WebSocketServer", "ws.Server", "ws.WebSocket.Server" -> {
                Value port = options(given, 0) instanceof Value.Entries options
                        ? options.cells().get("port")
                        : null;
                if (port != null) {
                    run.bind(run.evaluator().force(port), null, site);
                }
                return null;
            }
            case "@apollo/server/standalone.startStandaloneServer" -> {
                Value listen = options(given, 1) instanceof Value.Entries options
                        ? options.cells().get("listen")
                        : null;
                Value port = listen instanceof Value.Entries how ? how.cells().get("port") : null;
                run.bind(port == null ? Values.constant(4000L) : run.evaluator().force(port), null, site);
                return null;
            }
            case "@hapi/hapi.server().start", "@hapi/hapi.Server().start" -> {
                Value port = receiver instanceof Value.Made server
                                && server.arguments().first() instanceof Value.Entries how
                        ? how.cells().get("port")
                        : null;
                if (port != null) {
                    run.bind(run.evaluator().force(port), null, site);
                }
                return null;
            }
            case "@grpc/grpc-js.Server().bindAsync", "grpc.Server().bindAsync", "grpc.Server().bind" -> {
                PythonServers.text(first, site, run);
                return null;
            }
            case "Response.json" -> {
                return null;
            }
            default -> {}
        }
        if (path.startsWith("https://deno.land/std") && path.endsWith(".serve")) {
            serve(options(given, 1), given, Values.constant(8000L), site, run);
            return null;
        }
        String owner = made(path);
        if (server(owner) && method.equals("listen")) {
            listen(owner, given, site, run);
            callBacks(given, site, run);
            return receiver;
        }
        if (receiver != null && routed(path, method, receiver, given, site, run)) {
            return receiver;
        }
        if (receiver != null && server(owner) && method.equals("register") && first != null) {
            Value prefix =
                    options(given, 1) instanceof Value.Entries how ? how.cells().get("prefix") : null;
            Value.Made inner = run.made("fastify()", null, Arguments.NONE, site);
            String text = Values.text(prefix);
            run.recorder().mount(new Recorder.Mount(receiver, inner, text == null ? "" : text));
            run.callBack(first, Arguments.of(inner), site);
            return receiver;
        }
        return null;
    }

    private static Value create(String path, Arguments given, Site site, Interpreter run) {
        Value.Made made = run.made(path, null, given, site);
        run.recorder().application(made);
        boolean http = path.startsWith("http");
        for (Value value : given.positional()) {
            if (http && (value instanceof Value.Routine || value instanceof Value.Partial)) {
                run.recorder().route(new Recorder.Route(null, PythonRoutes.ANY, value, site));
            }
        }
        if ((path.equals("socket.io.Server()") || path.equals("socket.io()")) && Values.number(given.first()) != null) {
            run.bind(given.positional().getFirst(), null, site);
        }
        return made;
    }

    private static @Nullable Value options(Arguments given, int at) {
        for (Value value : given.after(at).positional()) {
            if (value instanceof Value.Entries) {
                return value;
            }
        }
        return null;
    }

    private static void callBacks(Arguments given, Site site, Interpreter run) {
        given.positional().stream()
                .filter(Value.Routine.class::isInstance)
                .forEach(value -> run.callBack(value, Arguments.NONE, site));
    }

    private static void serve(@Nullable Value options, Arguments given, Value standard, Site site, Interpreter run) {
        Value port = null;
        Value host = null;
        List<Value> handlers = new ArrayList<>();
        if (options instanceof Value.Entries how) {
            if (how.cells().get("unix") != null || how.cells().get("path") != null) {
                return;
            }
            port = how.cells().get("port");
            host = how.cells().get("hostname");
            Value fetch = how.cells().get("fetch");
            handlers.add(fetch == null ? Value.NOTHING : fetch);
            if (how.cells().get("routes") instanceof Value.Entries routes) {
                routes.cells().cells().forEach((name, handler) -> {
                    Value get = handler instanceof Value.Entries methods
                            ? methods.cells().get("GET")
                            : handler;
                    if (get != null) {
                        run.recorder().route(new Recorder.Route(null, String.valueOf(name), get, site));
                    }
                });
            }
        }
        handlers.addAll(given.positional());
        for (Value handler : handlers) {
            if (handler instanceof Value.Routine) {
                run.recorder().route(new Recorder.Route(null, PythonRoutes.ANY, handler, site));
            }
        }
        run.bind(port == null ? standard : run.evaluator().force(port), host, site);
    }

    private static void listen(String owner, Arguments given, Site site, Interpreter run) {
        Value first = given.first() == null ? Value.NOTHING : given.first();
        if (first instanceof Value.Entries options) {
            Value port = options.cells().get("port");
            if (port != null) {
                run.bind(run.evaluator().force(port), options.cells().get("host"), site);
            } else if (options.open()) {
                run.bind(Values.unknown("the options of the server are not known"), null, site);
            } else if (owner.startsWith("apollo")) {
                run.bind(Values.constant(4000L), null, site);
            }
            return;
        }
        boolean none = first instanceof Value.Routine || first.equals(Value.NOTHING);
        if (none && owner.startsWith("apollo")) {
            run.bind(Values.constant(4000L), null, site);
        }
        String text = Values.text(first);
        if (none || (text != null && Values.number(first) == null)) {
            return;
        }
        Value host = given.find(1, "");
        run.bind(first, host, site);
    }

    /** True where the call registers a route or mounts a router. */
    private static boolean routed(
            String path, String method, Value receiver, Arguments given, Site site, Interpreter run) {
        Value first = given.first();
        String route = Values.text(first);
        Value last = given.positional().isEmpty() ? null : given.positional().getLast();
        if (VERBS.contains(method)
                && route != null
                && route.startsWith("/")
                && given.positional().size() > 1) {
            run.recorder().route(new Recorder.Route(receiver, route, last == null ? Value.NOTHING : last, site));
            return true;
        }
        if (path.endsWith(".route()." + method)
                && VERBS.contains(method)
                && receiver instanceof Value.Made chain
                && last != null) {
            String at = Values.text(chain.arguments().first());
            if (at != null && chain.receiver() != null) {
                run.recorder().route(new Recorder.Route(chain.receiver(), at, last, site));
            }
            return true;
        }
        if (method.equals("route") && first instanceof Value.Entries how) {
            String at = Values.text(
                    how.cells().get("url") == null
                            ? how.cells().get("path")
                            : how.cells().get("url"));
            Value handler = how.cells().get("handler");
            if (at != null && handler != null) {
                run.recorder().route(new Recorder.Route(receiver, at, handler, site));
                return true;
            }
        }
        if (method.equals("use")
                || (method.equals("route") && given.positional().size() > 1)) {
            for (Value value : given.positional()) {
                Value inner = value instanceof Value.Made made
                                && (made.path().endsWith(".routes()")
                                        || made.path().endsWith(".middleware()"))
                                && made.receiver() != null
                        ? made.receiver()
                        : run.evaluator().force(value);
                if (inner instanceof Value.Made) {
                    run.recorder().mount(new Recorder.Mount(receiver, inner, route == null ? "" : route));
                } else if (inner instanceof Value.Routine
                        && server(made(path))
                        && first != null
                        && route == null
                        && made(path).startsWith("koa")) {
                    run.recorder().route(new Recorder.Route(receiver, PythonRoutes.ANY, inner, site));
                }
            }
            return true;
        }
        return false;
    }

    /** NestJS: the routes of a controller class. */
    @Nullable
    Value decorate(Value decorator, Value function, Site site, Interpreter run) {
        if (!(decorator instanceof Value.Made made)
                || !made.path().equals("@nestjs/common.Controller()")
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
                        && verb.path().equals("@nestjs/common.Get()")) {
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
