package dev.panoptes.code.run;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What Python's servers do that no table can say: settings that are gathered before they are used. */
final class PythonServers {
    private final Interpreter run;

    PythonServers(Interpreter run) {
        this.run = run;
    }

    @Nullable
    Value special(String what, Call call) {
        Value first = call.first();
        switch (what) {
            case "started" -> PythonCommands.started(call, run);
            case "fields" -> {
                boolean plain =
                        !(first instanceof Value.Instance) && call.path().endsWith("encoder");
                return first == null || plain ? first : PythonBuiltins.fields(first, run);
            }
            case "setdefault" -> {
                Value value = call.given().find(1, "value");
                String variable = call.text(0);
                if (variable != null && run.given(variable) == null && value instanceof Value.Scalar scalar) {
                    run.variables.set(variable, new Value.Scalar(scalar.value(), variable, true));
                }
                return run.variables.read(first, value);
            }
            case "route", "routes" -> {
                if (call.receiver() == null) {
                    return null;
                }
                if (what.equals("route")) {
                    PythonRoutes.add(call.receiver(), call, run);
                } else {
                    PythonRoutes.list(call.receiver(), run.libraries.picked(call, "of"), call.site(), run);
                }
                return Value.NOTHING;
            }
            case "gunicorn" -> gunicorn(call);
            case "gunicorn-setting" -> {
                Value value = call.given().find(1, "value");
                if (call.text(0) != null && value != null && call.receiver() instanceof Value.Instance instance) {
                    instance.fields().put("cfg[" + call.text(0) + "]", value);
                }
            }
            case "mcp" -> mcp(call);
            case "socket" -> socket(call);
            case "django" -> django(call);
            default -> throw new IllegalStateException("special=" + what + " is not known");
        }
        return run.made(call.path() + "()", call.receiver(), call.given(), call.site());
    }

    /** {@code manage.py runserver [address:]port}; other commands serve nothing. */
    private void django(Call call) {
        List<Value> words = call.path().endsWith("call_command")
                ? call.given().positional()
                : run.start.arguments().stream().<Value>map(Values::constant).toList();
        if (words.isEmpty() || !"runserver".equals(Values.text(words.getFirst()))) {
            return;
        }
        Value address = null;
        for (Value word : words.subList(1, words.size())) {
            String text = Values.text(word);
            address = text != null && text.startsWith("-") ? address : word;
        }
        if (address == null || Values.number(address) != null) {
            Value port = address == null ? Values.constant(8000L) : address;
            run.bind(port, Values.constant("127.0.0.1"), call.site());
        } else {
            Addresses.bind(address, call.site(), run);
        }
    }

    /** A socket is bound first and listens later; one of datagrams never does. */
    private void socket(Call call) {
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
        if (call.first() instanceof Value.Items bound && !datagrams) {
            socket.fields().put("bound", bound);
        }
    }

    private void gunicorn(Call call) {
        if (!(call.receiver() instanceof Value.Instance instance)) {
            return;
        }
        if (run.members.memberOrNull(instance, "load_config") instanceof Value.Routine routine) {
            run.calls.invoke(routine, Arguments.NONE, call.site());
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
    private void mcp(Call call) {
        Value transport = call.given().find(0, "transport");
        String chosen = Values.text(transport);
        if (transport == null || "stdio".equals(chosen)) {
            return;
        }
        if (chosen == null) {
            run.bind(Values.unknown("the transport is not known"), null, call.site());
            return;
        }
        Value served = new Value.Foreign("fastmcp.FastMCP().run_http_async", call.receiver());
        run.evaluator.call(served, call.given(), call.site());
    }
}
