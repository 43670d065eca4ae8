package dev.panoptes.code.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What JavaScript's own objects and Node's modules do, as far as ports, names and paths pass through them. */
final class JavaScriptLibrary extends Library {
    private static final Set<String> ENVIRONMENTS = Set.of("process.env", "Bun.env", "import.meta.env");

    private final JavaScriptServers servers;

    JavaScriptLibrary(Interpreter run) {
        super(run);
        this.servers = new JavaScriptServers(run);
    }

    @Override
    protected @Nullable Value member(Value object, String name) {
        return switch (object) {
            case Value.Foreign foreign -> ofModule(foreign, name);
            case Value.Entries entries -> entry(entries, name);
            case Value.Items items when name.equals("length") -> length(items);
            case Value.Scalar scalar -> {
                if (scalar.text() != null && name.equals("length")) {
                    yield scalar.with((long) scalar.text().length());
                }
                yield scalar.value() == null ? null : new Value.Foreign("str()." + name, scalar);
            }
            case Value.Routine routine ->
                Set.of("bind", "call", "apply").contains(name)
                        ? new Value.Foreign("function()." + name, routine)
                        : null;
            case Value.Type type ->
                name.equals("name") && type.scope().names.get(name) == null ? Values.constant(type.name()) : null;
            default -> null;
        };
    }

    private @Nullable Value ofModule(Value.Foreign foreign, String name) {
        String path = foreign.path();
        if (ENVIRONMENTS.contains(path)) {
            return run.variables.read(Values.constant(name), null);
        }
        if (path.equals("process") && name.equals("argv")) {
            return commandLine("it is the name of the runtime", "it is the name of the program");
        }
        return path.equals("globalThis")
                ? new Value.Foreign(name, null)
                : name.equals("default") ? foreign : kept(foreign, name);
    }

    private Value entry(Value.Entries entries, String name) {
        Value found = entries.cells().get(name);
        if (found != null) {
            return found instanceof Value.Routine routine && routine.self() == null ? routine.bound(entries) : found;
        }
        if (entries.open()) {
            return Values.unknown(name + " is not known from the code");
        }
        return run.libraries.table.pairs("maps").containsKey(name)
                ? new Value.Foreign("dict()." + name, entries)
                : Value.NOTHING;
    }

    @Override
    void assigned(Value.Foreign target, String name, Value value) {
        if (target.path().equals("process.env")) {
            run.variables.set(name, value);
        } else {
            super.assigned(target, name, value);
        }
    }

    @Override
    protected @Nullable Value call(Call call) {
        String path = call.path();
        Value first = call.first();
        if (path.startsWith("function().") && call.receiver() instanceof Value.Routine routine) {
            return function(call, routine);
        }
        if (path.endsWith(".then") && call.receiver() instanceof Value.Made made && first != null) {
            run.calls.callBack(first, Arguments.of(made), call.site());
            return null;
        }
        return switch (path) {
            case "require", "import" -> run.dialect.required(call);
            case "Object.assign" -> {
                Value.Entries merged = first instanceof Value.Entries target ? target : run.entries(Map.of());
                call.given().after(1).positional().forEach(each -> Builtins.merge(merged, each, Arguments.NONE));
                yield merged;
            }
            default -> super.call(call);
        };
    }

    /** {@code f.bind(x)}, {@code f.call(x, 1)}, {@code f.apply(x, list)}. */
    private Value function(Call call, Value.Routine routine) {
        Value first = call.first();
        Value.Routine bound = first == null || routine.self() != null ? routine : routine.bound(first);
        Arguments rest = call.given().after(1);
        if (call.path().endsWith("bind")) {
            return rest.positional().isEmpty() ? bound : new Value.Partial(bound, rest);
        }
        return run.evaluator.call(bound, call.path().endsWith("call") ? rest : Arguments.NONE, call.site());
    }

    @Override
    protected @Nullable Value decorate(Value decorator, Value function, Site site) {
        if (function instanceof Value.Type type
                && decorator instanceof Value.Made made
                && made.path().endsWith("Controller()")) {
            new Controllers(run).controller(type);
        }
        return null;
    }

    @Override
    protected @Nullable Value operate(String operator, Value left, Value right) {
        return operator.equals("instanceof") || operator.equals("in")
                ? Values.decided()
                : concatenated(operator, left, right);
    }

    @Override
    protected @Nullable Value index(Value object, Value key) {
        String name = Values.text(key);
        if (name != null && !(object instanceof Value.Items)) {
            return member(object, name);
        }
        boolean beyond = object instanceof Value.Items items
                && !items.open()
                && key instanceof Value.Scalar scalar
                && scalar.value() instanceof Long number
                && items.at(number) == null;
        return beyond ? new Value.Scalar(null, null, Values.soft(length((Value.Items) object))) : null;
    }

    @Override
    boolean definesApplication(Scope scope) {
        List<Value> values = new ArrayList<>(scope.names.values());
        if (scope.names.get("module") instanceof Value.Entries own
                && own.cells().get("exports") instanceof Value exports) {
            values.add(exports);
            if (exports instanceof Value.Entries entries) {
                values.addAll(entries.cells().values());
            }
        }
        return values.stream()
                .anyMatch(value -> value instanceof Value.Made made && run.libraries.application(made.path()));
    }

    @Override
    protected @Nullable Value special(String what, Call call) {
        return servers.special(what, call);
    }
}
