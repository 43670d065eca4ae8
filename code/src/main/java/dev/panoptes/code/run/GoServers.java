package dev.panoptes.code.run;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Go's servers and web frameworks: what binds, with the defaults that their documentation gives, and what routes. */
final class GoServers {
    private static final Set<String> ROUTERS = Set.of(
            "http.NewServeMux()",
            "http.ServeMux()",
            "http",
            "mux.NewRouter()",
            "chi.NewRouter()",
            "chi.NewMux()",
            "gin.Default()",
            "gin.New()",
            "echo.New()",
            "fiber.New()",
            "httprouter.New()",
            "iris.New()",
            "iris.Default()",
            "negroni.Classic()",
            "router.New()");
    private static final Set<String> VERBS =
            Set.of("HandleFunc", "Handle", "GET", "Get", "POST", "Any", "All", "Handler", "HandlerFunc", "ANY");

    private GoServers() {}

    static boolean binds(String path, @Nullable Value receiver, Arguments given, Site site, Interpreter run) {
        Value first = given.first();
        switch (path) {
            case "http.ListenAndServe", "http.ListenAndServeTLS", "fasthttp.ListenAndServe" -> {
                handler(given.positional().isEmpty() ? null : given.positional().getLast(), site, run);
                address(first, 80, site, run);
            }
            case "http.Server().ListenAndServe", "http.Server().ListenAndServeTLS" -> {
                if (receiver instanceof Value.Made server) {
                    handler(server.fields().get("Handler"), site, run);
                    Value address = server.fields().get("Addr");
                    address(
                            address == null ? Values.constant("") : address,
                            path.endsWith("TLS") ? 443 : 80,
                            site,
                            run);
                }
            }
            case "http.Server().Serve", "http.Serve" -> {
                Value handler =
                        receiver instanceof Value.Made server ? server.fields().get("Handler") : given.find(1, "");
                handler(handler, site, run);
            }
            case "net.Listen", "tls.Listen", "net.ListenConfig().Listen", "reuseport.Listen" -> {
                int at = path.contains("ListenConfig") ? 1 : 0;
                String network = Values.text(given.find(at, ""));
                if (network == null || network.startsWith("tcp")) {
                    address(given.find(at + 1, ""), 0, site, run);
                }
                return false;
            }
            case "net.ListenTCP" -> {
                Value port = given.find(1, "") instanceof Value.Made address
                        ? address.fields().get("Port")
                        : null;
                run.bind(port == null ? Values.unknown("the address is not known") : port, null, site);
                return false;
            }
            case "gin.Default().Run", "gin.New().Run" -> {
                if (first == null) {
                    run.bind(new Value.Scalar(8080L, "PORT", true), null, site);
                } else {
                    address(first, 0, site, run);
                }
            }
            case "gin.Default().RunTLS",
                    "gin.New().RunTLS",
                    "echo.New().Start",
                    "echo.New().StartTLS",
                    "fiber.New().Listen",
                    "fiber.New().ListenTLS",
                    "iris.New().Listen",
                    "iris.Default().Listen",
                    "negroni.Classic().Run" -> address(first, 0, site, run);
            case "echo.New().StartServer" -> {
                if (first instanceof Value.Made server) {
                    address(server.fields().get("Addr"), 0, site, run);
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private static void handler(@Nullable Value handler, Site site, Interpreter run) {
        if (handler instanceof Value.Routine || handler instanceof Value.Instance) {
            run.recorder().route(new Recorder.Route(null, PythonRoutes.ANY, handler, site));
        }
    }

    /** @param standard the port of an empty address; 0 where there is none */
    private static void address(@Nullable Value address, int standard, Site site, Interpreter run) {
        String text = Values.text(address);
        if (text != null && text.isEmpty()) {
            if (standard > 0) {
                run.bind(Values.constant((long) standard), null, site);
            }
            return;
        }
        if (text != null && text.endsWith(":http")) {
            run.bind(Values.constant(80L), null, site);
            return;
        }
        if (text != null && text.indexOf(':') < 0 && Values.number(text) == null) {
            return;
        }
        PythonServers.text(address, site, run);
    }

    static @Nullable Value routes(String path, @Nullable Value receiver, Arguments given, Site site, Interpreter run) {
        int dot = path.lastIndexOf('.');
        String owner = dot < 0 ? "" : path.substring(0, dot);
        String method = path.substring(dot + 1);
        String base = owner.replaceAll("\\.(Group|Route|PathPrefix|With|Subrouter|Use|Methods|Name)\\(\\)", "");
        if (!ROUTERS.contains(base)) {
            return null;
        }
        Value first = given.first();
        String route = Values.text(first);
        if (route != null && route.contains(" /")) {
            // "GET /health"
            route = route.substring(route.indexOf(' ') + 1);
        }
        if (VERBS.contains(method) && route == null && given.positional().size() > 2) {
            return null;
        }
        Value last = given.positional().isEmpty() ? null : given.positional().getLast();
        if (VERBS.contains(method) && route != null && route.startsWith("/") && last != null) {
            run.recorder().route(new Recorder.Route(receiver, route, last, site));
            return run.made(path + "()", receiver, given, site);
        }
        if (method.equals("Group") || method.equals("PathPrefix") || method.equals("Route")) {
            Value.Made inner = run.made(path + "()", receiver, given, site);
            if (receiver != null) {
                run.recorder().mount(new Recorder.Mount(receiver, inner, route == null ? "" : route));
            }
            if (last instanceof Value.Routine routine) {
                run.callBack(routine, Arguments.of(inner), site);
            }
            return inner;
        }
        if (method.equals("Subrouter") && receiver != null) {
            return receiver;
        }
        if (method.equals("Mount") && last != null && receiver != null) {
            run.recorder().mount(new Recorder.Mount(receiver, last, route == null ? "" : route));
            return Value.NOTHING;
        }
        return null;
    }
}
