package dev.panoptes.code.run;

import dev.panoptes.code.syntax.Expression;
import dev.panoptes.code.syntax.Function;
import java.util.ArrayList;
import java.util.HashMap;
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

    private final PythonServers servers = new PythonServers();
    private final PythonCommandLine commandLine = new PythonCommandLine();
    private final Map<String, Value> environment = new HashMap<>();
    private Value.@Nullable Items arguments;

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
                return environment(key, null, run);
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

    void assigned(Value.Foreign target, String name, Value value) {
        if (target.path().equals("os.environ")) {
            environment.put(name, value);
        } else if (target.receiver() instanceof Value.Made made) {
            made.fields().put(target.path() + "[" + name + "]", value);
        }
    }

    /** An environment variable and what is taken where it is not set. */
    private Value environment(@Nullable Value name, @Nullable Value standard, Interpreter run) {
        String variable = name instanceof Value.Scalar scalar && Values.whole(scalar) ? scalar.text() : null;
        Value known = variable == null ? null : environment.get(variable);
        if (known == null) {
            known = run.given(variable);
        }
        if (known != null) {
            return known;
        }
        Value otherwise = standard == null ? Value.NOTHING : standard;
        return switch (otherwise) {
            case Value.Scalar scalar
            when scalar.value() != null ->
                new Value.Scalar(scalar.value(), variable != null ? variable : scalar.variable(), true);
            case Value.Unknown unknown when variable != null && unknown.variable() != null -> unknown;
            case Value.Scalar _ ->
                variable == null
                        ? Values.unknown("an environment variable decides")
                        : new Value.Unknown(
                                "the environment variable " + variable + " decides and has no default", variable);
            default ->
                new Value.Unknown("the environment decides, and its default is not known from the code", variable);
        };
    }

    /** python-dotenv: the nearest {@code .env} from the calling file upwards, unless a path is given; what is set stays. */
    private void loadDotenv(Arguments given, Site site, Interpreter run) {
        Value path = given.find(0, "dotenv_path");
        String named = path instanceof Value.Made made ? PythonPaths.pathText(made) : Values.text(path);
        boolean overrides =
                Boolean.TRUE.equals(Values.truth(given.named().getOrDefault("override", Values.constant(false))));
        Map<String, String> read = named == null && path != null && !path.equals(Value.NOTHING)
                ? Map.of()
                : Dotenv.near(site.module().folder(), named, run);
        read.forEach((variable, value) -> {
            if (overrides || (run.given(variable) == null && !environment.containsKey(variable))) {
                environment.put(variable, Values.constant(value));
            }
        });
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
        Value known = system(name, receiver, given, site, run);
        known = known == null ? commandLine.call(name, receiver, given, site, run) : known;
        return known == null ? servers.call(name, receiver, given, site, run) : known;
    }

    private @Nullable Value system(String name, @Nullable Value receiver, Arguments given, Site site, Interpreter run) {
        Value first = given.first();
        switch (name) {
            case "os.getenv", "os.environ.get", "os.environ.pop" -> {
                return environment(given.find(0, "key"), given.find(1, "default"), run);
            }
            case "os.environ.setdefault" -> {
                String variable = Values.text(first);
                Value value = given.find(1, "value");
                if (variable != null && run.given(variable) == null && value instanceof Value.Scalar scalar) {
                    environment.put(variable, new Value.Scalar(scalar.value(), variable, true));
                }
                return environment(first, value, run);
            }
            case "decouple.config",
                    "decouple.AutoConfig()",
                    "starlette.Config()",
                    "environs.Env()",
                    "environ.Env()",
                    "environs.Env().str",
                    "environs.Env().int",
                    "environ.Env().str",
                    "environ.Env().int" -> {
                Value standard = given.find(name.startsWith("starlette") ? 2 : 1, "default");
                return environment(first, standard, run);
            }
            case "dotenv.load_dotenv" -> {
                loadDotenv(given, site, run);
                return Values.constant(true);
            }
            case "sys.exit", "os._exit" -> throw new Interpreter.Exit();
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
            case "threading.Thread", "multiprocessing.Process", "threading.Timer" -> {
                Value target = given.find(1, name.endsWith("Timer") ? "function" : "target");
                Value values = given.find(name.endsWith("Timer") ? 2 : 3, "args");
                Value names = given.find(name.endsWith("Timer") ? 3 : 4, "kwargs");
                startThread(target, values, names, site, run);
                return run.made(name + "()", null, given, site);
            }
            case "asyncio.run",
                    "asyncio.run_until_complete",
                    "asyncio.wait_for",
                    "asyncio.shield",
                    "anyio.run",
                    "asyncio.create_task",
                    "asyncio.ensure_future",
                    "trio.run" -> {
                Value coroutine = first == null ? Value.NOTHING : first;
                if (coroutine instanceof Value.Routine
                        || coroutine instanceof Value.Partial
                        || coroutine instanceof Value.Foreign) {
                    return run.evaluator().call(coroutine, given.after(1), site);
                }
                return coroutine;
            }
            case "asyncio.to_thread" -> {
                return first == null ? null : run.evaluator().call(first, given.after(1), site);
            }
            case "dataclasses.asdict" -> {
                return first == null ? null : PythonBuiltins.fields(first, run);
            }
            case "types.SimpleNamespace", "argparse.Namespace" -> {
                Value.Made made = run.made("types.SimpleNamespace()", null, given, site);
                given.named().forEach(made.fields()::put);
                return made;
            }
            case "collections.namedtuple" -> {
                return null;
            }
            case "fastapi.jsonable_encoder" -> {
                return first instanceof Value.Instance ? PythonBuiltins.fields(first, run) : first;
            }
            case "typing.cast" -> {
                return given.find(1, "val");
            }
            case "copy.deepcopy", "copy.copy" -> {
                return first;
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
        if (name.endsWith("().run_until_complete") || name.endsWith("().run_coroutine_threadsafe")) {
            return first == null ? Value.NOTHING : first;
        }
        if (name.endsWith("().run_in_executor") && given.positional().size() > 1) {
            run.callBack(given.positional().get(1), given.after(2), site);
            return Values.unknown("it runs elsewhere");
        }
        if (name.endsWith("Executor().submit") && first != null) {
            run.callBack(first, given.after(1), site);
            return Values.unknown("it runs elsewhere");
        }
        if (receiver instanceof Value.Made made && made.path().equals(PythonPaths.PATH)) {
            return switch (name.substring(name.lastIndexOf('.') + 1)) {
                case "resolve", "absolute", "expanduser" -> made;
                case "as_posix" -> PythonBuiltins.text(made);
                case "joinpath" -> operate("/", made, first == null ? Value.NOTHING : first, run);
                default -> null;
            };
        }
        if (receiver instanceof Value.Instance instance
                && MODEL_FIELDS.contains(name.substring(name.lastIndexOf('.') + 1))) {
            return PythonBuiltins.fields(instance, run);
        }
        return null;
    }

    private static void startThread(
            @Nullable Value target, @Nullable Value values, @Nullable Value names, Site site, Interpreter run) {
        if (target == null) {
            return;
        }
        List<Value> positional = values == null ? List.of() : run.evaluator().turns(values);
        Map<String, Value> named = new HashMap<>();
        if (names instanceof Value.Entries entries) {
            entries.cells().cells().forEach((key, value) -> named.put(String.valueOf(key), value));
        }
        run.callBack(
                target, new Arguments(positional == null ? List.of() : positional, named, positional == null), site);
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
        if ((!folder.isEmpty() || normal.equals("/")) && !run.searchPath().contains(folder)) {
            run.searchPath().add(folder);
        }
    }

    @Nullable
    Value decorate(Value decorator, Value function, Site site, Interpreter run) {
        Value known = commandLine.decorate(decorator, function);
        return known == null ? servers.decorate(decorator, function, site, run) : known;
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
}
