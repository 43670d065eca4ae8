package dev.panoptes.code.run;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What Python's servers do that no table can say: settings that are gathered before they are used. */
final class PythonServers {
    private PythonServers() {}

    static @Nullable Value special(String what, LibraryCalls.Call call, Interpreter run) {
        Arguments given = call.given();
        Value first = given.first();
        switch (what) {
            case "started" -> PythonCommands.started(call.path(), given, call.site(), run);
            case "fields" -> {
                return first == null
                                || (!(first instanceof Value.Instance)
                                        && call.path().endsWith("encoder"))
                        ? first
                        : PythonBuiltins.fields(first, run);
            }
            case "executor" -> {
                int at = call.path().endsWith("submit") ? 0 : 1;
                Value function = given.find(at, "");
                if (function != null) {
                    run.callBack(function, given.after(at + 1), call.site());
                }
                return Values.unknown("it runs elsewhere");
            }
            case "setdefault" -> {
                Value value = given.find(1, "value");
                String variable = Values.text(first);
                if (variable != null && run.given(variable) == null && value instanceof Value.Scalar scalar) {
                    run.variables().set(variable, new Value.Scalar(scalar.value(), variable, true));
                }
                return run.variables().read(first, value);
            }
            case "waitress" -> waitress(call, run);
            case "gunicorn" -> gunicorn(call, run);
            case "gunicorn-setting" -> {
                String setting = Values.text(first);
                Value value = given.find(1, "value");
                if (setting != null && value != null && call.receiver() instanceof Value.Instance instance) {
                    instance.fields().put("cfg[" + setting + "]", value);
                }
            }
            case "mcp" -> {
                if (!mcp(call, run)) {
                    return run.made(call.path() + "()", call.receiver(), given, call.site());
                }
            }
            case "cherrypy-settings" -> {
                Value port =
                        first instanceof Value.Entries entries ? entries.cells().get("server.socket_port") : null;
                Value host =
                        first instanceof Value.Entries entries ? entries.cells().get("server.socket_host") : null;
                run.libraries().kept().put("cherrypy.port", port == null ? Value.NOTHING : port);
                run.libraries().kept().put("cherrypy.host", host == null ? Value.NOTHING : host);
            }
            case "cherrypy" -> {
                Value host = run.libraries().kept().get("cherrypy.host");
                boolean said = host != null && !host.equals(Value.NOTHING);
                run.bind(
                        port(run.libraries().kept().get("cherrypy.port"), 8080),
                        said ? host : Values.constant("127.0.0.1"),
                        call.site());
            }
            case "socket" -> socket(call, run);
            case "django" -> django(call, run);
            default -> throw new IllegalStateException("special=" + what + " is not known");
        }
        return run.made(call.path() + "()", call.receiver(), given, call.site());
    }

    private static Value port(@Nullable Value given, int standard) {
        return given == null || given.equals(Value.NOTHING) ? Values.constant((long) standard) : given;
    }

    /** {@code manage.py runserver [address:]port}; other commands serve nothing. */
    private static void django(LibraryCalls.Call call, Interpreter run) {
        List<Value> words = call.path().endsWith("call_command")
                ? call.given().positional()
                : run.arguments().stream().<Value>map(Values::constant).toList();
        if (words.isEmpty() || !"runserver".equals(Values.text(words.getFirst()))) {
            return;
        }
        Value address = null;
        for (Value word : words.subList(1, words.size())) {
            String text = Values.text(word);
            address = text != null && text.startsWith("-") ? address : word;
        }
        boolean bare = address != null && Values.number(address) != null;
        if (address == null || bare) {
            run.bind(port(address, 8000), Values.constant("127.0.0.1"), call.site());
        } else {
            Addresses.bind(address, call.site(), run);
        }
    }

    /** A socket is bound first and listens later; one of datagrams never does. */
    private static void socket(LibraryCalls.Call call, Interpreter run) {
        if (!(call.receiver() instanceof Value.Made socket)) {
            return;
        }
        if (call.path().endsWith(".listen")) {
            if (socket.fields().get("bound") instanceof Value.Items bound) {
                Addresses.bind(bound, call.site(), run);
            }
            return;
        }
        boolean datagrams = socket.arguments().find(1, "type") instanceof Value.Foreign foreign
                && (foreign.path().endsWith("SOCK_DGRAM") || foreign.path().endsWith("SOCK_RAW"));
        if (call.given().first() instanceof Value.Items bound && !datagrams) {
            socket.fields().put("bound", bound);
        }
    }

    private static void waitress(LibraryCalls.Call call, Interpreter run) {
        Map<String, Value> named = call.given().named();
        Value listen = named.get("listen");
        if (named.containsKey("unix_socket") || named.containsKey("sockets")) {
            return;
        }
        if (listen == null) {
            run.bind(port(named.get("port"), 8080), named.get("host"), call.site());
        } else {
            Addresses.bind(listen, call.site(), run);
        }
    }

    private static void gunicorn(LibraryCalls.Call call, Interpreter run) {
        if (!(call.receiver() instanceof Value.Instance instance)) {
            return;
        }
        if (run.evaluator().memberOrNull(instance, "load_config") instanceof Value.Routine routine) {
            run.invoke(routine, Arguments.NONE, call.site());
        }
        Value bind = instance.fields().get("cfg[bind]");
        if (bind == null && instance.fields().get("options") instanceof Value.Entries options) {
            bind = options.cells().get("bind");
        }
        if (bind == null) {
            run.bind(Values.constant(8000L), Values.constant("127.0.0.1"), call.site());
        } else {
            Addresses.bind(bind, call.site(), run);
        }
    }

    /** Over standard input and output it binds nothing. */
    private static boolean mcp(LibraryCalls.Call call, Interpreter run) {
        Value transport = call.given().find(0, "transport");
        String chosen = Values.text(transport);
        if (transport == null || "stdio".equals(chosen)) {
            return false;
        }
        if (chosen == null) {
            run.bind(Values.unknown("the transport is not known"), null, call.site());
            return true;
        }
        run.evaluator()
                .call(
                        new Value.Foreign("fastmcp.FastMCP().run_http_async", call.receiver()),
                        call.given(),
                        call.site());
        return true;
    }
}
