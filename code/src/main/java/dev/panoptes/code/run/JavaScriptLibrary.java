package dev.panoptes.code.run;

import dev.panoptes.code.Language;
import dev.panoptes.code.library.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What JavaScript's own objects and Node's modules do, as far as ports, names and paths pass through them. */
final class JavaScriptLibrary {
    private static final Map<String, String> TEXTS =
            Table.of(Language.JAVASCRIPT).pairs("texts");

    private final JavaScriptDialect dialect;
    private Value.@Nullable Items arguments;

    JavaScriptLibrary(JavaScriptDialect dialect) {
        this.dialect = dialect;
    }

    boolean isCommandLine(Value.Items items) {
        return items.equals(arguments);
    }

    @Nullable
    Value member(Value object, String name, Interpreter run) {
        switch (object) {
            case Value.Foreign foreign -> {
                switch (foreign.path()) {
                    case "process.env", "Bun.env", "import.meta.env" -> {
                        return run.variables().read(Values.constant(name), null);
                    }
                    case "process" -> {
                        if (name.equals("argv")) {
                            return commandLine(run);
                        }
                    }
                    case "globalThis" -> {
                        return new Value.Foreign(name, null);
                    }
                    default -> {
                        if (name.equals("default")) {
                            return foreign;
                        }
                    }
                }
                if (foreign.receiver() instanceof Value.Made made) {
                    return made.fields().get(foreign.path() + "[" + name + "]");
                }
            }
            case Value.Entries entries -> {
                Value found = entries.cells().get(name);
                if (found instanceof Value.Routine routine && routine.self() == null) {
                    return routine.bound(entries);
                }
                if (found != null) {
                    return found;
                }
                if (entries.open()) {
                    return Values.unknown(name + " is not known from the code");
                }
                return name.equals("hasOwnProperty") || name.equals("toString")
                        ? new Value.Foreign("dict()." + name, entries)
                        : Value.NOTHING;
            }
            case Value.Items items -> {
                if (name.equals("length")) {
                    return items.open()
                            ? Values.unknown("its length is not known")
                            : new Value.Scalar((long) items.size(), null, isCommandLine(items));
                }
            }
            case Value.Scalar scalar -> {
                String text = scalar.text();
                if (text != null) {
                    return name.equals("length")
                            ? scalar.with((long) text.length())
                            : new Value.Foreign("str()." + name, scalar);
                }
                return scalar.value() == null ? null : new Value.Foreign("str()." + name, scalar);
            }
            case Value.Routine routine -> {
                if (name.equals("bind") || name.equals("call") || name.equals("apply")) {
                    return new Value.Foreign("function()." + name, routine);
                }
            }
            case Value.Instance instance -> {
                if (name.equals("constructor") && instance.fields().get(name) == null) {
                    return null;
                }
            }
            case Value.Type type -> {
                if (name.equals("name") && type.scope().names().get(name) == null) {
                    return Values.constant(type.name());
                }
            }
            default -> {}
        }
        return null;
    }

    private Value commandLine(Interpreter run) {
        if (arguments == null) {
            List<Value> words = new ArrayList<>(List.of(
                    Values.unknown("it is the name of the runtime"), Values.unknown("it is the name of the program")));
            run.arguments().forEach(word -> words.add(Values.constant(word)));
            arguments = run.items(words);
        }
        return arguments;
    }

    static void assigned(Value.Foreign target, String name, Value value, Interpreter run) {
        if (target.path().equals("process.env")) {
            run.variables().set(name, value);
        } else if (target.receiver() instanceof Value.Made made) {
            made.fields().put(target.path() + "[" + name + "]", value);
        }
    }

    @Nullable
    Value call(String path, @Nullable Value receiver, Arguments given, Site site, Interpreter run) {
        Value first = given.first();
        if (path.startsWith("str().")) {
            return text(path.substring(6), receiver, given, run);
        }
        if (path.startsWith("list().") && receiver instanceof Value.Items items) {
            return list(path.substring(7), items, given, site, run);
        }
        if (path.startsWith("dict().")) {
            return Values.unknown("it is decided while the program runs");
        }
        if (path.startsWith("function().") && receiver instanceof Value.Routine routine) {
            Value.Routine bound = first == null || routine.self() != null ? routine : routine.bound(first);
            return path.endsWith("bind")
                    ? (given.positional().size() > 1 ? new Value.Partial(bound, given.after(1)) : bound)
                    : run.evaluator().call(bound, path.endsWith("call") ? given.after(1) : Arguments.NONE, site);
        }
        if (path.startsWith("console.")) {
            return Value.NOTHING;
        }
        switch (path) {
            case "require", "import" -> {
                String name = Values.text(first);
                if (name == null) {
                    return Values.unknown("a module whose name is not known");
                }
                if (name.equals("dotenv/config")) {
                    run.libraries().call("dotenv.config", null, Arguments.NONE, site);
                }
                Module module = dialect.resolve(name, site.module(), run);
                if (module != null && (module.eager() || path.equals("import"))) {
                    run.load(module);
                }
                return run.evaluator().force(dialect.whole(name, module, site.module(), run));
            }
            case "Number", "parseInt", "parseFloat", "Number.parseInt", "Number.parseFloat" -> {
                return number(first == null ? Value.NOTHING : first);
            }
            case "String" -> {
                String shown = first == null ? null : dialect.shown(first);
                return shown != null && first instanceof Value.Scalar scalar
                        ? scalar.with(shown)
                        : first instanceof Value.Unknown
                                ? first
                                : Values.unknown("it is computed while the program runs");
            }
            case "Boolean" -> {
                Boolean truth = first == null ? Boolean.FALSE : Values.truth(first);
                return truth == null ? Values.unknown("it is decided while the program runs") : Values.constant(truth);
            }
            case "Object.assign" -> {
                return merged(given, run);
            }
            case "Object.keys", "Object.values", "Object.entries" -> {
                return first instanceof Value.Entries entries && !entries.open()
                        ? listed(path, entries, run)
                        : Values.unknown("its items are not known");
            }
            case "Object.defineProperty" -> {
                String name = Values.text(given.find(1, ""));
                if (first instanceof Value.Entries entries
                        && name != null
                        && given.find(2, "") instanceof Value.Entries how
                        && how.cells().get("value") != null) {
                    entries.cells().put(name, run.evaluator().member(how, "value"));
                }
                return first == null ? Value.NOTHING : first;
            }
            case "Map" -> {
                Value.Made made = run.made("Map()", null, given, site);
                if (first instanceof Value.Items pairs) {
                    for (Value pair : pairs.values()) {
                        Object key = pair instanceof Value.Items items ? Values.key(items.at(0)) : null;
                        Value value = pair instanceof Value.Items items ? items.at(1) : null;
                        if (key != null && value != null) {
                            made.fields().put("[" + key + "]", value);
                        }
                    }
                }
                return made;
            }
            case "Map().get", "Map().set", "Map().has" -> {
                return map(path, receiver, given);
            }
            case "URL", "url.parse", "url.URL", "parseurl" -> {
                return url(first, given, site, run);
            }
            default -> {}
        }
        if (path.endsWith(".then") && receiver instanceof Value.Made && first != null) {
            run.callBack(first, new Arguments(List.of(), Map.of(), true), site);
            return null;
        }
        return run.libraries().call(path, receiver, given, site);
    }

    /** NaN is as good as nothing: || and ?: take the other side. */
    private static Value number(Value value) {
        Value number = PythonBuiltins.integer(value);
        return number instanceof Value.Unknown && value instanceof Value.Scalar scalar ? scalar.with(null) : number;
    }

    private static Value map(String path, @Nullable Value receiver, Arguments given) {
        Object key = Values.key(given.first());
        if (!(receiver instanceof Value.Made map) || key == null) {
            return Values.unknown("it is looked up while the program runs");
        }
        Value found = map.fields().get("[" + key + "]");
        switch (path) {
            case "Map().set" -> {
                Value value = given.find(1, "");
                map.fields().put("[" + key + "]", value == null ? Value.NOTHING : value);
                return map;
            }
            case "Map().has" -> {
                return Values.constant(found != null);
            }
            default -> {
                return found == null ? Value.NOTHING : found;
            }
        }
    }

    private static @Nullable Value url(@Nullable Value first, Arguments given, Site site, Interpreter run) {
        String url = Values.text(first);
        if (url == null || !url.startsWith("/")) {
            return null;
        }
        Value.Made made = run.made("URL()", null, given, site);
        made.fields().put("pathname", Values.constant(url));
        made.fields().put("path", Values.constant(url));
        made.fields().put("search", Values.constant(""));
        return made;
    }

    private static Value merged(Arguments given, Interpreter run) {
        Value.Entries merged = given.first() instanceof Value.Entries target ? target : run.entries(Map.of());
        for (Value value : given.after(1).positional()) {
            if (value instanceof Value.Entries entries) {
                entries.cells().cells().forEach(merged.cells()::put);
            } else {
                merged.cells().put(Value.Entries.OPEN, Value.NOTHING);
            }
        }
        return merged;
    }

    private static Value listed(String path, Value.Entries entries, Interpreter run) {
        List<Value> all = new ArrayList<>();
        entries.cells().cells().forEach((key, value) -> {
            Value name = Values.constant(String.valueOf(key));
            all.add(
                    switch (path) {
                        case "Object.keys" -> name;
                        case "Object.values" -> value;
                        default -> run.items(List.of(name, value));
                    });
        });
        return run.items(all);
    }

    private static @Nullable Value text(String name, @Nullable Value receiver, Arguments given, Interpreter run) {
        if (receiver instanceof Value.Scalar scalar && scalar.text() == null) {
            return name.equals("toString")
                    ? scalar.with(String.valueOf(scalar.value()))
                    : Values.unknown("it is computed while the program runs");
        }
        String known = TEXTS.get(name);
        if (known != null) {
            return PythonTexts.call(known, receiver, known.equals("encode") ? Arguments.NONE : given, run);
        }
        if (receiver instanceof Value.Scalar scalar && scalar.text() != null) {
            String text = scalar.text();
            String part = Values.text(given.first());
            if (name.equals("includes") && part != null) {
                return scalar.with(text.contains(part));
            }
            if (name.equals("concat") && part != null) {
                return scalar.with(text + part);
            }
            if (name.equals("slice") || name.equals("substring")) {
                Value from = given.find(0, "");
                Value to = given.find(1, "");
                return new Operators(run)
                        .slice(scalar, from == null ? Value.NOTHING : from, to == null ? Value.NOTHING : to);
            }
        }
        return receiver instanceof Value.Unknown ? receiver : Values.unknown("it is computed while the program runs");
    }

    private static @Nullable Value list(String name, Value.Items items, Arguments given, Site site, Interpreter run) {
        Value first = given.first();
        switch (name) {
            case "push", "unshift" -> {
                given.positional().forEach(items.cells()::append);
                return Values.unknown("its new length");
            }
            case "forEach", "map", "flatMap" -> {
                List<Value> results = new ArrayList<>();
                if (items.open() || items.size() > 64 || first == null) {
                    return null;
                }
                for (Value each : items.values()) {
                    Arguments one = Arguments.of(each, Values.constant((long) results.size()));
                    results.add(run.evaluator().call(first, one, site));
                }
                return run.items(results);
            }
            case "join" -> {
                return PythonTexts.call("join", first == null ? Values.constant(",") : first, Arguments.of(items), run);
            }
            case "includes" -> {
                return first == null ? null : new Operators(run).binary("in", first, items);
            }
            case "slice", "concat", "filter", "reverse" -> {
                boolean whole = name.equals("slice") && first == null;
                return whole ? items : Values.unknown("its items are not known");
            }
            default -> {
                return null;
            }
        }
    }
}
