package dev.panoptes.code.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Python's web frameworks and servers: what they bind by which call, with the defaults that their documentation gives. One
 * piece, because it is a table: whoever adds a framework or doubts a default looks in one place.
 */
final class PythonServers {
    private static final Set<String> APPLICATIONS = Set.of(
            "fastapi.FastAPI",
            "starlette.Starlette",
            "flask.Flask",
            "quart.Quart",
            "sanic.Sanic",
            "aiohttp.Application",
            "tornado.Application",
            "bottle.Bottle",
            "litestar.Litestar",
            "falcon.App",
            "falcon.API",
            "connexion.FlaskApp",
            "connexion.App",
            "connexion.AsyncApp",
            "connexion.FastApi",
            "blacksheep.Application",
            "robyn.Robyn",
            "fastmcp.FastMCP",
            "mcp.FastMCP",
            "dash.Dash",
            "socketio.ASGIApp",
            "socketio.WSGIApp",
            "django.get_wsgi_application",
            "django.get_asgi_application",
            "eve.Eve",
            "chalice.Chalice",
            "apiflask.APIFlask",
            "flask_openapi3.OpenAPI",
            "muffin.Application",
            "responder.API");
    private static final Set<String> VERBS = Set.of(
            "get",
            "post",
            "put",
            "delete",
            "patch",
            "head",
            "options",
            "route",
            "api_route",
            "websocket",
            "custom_route",
            "trace");
    private static final Set<String> STARTUP = Set.of(
            "before_serving",
            "before_first_request",
            "while_serving",
            "before_server_start",
            "after_server_start",
            "main_process_start",
            "on_startup");

    private static final Value LOOPBACK = Values.constant("127.0.0.1");

    static boolean application(String path) {
        String name = PythonLibrary.canonical(path);
        return name.endsWith("()") && APPLICATIONS.contains(name.substring(0, name.length() - 2));
    }

    @Nullable
    Value call(String name, @Nullable Value receiver, Arguments given, Site site, Interpreter run) {
        if (APPLICATIONS.contains(name)) {
            return newApplication(name, given, site, run);
        }
        Value registered = PythonRoutes.register(name, receiver, given, site, run);
        if (registered != null) {
            return registered;
        }
        boolean bound = binds(name, receiver, given, site, run);
        return bound ? run.made(name + "()", receiver, given, site) : null;
    }

    private static Value newApplication(String name, Arguments given, Site site, Interpreter run) {
        Value.Made made = run.made(name + "()", null, given, site);
        run.recorder().application(made);
        PythonRoutes.listed(made, given, site, run);
        Value lifespan = given.named().get("lifespan");
        if (lifespan != null) {
            run.callBack(lifespan, Arguments.of(made), site);
        }
        Value startup = given.named().get("on_startup");
        List<Value> hooks = startup == null ? null : run.evaluator().turns(startup);
        if (hooks != null) {
            hooks.forEach(hook -> run.callBack(hook, Arguments.of(made), site));
        }
        return made;
    }

    /** True where the call is known to us, whether or not it binds. */
    private boolean binds(String name, @Nullable Value receiver, Arguments given, Site site, Interpreter run) {
        switch (name) {
            case "uvicorn.run" -> uvicorn(given.first(), given, -1, site, run);
            case "uvicorn.Server().run", "uvicorn.Server().serve", "uvicorn.Server().startup" -> {
                if (receiver instanceof Value.Made server
                        && server.arguments().find(0, "config") instanceof Value.Made config) {
                    configured(config, site, run);
                } else if (receiver instanceof Value.Instance server
                        && server.fields().get("config") instanceof Value.Made config) {
                    configured(config, site, run);
                } else {
                    run.bind(Values.unknown("the configuration of the server is not known"), null, site);
                }
            }
            case "flask.Flask().run", "quart.Quart().run", "apiflask.APIFlask().run", "flask_openapi3.OpenAPI().run" ->
                run.bind(port(given.find(1, "port"), 5000), given.find(0, "host"), site);
            case "quart.Quart().run_task" -> run.bind(port(given.find(1, "port"), 5000), given.find(0, "host"), site);
            case "flask_socketio.SocketIO().run" ->
                run.bind(port(given.find(2, "port"), 5000), given.find(1, "host"), site);
            case "dash.Dash().run", "dash.Dash().run_server" ->
                run.bind(port(given.named().get("port"), 8050), given.named().get("host"), site);
            case "connexion.FlaskApp().run", "connexion.App().run" ->
                run.bind(
                        port(given.find(0, "port"), name.contains("Flask") ? 5000 : 8000),
                        given.named().get("host"),
                        site);
            case "connexion.AsyncApp().run" ->
                run.bind(port(given.named().get("port"), 8000), given.named().get("host"), site);
            case "sanic.Sanic().run", "sanic.Sanic().prepare", "sanic.Sanic().create_server" ->
                run.bind(port(given.find(1, "port"), 8000), given.find(0, "host"), site);
            case "robyn.Robyn().start" ->
                run.bind(port(given.named().get("port"), 8080), given.named().get("host"), site);
            case "bottle.run" ->
                run.bind(port(given.named().get("port"), 8080), given.named().get("host"), site);
            case "bottle.Bottle().run" ->
                run.bind(port(given.named().get("port"), 8080), given.named().get("host"), site);
            case "aiohttp.run_app" -> {
                if (notByPort(given, "sock", "path")) {
                    return true;
                }
                int standard = given.named().containsKey("ssl_context") ? 8443 : 8080;
                run.bind(
                        port(given.named().get("port"), standard), given.named().get("host"), site);
            }
            case "aiohttp.TCPSite().start" -> {
                if (receiver instanceof Value.Made tcp) {
                    Arguments made = tcp.arguments();
                    int standard = made.named().containsKey("ssl_context") ? 8443 : 8080;
                    run.bind(port(made.find(2, "port"), standard), made.find(1, "host"), site);
                }
            }
            case "tornado.Application().listen",
                    "tornado.HTTPServer().listen",
                    "tornado.TCPServer().listen",
                    "tornado.HTTPServer().bind",
                    "tornado.TCPServer().bind" ->
                run.bind(required(given.find(0, "port")), given.find(1, "address"), site);
            case "waitress.serve" -> waitress(given, site, run);
            case "werkzeug.run_simple" -> run.bind(required(given.find(1, "port")), given.find(0, "hostname"), site);
            case "wsgiref.make_server" -> run.bind(required(given.find(1, "port")), given.find(0, "host"), site);
            case "http.HTTPServer",
                    "http.ThreadingHTTPServer",
                    "socketserver.TCPServer",
                    "socketserver.ThreadingTCPServer",
                    "socketserver.ForkingTCPServer",
                    "xmlrpc.SimpleXMLRPCServer",
                    "http.HTTPServer().__init__",
                    "http.ThreadingHTTPServer().__init__",
                    "socketserver.TCPServer().__init__",
                    "socketserver.ThreadingTCPServer().__init__" -> {
                address(given.find(0, name.startsWith("xmlrpc") ? "addr" : "server_address"), site, run);
                Value handler = given.find(1, "RequestHandlerClass");
                if (handler != null) {
                    run.recorder().route(new Recorder.Route(null, PythonRoutes.ANY, handler, site));
                }
            }
            case "gevent.WSGIServer().serve_forever",
                    "gevent.WSGIServer().start",
                    "gevent.StreamServer().serve_forever",
                    "gevent.StreamServer().start" -> {
                if (receiver instanceof Value.Made server) {
                    address(server.arguments().find(0, "listener"), site, run);
                }
            }
            case "eventlet.listen" -> address(given.find(0, "addr"), site, run);
            case "hypercorn.serve" -> {
                if (given.find(1, "config") instanceof Value.Made config) {
                    hypercorn(config, site, run);
                } else {
                    run.bind(Values.unknown("the configuration of the server is not known"), null, site);
                }
            }
            case "granian.Granian().serve" -> {
                if (receiver instanceof Value.Made server) {
                    run.bind(
                            port(server.arguments().named().get("port"), 8000),
                            server.arguments().named().get("address"),
                            site);
                }
            }
            case "asyncio.start_server" -> {
                if (!notByPort(given, "sock", "fd")) {
                    run.bind(required(given.find(2, "port")), given.find(1, "host"), site);
                }
                run.callBack(
                        given.first() == null ? Value.NOTHING : given.first(),
                        new Arguments(List.of(), Map.of(), true),
                        site);
            }
            case "websockets.serve", "websockets.serve().serve_forever" -> {
                if (name.endsWith("serve") && !notByPort(given, "sock", "unix")) {
                    run.bind(required(given.find(2, "port")), given.find(1, "host"), site);
                }
            }
            case "prometheus_client.start_http_server", "prometheus_client.start_wsgi_server" ->
                run.bind(required(given.find(0, "port")), given.find(1, "addr"), site);
            case "fastmcp.FastMCP().run",
                    "fastmcp.FastMCP().run_async",
                    "fastmcp.FastMCP().run_http_async",
                    "mcp.FastMCP().run",
                    "mcp.FastMCP().run_sse_async",
                    "mcp.FastMCP().run_streamable_http_async" -> mcp(name, receiver, given, site, run);
            case "gradio.Blocks().launch", "gradio.Interface().launch", "gradio.ChatInterface().launch" ->
                run.bind(
                        port(given.named().get("server_port"), 7860),
                        given.named().get("server_name"),
                        site);
            case "nicegui.ui.run", "nicegui.run" ->
                run.bind(port(given.named().get("port"), 8080), given.named().get("host"), site);
            case "twisted.reactor.listenTCP", "twisted.listenTCP" ->
                run.bind(required(given.find(0, "port")), null, site);
            case "cherrypy.quickstart", "cherrypy.engine.start" -> cherrypy(site, run);
            case "cherrypy.config.update" -> {
                if (given.first() instanceof Value.Entries entries) {
                    cherryPort = entries.cells().get("server.socket_port");
                }
            }
            case "aiosmtpd.Controller().start" -> {
                if (receiver instanceof Value.Made server) {
                    run.bind(
                            port(server.arguments().named().get("port"), 8025),
                            server.arguments().named().get("hostname"),
                            site);
                }
            }
            case "socket.socket().listen" -> {
                if (receiver instanceof Value.Made socket
                        && socket.fields().get("bound") instanceof Value.Items bound) {
                    address(bound, site, run);
                }
            }
            case "socket.socket().bind" -> {
                if (receiver instanceof Value.Made socket
                        && given.first() instanceof Value.Items bound
                        && !datagrams(socket)) {
                    socket.fields().put("bound", bound);
                }
            }
            case "socket.create_server" -> address(given.find(0, "address"), site, run);
            case "uvicorn.main",
                    "os.system",
                    "subprocess.run",
                    "subprocess.Popen",
                    "subprocess.call",
                    "subprocess.check_call",
                    "os.execvp",
                    "os.execv",
                    "os.execlp",
                    "os.execl",
                    "asyncio.create_subprocess_shell",
                    "asyncio.create_subprocess_exec" -> {
                PythonCommands.started(name, given, site, run);
                return !name.equals("uvicorn.main");
            }
            default -> {
                return bindsByMethod(name, receiver, given, site, run);
            }
        }
        return true;
    }

    private @Nullable Value cherryPort;

    private boolean bindsByMethod(String name, @Nullable Value receiver, Arguments given, Site site, Interpreter run) {
        if (name.startsWith("grpc.") && (name.endsWith("add_insecure_port") || name.endsWith("add_secure_port"))) {
            text(given.first(), site, run);
            return true;
        }
        if (name.startsWith("asyncio.") && name.endsWith("().create_server")) {
            if (!notByPort(given, "sock", "fd")) {
                run.bind(required(given.find(2, "port")), given.find(1, "host"), site);
            }
            return true;
        }
        if (name.startsWith("zmq.") && name.endsWith("().bind")) {
            String address = Values.text(given.first());
            if (address == null || address.startsWith("tcp://")) {
                text(given.first(), site, run);
            }
            return true;
        }
        if (name.equals("gunicorn.BaseApplication().run") || name.equals("gunicorn.WSGIApplication().run")) {
            gunicorn(receiver, site, run);
            return true;
        }
        if (name.endsWith(".wfile.write")
                || name.endsWith("RequestHandler().write")
                || name.endsWith("RequestHandler().finish")) {
            Value answer = given.first();
            if (answer != null) {
                run.answered().add(answer);
            }
            return true;
        }
        if (name.endsWith(".cfg.set") && name.startsWith("gunicorn.") && receiver instanceof Value.Instance instance) {
            String setting = Values.text(given.first());
            Value value = given.find(1, "value");
            if (setting != null && value != null) {
                instance.fields().put("cfg[" + setting + "]", value);
            }
            return true;
        }
        return false;
    }

    private static boolean notByPort(Arguments given, String... names) {
        for (String name : names) {
            Value value = given.named().get(name);
            if (value != null && !value.equals(Value.NOTHING)) {
                return true;
            }
        }
        return false;
    }

    /** @param skipped number of positional arguments of the port; -1 where it can only be named */
    private static void uvicorn(@Nullable Value application, Arguments given, int skipped, Site site, Interpreter run) {
        load(application, given, run);
        if (notByPort(given, "uds", "fd")) {
            return;
        }
        Value host = given.find(skipped < 0 ? -1 : skipped, "host");
        run.bind(port(given.find(skipped < 0 ? -1 : skipped + 1, "port"), 8000), host == null ? LOOPBACK : host, site);
    }

    private static void configured(Value.Made config, Site site, Interpreter run) {
        Arguments given = config.arguments();
        load(given.find(0, "app"), given, run);
        Value port = config.fields().get("port");
        Value host = config.fields().get("host");
        if (notByPort(given, "uds", "fd")) {
            return;
        }
        run.bind(
                port(port != null ? port : given.find(2, "port"), 8000),
                host != null ? host : given.find(1, "host"),
                port != null || !config.site().module().equals(site.module()) ? site : config.site());
    }

    /** {@code "main:app"} is loaded by the server. */
    private static void load(@Nullable Value application, Arguments given, Interpreter run) {
        String target = Values.text(application);
        if (target != null && target.contains(":")) {
            PythonCommands.load(target, run);
        } else if (application instanceof Value.Routine factory && given.named().containsKey("factory")) {
            run.evaluator()
                    .call(factory, Arguments.NONE, new Site(factory.closure().module(), 0, 0));
        }
    }

    private static Value port(@Nullable Value given, int standard) {
        return given == null || given.equals(Value.NOTHING) ? Values.constant((long) standard) : given;
    }

    private static Value required(@Nullable Value given) {
        return given == null ? Values.unknown("no port is given") : given;
    }

    /** {@code (host, port)}. */
    static void address(@Nullable Value address, Site site, Interpreter run) {
        switch (address) {
            case Value.Items items
            when items.size() >= 2 -> {
                Value host = items.at(0);
                Value port = items.at(1);
                run.bind(port == null ? Values.unknown("no port is given") : port, host, site);
            }
            case Value.Scalar scalar when scalar.text() != null -> text(scalar, site, run);
            case null -> run.bind(Values.unknown("no address is given"), null, site);
            default ->
                run.bind(
                        address instanceof Value.Unknown ? address : Values.unknown("the address is not known"),
                        null,
                        site);
        }
    }

    /** {@code host:port}, {@code [::]:port}, {@code tcp://*:port}. */
    static void text(@Nullable Value address, Site site, Interpreter run) {
        String text = Values.text(address);
        if (text == null || !(address instanceof Value.Scalar scalar)) {
            run.bind(address == null ? Values.unknown("no address is given") : address, null, site);
            return;
        }
        if (text.startsWith("unix:")
                || text.startsWith("fd://")
                || text.startsWith("ipc:")
                || text.startsWith("inproc:")) {
            return;
        }
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon).replaceFirst("^\\w+://", "");
        run.bind(scalar.with(text.substring(colon + 1)), host.isEmpty() ? null : Values.constant(host), site);
    }

    private static boolean datagrams(Value.Made socket) {
        Value type = socket.arguments().find(1, "type");
        return type instanceof Value.Foreign foreign
                && (foreign.path().endsWith("SOCK_DGRAM") || foreign.path().endsWith("SOCK_RAW"));
    }

    private static void waitress(Arguments given, Site site, Interpreter run) {
        Value listen = given.named().get("listen");
        if (notByPort(given, "unix_socket", "sockets")) {
            return;
        }
        if (listen == null) {
            run.bind(port(given.named().get("port"), 8080), given.named().get("host"), site);
            return;
        }
        String all = Values.text(listen);
        for (String one : all == null ? new String[0] : all.strip().split("\\s+")) {
            text(Values.constant(one), site, run);
        }
        if (all == null) {
            run.bind(listen, null, site);
        }
    }

    private static void hypercorn(Value.Made config, Site site, Interpreter run) {
        Value bind = config.fields().get("bind");
        bind = bind == null ? config.fields().get("_bind") : bind;
        if (bind == null && config.path().contains("from_")) {
            Value mapping = config.arguments().first();
            bind = mapping instanceof Value.Entries entries
                    ? entries.cells().get("bind")
                    : config.arguments().named().get("bind");
        }
        switch (bind) {
            case Value.Items items -> items.values().forEach(each -> text(each, site, run));
            case null -> run.bind(Values.constant(8000L), LOOPBACK, site);
            default -> text(bind, site, run);
        }
    }

    private static void gunicorn(@Nullable Value receiver, Site site, Interpreter run) {
        if (!(receiver instanceof Value.Instance instance)) {
            return;
        }
        if (run.evaluator().memberOrNull(instance, "load_config") instanceof Value.Routine routine) {
            run.invoke(routine, Arguments.NONE, site);
        }
        Value bind = instance.fields().get("cfg[bind]");
        if (bind == null && instance.fields().get("options") instanceof Value.Entries options) {
            bind = options.cells().get("bind");
        }
        switch (bind) {
            case Value.Items items -> items.values().forEach(each -> text(each, site, run));
            case null -> run.bind(Values.constant(8000L), LOOPBACK, site);
            default -> text(bind, site, run);
        }
    }

    private static void mcp(String name, @Nullable Value receiver, Arguments given, Site site, Interpreter run) {
        boolean method = name.endsWith("_async") && !name.endsWith(".run_async");
        String transport = Values.text(given.find(0, "transport"));
        Value chosen = given.find(0, "transport");
        if (!method && (chosen == null || "stdio".equals(transport))) {
            return;
        }
        if (!method && transport == null) {
            run.bind(Values.unknown("the transport is not known"), null, site);
            return;
        }
        Value port = given.named().get("port");
        Value host = given.named().get("host");
        if (receiver instanceof Value.Made server) {
            Value set = server.fields().get(server.path() + ".settings[port]");
            port = port == null ? set : port;
            port = port == null ? server.arguments().named().get("port") : port;
            host = host == null ? server.arguments().named().get("host") : host;
        }
        run.bind(port(port, 8000), host, site);
    }

    private void cherrypy(Site site, Interpreter run) {
        run.bind(port(cherryPort, 8080), null, site);
    }

    @Nullable
    Value decorate(Value decorator, Value function, Site site, Interpreter run) {
        String path = switch (decorator) {
            case Value.Made made -> PythonLibrary.canonical(made.path());
            case Value.Foreign foreign -> PythonLibrary.canonical(foreign.path());
            default -> "";
        };
        String called = path.endsWith("()") ? path.substring(0, path.length() - 2) : path;
        String method = called.substring(called.lastIndexOf('.') + 1);
        if (decorator instanceof Value.Made made) {
            Value first = made.arguments().find(0, method.equals("websocket") ? "" : "path");
            first = first == null ? made.arguments().named().get("rule") : first;
            String route = Values.text(first);
            // An empty path is the prefix of its router: @router.get("") of APIRouter(prefix="/health").
            if (VERBS.contains(method)
                    && route != null
                    && (route.startsWith("/") || (route.isEmpty() && made.receiver() != null))) {
                run.recorder().route(new Recorder.Route(made.receiver(), route, function, site));
                return function;
            }
            boolean starts = (method.equals("on_event") || method.equals("listener") || method.equals("listen"))
                    && String.valueOf(
                                    Values.text(first == null ? made.arguments().first() : first))
                            .contains("start");
            if (starts || STARTUP.contains(method)) {
                run.callBack(function, new Arguments(new ArrayList<>(), Map.of(), true), site);
                return function;
            }
        } else if (STARTUP.contains(method)) {
            run.callBack(function, new Arguments(new ArrayList<>(), Map.of(), true), site);
            return function;
        }
        return null;
    }
}
