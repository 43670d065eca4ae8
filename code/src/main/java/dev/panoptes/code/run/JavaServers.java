package dev.panoptes.code.run;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Java's servers: what they bind by which call, with the defaults that their documentation gives. */
final class JavaServers {
    private static final Set<String> ANSWERS =
            Set.of("json", "result", "write", "send", "end", "body", "print", "println", "writeString", "bodyAsJson");

    private final Map<String, Value> properties;
    private boolean sparkBound;

    /** @param properties system properties that the program sets, each with a dot before its name */
    JavaServers(Map<String, Value> properties) {
        this.properties = properties;
    }

    @Nullable
    Value call(String path, @Nullable Value receiver, Arguments given, Site site, Interpreter run) {
        Value first = given.first();
        String method = path.substring(path.lastIndexOf('.') + 1);
        if (path.startsWith("response()")) {
            return exchange(path, method, receiver, given, run);
        }
        if (path.startsWith("ObjectMapper().write") || path.equals("Gson().toJson") || path.equals("Json.encode")) {
            return first;
        }
        if (path.startsWith("ResponseEntity") || path.startsWith("Response.")) {
            return first instanceof Value.Scalar || first == null ? null : first;
        }
        switch (path) {
            case "HttpServer.create", "HttpsServer.create" -> {
                if (first != null) {
                    address(first, site, run);
                }
                return null;
            }
            case "HttpServer.create().bind",
                    "ServerSocket().bind",
                    "ServerSocketChannel.open().bind",
                    "AsynchronousServerSocketChannel.open().bind" -> {
                address(first, site, run);
                return null;
            }
            case "ServerSocket", "SSLServerSocketFactory.getDefault().createServerSocket" -> {
                if (first != null) {
                    run.bind(first, null, site);
                }
                return null;
            }
            case "jetty.Server" -> {
                if (first instanceof Value.Made) {
                    address(first, site, run);
                } else if (first != null) {
                    run.bind(first, null, site);
                }
                return null;
            }
            case "ServerConnector().setPort", "Tomcat().setPort", "HttpConfiguration().setPort" -> {
                run.bind(first == null ? Values.unknown("no port is given") : first, null, site);
                return null;
            }
            case "ServerBuilder.forPort", "NettyServerBuilder.forPort", "Grpc.newServerBuilderForPort" -> {
                run.bind(first == null ? Values.unknown("no port is given") : first, null, site);
                return null;
            }
            case "SpringApplication.run", "SpringApplication().run", "SpringApplicationBuilder().run" -> {
                spring(given, "server.port", "SERVER_PORT", site, run);
                return null;
            }
            case "Micronaut.run" -> {
                spring(given, "micronaut.server.port", "MICRONAUT_SERVER_PORT", site, run);
                return null;
            }
            case "SpringApplication().setDefaultProperties" -> {
                if (first instanceof Value.Entries entries) {
                    entries.cells().cells().forEach((key, value) -> properties.put("." + key, value));
                }
                return null;
            }
            case "SpringApplicationBuilder().properties" -> {
                String text = Values.text(first);
                if (text != null && text.contains("=")) {
                    properties.put(
                            "." + text.substring(0, text.indexOf('=')),
                            Values.constant(text.substring(text.indexOf('=') + 1)));
                }
                return receiver;
            }
            case "#property" -> {
                return property(first, site, run);
            }
            case "Spark.port", "port" -> {
                sparkBound = true;
                run.bind(first == null ? Values.unknown("no port is given") : first, null, site);
                return Value.NOTHING;
            }
            default -> {}
        }
        return fluent(path, method, receiver, given, site, run);
    }

    /** Builders and applications whose methods give the object itself. */
    private @Nullable Value fluent(
            String path, String method, @Nullable Value receiver, Arguments given, Site site, Interpreter run) {
        Value first = given.first();
        String route = Values.text(first);
        Value last = given.positional().isEmpty() ? null : given.positional().getLast();
        if (path.startsWith("Javalin.create()")) {
            if (method.equals("start")) {
                Value port = given.positional().isEmpty()
                        ? Values.constant(8080L)
                        : given.positional().getLast();
                run.bind(port, given.positional().size() > 1 ? first : null, site);
            } else if (route != null && route.startsWith("/") && last != null) {
                run.recorder().route(new Recorder.Route(null, route, last, site));
            }
            return receiver;
        }
        if (path.startsWith("Spark.") && route != null && route.startsWith("/") && last != null) {
            if (!sparkBound && run.recorder().binds().isEmpty()) {
                run.bind(Values.constant(4567L), null, site);
            }
            run.recorder().route(new Recorder.Route(null, route, last, site));
            return Value.NOTHING;
        }
        if (path.startsWith("HttpServer.create()") || path.startsWith("HttpsServer.create()")) {
            if (method.equals("createContext") && route != null && last != null) {
                run.recorder()
                        .route(new Recorder.Route(null, route.equals("/") ? PythonRoutes.ANY : route, last, site));
            }
            return null;
        }
        if (path.startsWith("Undertow.builder()")) {
            if (method.equals("addHttpListener") || method.equals("addHttpsListener")) {
                run.bind(first == null ? Values.unknown("no port is given") : first, given.find(1, ""), site);
            }
            if (method.equals("setHandler") && last != null) {
                run.recorder().route(new Recorder.Route(null, PythonRoutes.ANY, last, site));
            }
            return receiver;
        }
        if (path.startsWith("ServerBootstrap()")) {
            if (method.equals("bind")) {
                Value port = given.positional().size() > 1 ? given.find(1, "") : first;
                if (port instanceof Value.Made) {
                    address(port, site, run);
                } else {
                    run.bind(port == null ? Values.unknown("no port is given") : port, null, site);
                }
                return null;
            }
            return method.equals("ServerBootstrap()") ? null : receiver;
        }
        if (path.contains("createHttpServer()") || path.contains("createNetServer()")) {
            if (method.equals("listen")) {
                vertx(receiver, given, site, run);
            }
            return method.equals("requestHandler") ? receiver : null;
        }
        if ((path.startsWith("WebServer.builder()") || path.startsWith("armeria.Server.builder()"))
                && (method.equals("port") || method.equals("http"))) {
            run.bind(first == null ? Values.unknown("no port is given") : first, null, site);
            return receiver;
        }
        if (path.startsWith("Router.router()")
                && method.equals("handler")
                && receiver instanceof Value.Made made
                && last != null) {
            String at = Values.text(made.arguments().first());
            if (at != null) {
                run.recorder().route(new Recorder.Route(null, at, last, site));
            }
            return null;
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

    /** What an exchange, context or response is told to do. */
    private static @Nullable Value exchange(
            String path, String method, @Nullable Value receiver, Arguments given, Interpreter run) {
        Value first = given.first();
        if (ANSWERS.contains(method) && first != null) {
            run.answered().add(first);
            return receiver;
        }
        if (method.equals("getPath")
                || method.equals("getRequestPath")
                || method.equals("path")
                || method.equals("getPathInfo")
                || method.equals("getRequestURI")
                || method.equals("uri")) {
            Value at = receiver;
            while (at instanceof Value.Made made) {
                Value known = made.arguments().named().get("#path");
                if (known != null) {
                    return method.equals("getRequestURI") && path.equals("response().getRequestURI") ? null : known;
                }
                at = made.receiver();
            }
        }
        return method.equals("getRequestMethod") || method.equals("getMethod") ? Values.constant("GET") : null;
    }

    private static void address(@Nullable Value address, Site site, Interpreter run) {
        if (address instanceof Value.Made made && made.path().equals("InetSocketAddress()")) {
            List<Value> parts = made.arguments().positional();
            Value port = parts.isEmpty() ? Values.unknown("no port is given") : parts.getLast();
            run.bind(port, parts.size() > 1 ? parts.getFirst() : null, site);
        } else {
            run.bind(Values.unknown("the address is not known"), null, site);
        }
    }

    private void spring(Arguments given, String key, String variable, Site site, Interpreter run) {
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
        Value set = properties.get("." + key);
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
