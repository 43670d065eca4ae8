package dev.panoptes.code.run;

import dev.panoptes.code.syntax.Expression;
import dev.panoptes.code.syntax.Function;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What Python's own library does, as far as ports, names and paths pass through it; servers are in {@link PythonServers}. What
 * is left here shares the program's environment and command line.
 */
final class PythonLibrary {
    /** Methods that every Pydantic model has and that give its fields. */
    private static final Set<String> MODEL_FIELDS = Set.of("model_dump", "dict", "model_dump_json", "json");

    private final PythonCommandLine commandLine;
    private Value.@Nullable Items arguments;

    PythonLibrary(Interpreter run) {
        this.commandLine = new PythonCommandLine(run);
    }

    /** Module paths are shortened to package and name: {@code fastapi.applications.FastAPI().get} is {@code fastapi.FastAPI().get}. */
    static String canonical(String path) {
        int call = path.indexOf("()");
        String head = call < 0 ? path : path.substring(0, call);
        int first = head.indexOf('.');
        int last = head.lastIndexOf('.');
        if (first < 0 || first == last || head.startsWith("os.") || head.startsWith("sys.")) {
            return path;
        }
        return head.substring(0, first) + head.substring(last) + (call < 0 ? "" : path.substring(call));
    }

    @Nullable
    Value member(Value object, String name, Interpreter run) {
        switch (object) {
            case Value.Foreign foreign -> {
                if (foreign.path().equals("sys") && name.equals("argv")) {
                    return commandLineArguments(run);
                }
                Value option = foreign.path().endsWith("options.options")
                                || foreign.path().endsWith(".FLAGS")
                        ? commandLine.defined(name)
                        : null;
                if (option != null) {
                    return option;
                }
                if (name.equals("TYPE_CHECKING")) {
                    return Values.constant(false);
                }
                if (foreign.receiver() instanceof Value.Made made) {
                    return made.fields().get(foreign.path() + "[" + name + "]");
                }
            }
            case Value.Made made -> {
                if (made.path().equals(PythonPaths.PATH)) {
                    return PythonPaths.pathMember(made, name, run);
                }
                if (made.fields().get(name) == null
                        && (name.equals("title") || name.equals("version") || name.equals("description"))) {
                    return made.arguments().named().get(name);
                }
            }
            case Value.Scalar scalar -> {
                if (name.equals("value") && !(scalar.value() == null)) {
                    return scalar;
                }
            }
            case Value.Instance instance -> {
                if (name.equals("__class__")) {
                    return instance.type();
                }
                if (name.equals("__dict__")) {
                    return new Value.Entries(instance.fields(), Map.of(), instance.site());
                }
                if (MODEL_FIELDS.contains(name)
                        && instance.fields().get(name) == null
                        && PythonTypes.inheritsFromModel(instance.type(), name, run)) {
                    return new Value.Foreign("pydantic.BaseModel()." + name, instance);
                }
            }
            case Value.Type type -> {
                if (name.equals("__name__")) {
                    return Values.constant(type.name());
                }
            }
            case Value.Routine routine -> {
                if (name.equals("command") || name.equals("group")) {
                    return new Value.Foreign("click.Group()." + name, routine);
                }
            }
            default -> {}
        }
        return null;
    }

    private Value commandLineArguments(Interpreter run) {
        if (arguments == null) {
            Store cells = new Store(run.journal());
            cells.append(Values.unknown("it is the name of the program"));
            run.arguments().forEach(word -> cells.append(Values.constant(word)));
            arguments = new Value.Items(cells, false);
        }
        return arguments;
    }

    @Nullable
    Value index(Value object, Value key, Interpreter run) {
        if (object instanceof Value.Foreign foreign) {
            if (foreign.path().equals("os.environ")) {
                return run.variables().read(key, null);
            }
            if (foreign.receiver() instanceof Value.Made made && Values.shown(key) != null) {
                return made.fields().get(foreign.path() + "[" + Values.shown(key) + "]");
            }
        }
        if (object instanceof Value.Made made && Values.shown(key) != null) {
            return made.fields().get("[" + Values.shown(key) + "]");
        }
        return null;
    }

    static void assigned(Value.Foreign target, String name, Value value, Interpreter run) {
        if (target.path().equals("os.environ")) {
            run.variables().set(name, value);
        } else if (target.receiver() instanceof Value.Made made) {
            made.fields().put(target.path() + "[" + name + "]", value);
        }
    }

    @Nullable
    Value operate(String operator, Value left, Value right, Interpreter run) {
        if (operator.equals("/")
                && left instanceof Value.Made made
                && made.path().equals(PythonPaths.PATH)) {
            String base = PythonPaths.pathText(made);
            String more = Values.text(right);
            return base == null || more == null
                    ? Values.unknown("a path that is not known")
                    : PythonPaths.path(PythonDialect.join(base, more), made.site(), run);
        }
        if (operator.equals("%") && left instanceof Value.Scalar scalar && scalar.text() != null) {
            List<Value> values = right instanceof Value.Items items ? items.values() : List.of(right);
            return TextParts.formatted(scalar, values);
        }
        if (operator.equals("|") && left instanceof Value.Entries a && right instanceof Value.Entries b) {
            Value.Entries merged = run.entries(Map.of());
            a.cells().cells().forEach(merged.cells()::put);
            b.cells().cells().forEach(merged.cells()::put);
            return merged;
        }
        if (operator.equals("+")
                && left instanceof Value.Items a
                && right instanceof Value.Items b
                && !a.open()
                && !b.open()) {
            List<Value> all = a.values();
            all.addAll(b.values());
            return run.items(all);
        }
        return null;
    }

    @Nullable
    Value call(String path, @Nullable Value receiver, Arguments given, Site site, Interpreter run) {
        String name = canonical(path);
        if (name.startsWith("builtins.")) {
            return PythonBuiltins.builtin(name.substring(9), arguments, given, site, run);
        }
        if (name.startsWith("str().")) {
            return PythonTexts.call(name.substring(6), receiver, given, run);
        }
        if (name.startsWith("dict().") && receiver instanceof Value.Entries entries) {
            return PythonBuiltins.dictionary(name.substring(7), entries, given, run);
        }
        if (name.startsWith("list().") && receiver instanceof Value.Items items) {
            return PythonBuiltins.list(name.substring(7), items, given, run);
        }
        Value known = run.libraries().call(name, receiver, given, site);
        known = known == null ? own(name, receiver, given, site, run) : known;
        known = known == null ? commandLine.call(name, receiver, given, site, run) : known;
        return known == null ? PythonRoutes.register(name, receiver, given, site, run) : known;
    }

    /** What makes values of its own kind. */
    private @Nullable Value own(String name, @Nullable Value receiver, Arguments given, Site site, Interpreter run) {
        Value first = given.first();
        switch (name) {
            case "sys.path.append", "sys.path.insert", "sys.path.extend" -> {
                addPath(given.find(name.endsWith("insert") ? 1 : 0, ""), run);
                return Value.NOTHING;
            }
            case "os.path.dirname",
                    "os.path.abspath",
                    "os.path.realpath",
                    "os.path.normpath",
                    "os.path.basename",
                    "os.path.join",
                    "os.path.expanduser" -> {
                return PythonPaths.osPath(name.substring(8), given);
            }
            case "pathlib.Path", "pathlib.PurePath" -> {
                List<String> parts = new ArrayList<>();
                for (Value value : given.positional()) {
                    String part = value instanceof Value.Made made ? PythonPaths.pathText(made) : Values.text(value);
                    parts.add(part == null ? "\0" : part);
                }
                String joined = String.join("/", parts);
                return joined.contains("\0") ? null : PythonPaths.path(joined, site, run);
            }
            case "functools.partial" -> {
                return first == null ? null : new Value.Partial(first, given.after(1));
            }
            case "types.SimpleNamespace", "argparse.Namespace" -> {
                Value.Made made = run.made("types.SimpleNamespace()", null, given, site);
                given.named().forEach(made.fields()::put);
                return made;
            }
            case "urllib.urlparse", "urllib.urlsplit" -> {
                String url = Values.text(first);
                if (url != null && url.startsWith("/")) {
                    Value.Made made = run.made("urllib.urlparse()", null, given, site);
                    made.fields().put("path", Values.constant(url));
                    made.fields().put("query", Values.constant(""));
                    return made;
                }
                return null;
            }
            default -> {}
        }
        String method = name.substring(name.lastIndexOf('.') + 1);
        if (receiver instanceof Value.Made made && made.path().equals(PythonPaths.PATH)) {
            return switch (method) {
                case "resolve", "absolute", "expanduser" -> made;
                case "as_posix" -> PythonBuiltins.text(made);
                case "joinpath" -> operate("/", made, first == null ? Value.NOTHING : first, run);
                default -> null;
            };
        }
        return receiver instanceof Value.Instance instance && MODEL_FIELDS.contains(method)
                ? PythonBuiltins.fields(instance, run)
                : null;
    }

    /** The root of the scanned tree is {@code /}; an absolute path of the deployed machine is found by its last folders. */
    private static void addPath(@Nullable Value value, Interpreter run) {
        String text = value instanceof Value.Made made ? PythonPaths.pathText(made) : Values.text(value);
        if (text == null) {
            return;
        }
        String normal = PythonPaths.normal(
                text.startsWith("/")
                        ? text
                        : "/" + PythonDialect.join(run.root().folder(), text));
        String folder = normal.substring(1);
        while (!folder.isEmpty() && !run.modules().folder(folder)) {
            int slash = folder.indexOf('/');
            folder = slash < 0 ? "" : folder.substring(slash + 1);
        }
        if (!folder.isEmpty() || normal.equals("/")) {
            run.addSearchPath(folder);
        }
    }

    @Nullable
    Value decorate(Value decorator, Value function, Site site, Interpreter run) {
        Value known = commandLine.decorate(decorator, function);
        if (known != null) {
            return known;
        }
        String path = switch (decorator) {
            case Value.Made made -> made.path().substring(0, made.path().length() - 2);
            case Value.Foreign foreign -> foreign.path();
            default -> "";
        };
        return run.libraries().decorate(canonical(path), decorator, function, site);
    }

    @Nullable
    Value parameter(Function.Parameter parameter, Value.Routine routine, Interpreter run) {
        Value option = commandLine.option(parameter, routine, run);
        if (option != null) {
            return option;
        }
        if (parameter.standard() != null && parameter.kind() != Function.Kind.REST) {
            // typer and fire name an option after the parameter that it fills.
            Value passed = commandLine.fills(routine)
                    ? Options.passed(
                            run.arguments(), parameter.name(), parameter.name().replace('_', '-'))
                    : null;
            if (passed != null) {
                return passed;
            }
        }
        Expression standard = parameter.standard();
        if (standard instanceof Expression.Call) {
            Value value = run.evaluator()
                    .value(standard, new Interpreter.Frame(routine.closure(), new ArrayList<>(), null, null));
            Value injected = injected(value, run);
            return injected == null ? commandLine.parameter(value) : injected;
        }
        if (standard == null
                && parameter.type() instanceof Expression.Index index
                && index.key() instanceof Expression.Items items
                && !items.items().isEmpty()
                && items.items().getLast() instanceof Expression.Call call) {
            return injected(
                    run.evaluator()
                            .value(call, new Interpreter.Frame(routine.closure(), new ArrayList<>(), null, null)),
                    run);
        }
        return null;
    }

    /** {@code settings: Settings = Depends(get_settings)}. */
    private static @Nullable Value injected(Value standard, Interpreter run) {
        if (standard instanceof Value.Made made && made.path().endsWith(".Depends()")) {
            Value provider = made.arguments().find(0, "dependency");
            return provider == null ? null : run.evaluator().call(provider, Arguments.NONE, made.site());
        }
        return null;
    }

    void called(Value.Routine routine, Interpreter run) {
        commandLine.called(routine, run);
    }

    Value define(LibraryCalls.Call call) {
        commandLine.define(call.given());
        return Value.NOTHING;
    }
}
