package dev.panoptes.integrity.declared.code.run;

import dev.panoptes.integrity.declared.code.syntax.Expression;
import dev.panoptes.integrity.declared.code.syntax.Function;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** What Python's own library does, as far as ports, names and paths pass through it; servers are in {@link PythonServers}. */
final class PythonLibrary {
    private static final String PATH = "pathlib.Path()";
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
                if (made.path().equals(PATH)) {
                    return pathMember(made, name, run);
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
            arguments = new Value.Items(cells, false);
        }
        return arguments;
    }

    @Nullable
    Value index(Value object, Value key, Interpreter run) {
        if (object instanceof Value.Foreign foreign) {
            if (foreign.path().equals("os.environ")) {
                return environment(key, null);
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
    private Value environment(@Nullable Value name, @Nullable Value standard) {
        String variable = name instanceof Value.Scalar scalar && Values.whole(scalar) ? scalar.text() : null;
        Value known = variable == null ? null : environment.get(variable);
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

    @Nullable
    Value operate(String operator, Value left, Value right, Interpreter run) {
        if (operator.equals("/")
                && left instanceof Value.Made made
                && made.path().equals(PATH)) {
            String base = pathText(made);
            String more = Values.text(right);
            return base == null || more == null
                    ? Values.unknown("a path that is not known")
                    : path(PythonDialect.join(base, more), made.site(), run);
        }
        if (operator.equals("%") && left instanceof Value.Scalar scalar && scalar.text() != null) {
            List<Value> values = right instanceof Value.Items items ? items.values() : List.of(right);
            return formatted(scalar, values);
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

    /** {@code "%s:%d" % (host, port)}. */
    static Value formatted(Value.Scalar format, List<Value> values) {
        String text = format.text() == null ? "" : format.text();
        TextParts result = new TextParts();
        int next = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '%' || i + 1 == text.length()) {
                result.add(String.valueOf(c));
                continue;
            }
            i++;
            char kind = text.charAt(i);
            if (kind == '%') {
                result.add("%");
                continue;
            }
            boolean plain = kind == 's' || kind == 'd' || kind == 'i' || kind == 'v';
            Value value = next < values.size() ? values.get(next) : null;
            result.add(value, plain && value != null ? Values.shown(value) : null);
            next++;
        }
        return result.result();
    }

    @Nullable
    Value call(String path, @Nullable Value receiver, Arguments given, Site site, Interpreter run) {
        String name = canonical(path);
        if (name.startsWith("builtins.")) {
            return builtin(name.substring(9), given, site, run);
        }
        if (name.startsWith("str().")) {
            return PythonTexts.call(name.substring(6), receiver, given, run);
        }
        if (name.startsWith("dict().") && receiver instanceof Value.Entries entries) {
            return dictionary(name.substring(7), entries, given, run);
        }
        if (name.startsWith("list().") && receiver instanceof Value.Items items) {
            return list(name.substring(7), items, given, run);
        }
        Value known = system(name, receiver, given, site, run);
        known = known == null ? commandLine.call(name, receiver, given, site, run) : known;
        return known == null ? servers.call(name, receiver, given, site, run) : known;
    }

    private @Nullable Value builtin(String name, Arguments given, Site site, Interpreter run) {
        Value first = given.first();
        return switch (name) {
            case "int", "float" -> first == null ? Values.constant(0L) : integer(first);
            case "str" -> first == null ? Values.constant("") : text(first);
            case "bool" -> {
                Boolean truth = first == null ? Boolean.FALSE : Values.truth(first);
                yield truth == null
                        ? Values.unknown("it is decided while the program runs")
                        : first instanceof Value.Scalar scalar ? scalar.with(truth) : Values.constant(truth);
            }
            case "len" ->
                switch (first) {
                    case Value.Items items
                    when !items.open() -> new Value.Scalar((long) items.size(), null, items.equals(arguments));
                    case Value.Entries entries
                    when !entries.open() ->
                        Values.constant((long) entries.cells().size());
                    case null, default -> Values.unknown("its length is not known");
                };
            case "dict" -> {
                Value.Entries made = run.entries(Map.of());
                if (first instanceof Value.Entries entries) {
                    entries.cells().cells().forEach(made.cells()::put);
                } else if (first != null || given.open()) {
                    made.cells().put(Value.Entries.OPEN, Value.NOTHING);
                }
                given.named().forEach(made.cells()::put);
                yield new Value.Entries(made.cells(), Map.of(), site);
            }
            case "list", "tuple", "set", "sorted", "reversed", "frozenset", "iter" -> {
                List<Value> turns = first == null ? List.of() : run.evaluator().turns(first);
                yield turns == null ? Values.unknown("its items are not known") : run.items(turns);
            }
            case "range" -> {
                Long to = Values.number(first);
                yield given.positional().size() == 1 && to != null && to >= 0 && to <= 64
                        ? run.items(LongStream.range(0, to)
                                .<Value>mapToObj(Values::constant)
                                .toList())
                        : Values.unknown("it is a range");
            }
            case "enumerate" -> {
                List<Value> turns = first == null ? null : run.evaluator().turns(first);
                if (turns == null) {
                    yield Values.unknown("its items are not known");
                }
                List<Value> pairs = new ArrayList<>();
                for (Value turn : turns) {
                    pairs.add(run.items(List.of(Values.constant((long) pairs.size()), turn)));
                }
                yield run.items(pairs);
            }
            case "getattr" -> {
                String member = Values.text(given.find(1, ""));
                Value standard = given.find(2, "");
                Value found =
                        first == null || member == null ? null : run.evaluator().memberOrNull(first, member);
                yield found == null || (found instanceof Value.Foreign && standard != null)
                        ? standard == null
                                ? Values.unknown("it is looked up by name")
                                : found == null && first instanceof Value.Instance
                                        ? standard
                                        : Values.join(Values.unknown("it is looked up by name"), standard)
                        : found;
            }
            case "setattr" -> {
                String member = Values.text(given.find(1, ""));
                Value value = given.find(2, "");
                if (first != null && member != null && value != null) {
                    run.evaluator().set(first, member, value);
                }
                yield Value.NOTHING;
            }
            case "type" -> first instanceof Value.Instance instance ? instance.type() : Values.unknown("a type");
            case "vars" -> first == null ? Values.unknown("its names are not known") : fields(first, run);
            case "exit", "quit" -> throw new Interpreter.Exit();
            case "print",
                    "isinstance",
                    "issubclass",
                    "hasattr",
                    "open",
                    "input",
                    "repr",
                    "any",
                    "all",
                    "sum",
                    "abs",
                    "round",
                    "hash",
                    "id",
                    "callable" -> Values.unknown("it is decided while the program runs");
            case "min", "max" -> {
                Long a = Values.number(given.find(0, ""));
                Long b = Values.number(given.find(1, ""));
                yield a != null && b != null && given.positional().size() == 2
                        ? Values.constant(name.equals("min") ? Math.min(a, b) : Math.max(a, b))
                        : Values.unknown("it is computed while the program runs");
            }
            default ->
                name.endsWith("Exit")
                        ? Values.unknown("an exit")
                        : Values.unknown("it is computed while the program runs");
        };
    }

    private static Value integer(Value value) {
        if (value instanceof Value.Several several) {
            List<Value> all = new ArrayList<>();
            several.values().forEach(each -> all.add(integer(each)));
            return Values.join(all);
        }
        Long number = Values.number(value);
        return number != null && value instanceof Value.Scalar scalar
                ? scalar.with(number)
                : value instanceof Value.Unknown ? value : Values.unknown("it is no number");
    }

    private static Value text(Value value) {
        String shown = Values.shown(value);
        if (shown != null && value instanceof Value.Scalar scalar) {
            return scalar.with(shown);
        }
        if (value instanceof Value.Made made && made.path().equals(PATH)) {
            String path = pathText(made);
            return path == null ? Values.unknown("a path that is not known") : Values.constant(path);
        }
        return value instanceof Value.Unknown ? value : Values.unknown("it is put together while the program runs");
    }

    private static Value fields(Value value, Interpreter run) {
        return switch (value) {
            case Value.Instance instance -> new Value.Entries(instance.fields(), Map.of(), instance.site());
            case Value.Made made -> {
                Value.Entries entries = run.entries(Map.of());
                made.fields().cells().forEach(entries.cells()::put);
                yield entries;
            }
            default -> Values.unknown("its names are not known");
        };
    }

    private static @Nullable Value dictionary(String name, Value.Entries entries, Arguments given, Interpreter run) {
        Value first = given.first();
        Object key = Values.key(first);
        Value found = key == null ? null : entries.cells().get(key);
        Value standard = given.find(1, "default");
        return switch (name) {
            case "get", "pop" -> {
                if (found != null) {
                    yield run.evaluator().force(found);
                }
                Value otherwise = standard == null ? Value.NOTHING : standard;
                yield entries.open() || key == null
                        ? Values.join(Values.unknown("it is looked up while the program runs"), otherwise)
                        : otherwise;
            }
            case "setdefault" -> {
                if (found == null && key != null && standard != null) {
                    entries.cells().put(key, standard);
                }
                yield found != null ? found : standard == null ? Value.NOTHING : standard;
            }
            case "update" -> {
                if (first instanceof Value.Entries more) {
                    more.cells().cells().forEach(entries.cells()::put);
                } else if (first != null || given.open()) {
                    entries.cells().put(Value.Entries.OPEN, Value.NOTHING);
                }
                given.named().forEach(entries.cells()::put);
                yield Value.NOTHING;
            }
            case "copy" -> {
                Value.Entries copy = run.entries(Map.of());
                entries.cells().cells().forEach(copy.cells()::put);
                yield new Value.Entries(copy.cells(), entries.places(), entries.site());
            }
            case "items", "values", "keys" -> {
                if (entries.open()) {
                    yield Values.unknown("its items are not known");
                }
                List<Value> all = new ArrayList<>();
                entries.cells()
                        .cells()
                        .forEach((one, value) -> all.add(
                                switch (name) {
                                    case "items" -> run.items(List.of(run.key(one), value));
                                    case "values" -> value;
                                    default -> run.key(one);
                                }));
                yield run.items(all);
            }
            default -> null;
        };
    }

    private static @Nullable Value list(String name, Value.Items items, Arguments given, Interpreter run) {
        Value first = given.first();
        switch (name) {
            case "append", "add", "insert" -> {
                Value added = name.equals("insert") ? given.find(1, "") : first;
                if (added != null) {
                    items.cells().append(added);
                }
                return Value.NOTHING;
            }
            case "extend", "update" -> {
                List<Value> turns = first == null ? null : run.evaluator().turns(first);
                if (turns != null) {
                    turns.forEach(items.cells()::append);
                }
                return Value.NOTHING;
            }
            case "copy" -> {
                return run.items(items.values());
            }
            default -> {
                return null;
            }
        }
    }

    private @Nullable Value system(String name, @Nullable Value receiver, Arguments given, Site site, Interpreter run) {
        Value first = given.first();
        switch (name) {
            case "os.getenv", "os.environ.get", "os.environ.pop" -> {
                return environment(given.find(0, "key"), given.find(1, "default"));
            }
            case "os.environ.setdefault" -> {
                String variable = Values.text(first);
                Value value = given.find(1, "value");
                if (variable != null && value instanceof Value.Scalar scalar) {
                    environment.put(variable, new Value.Scalar(scalar.value(), variable, true));
                }
                return environment(first, value);
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
                return environment(first, standard);
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
                return osPath(name.substring(8), given);
            }
            case "pathlib.Path", "pathlib.PurePath" -> {
                List<String> parts = new ArrayList<>();
                for (Value value : given.positional()) {
                    String part = value instanceof Value.Made made ? pathText(made) : Values.text(value);
                    parts.add(part == null ? "\0" : part);
                }
                String joined = String.join("/", parts);
                return joined.contains("\0") ? null : path(joined, site, run);
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
                return first == null ? null : fields(first, run);
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
                return first instanceof Value.Instance ? fields(first, run) : first;
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
        if (receiver instanceof Value.Made made && made.path().equals(PATH)) {
            return switch (name.substring(name.lastIndexOf('.') + 1)) {
                case "resolve", "absolute", "expanduser" -> made;
                case "as_posix" -> text(made);
                case "joinpath" -> operate("/", made, first == null ? Value.NOTHING : first, run);
                default -> null;
            };
        }
        if (receiver instanceof Value.Instance instance
                && MODEL_FIELDS.contains(name.substring(name.lastIndexOf('.') + 1))) {
            return fields(instance, run);
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

    private static Value osPath(String name, Arguments given) {
        List<String> parts = new ArrayList<>();
        for (Value value : given.positional()) {
            String part = value instanceof Value.Made made ? pathText(made) : Values.text(value);
            if (part == null) {
                return Values.unknown("a path that is not known");
            }
            parts.add(part);
        }
        if (parts.isEmpty()) {
            return Values.unknown("a path that is not known");
        }
        String first = parts.getFirst();
        return Values.constant(
                switch (name) {
                    case "dirname" ->
                        first.startsWith("/") && first.lastIndexOf('/') == 0 ? "/" : PythonDialect.parent(first);
                    case "basename" -> first.substring(first.lastIndexOf('/') + 1);
                    case "join" -> {
                        String joined = "";
                        for (String part : parts) {
                            joined = part.startsWith("/") || joined.isEmpty() ? part : joined + "/" + part;
                        }
                        yield normal(joined);
                    }
                    default -> normal(first);
                });
    }

    private static @Nullable Value pathMember(Value.Made made, String name, Interpreter run) {
        String path = pathText(made);
        if (path == null) {
            return null;
        }
        String last = path.substring(path.lastIndexOf('/') + 1);
        return switch (name) {
            case "parent" ->
                path(
                        path.startsWith("/") && path.lastIndexOf('/') == 0 ? "/" : PythonDialect.parent(path),
                        made.site(),
                        run);
            case "name" -> Values.constant(last);
            case "stem" -> Values.constant(last.contains(".") ? last.substring(0, last.lastIndexOf('.')) : last);
            case "parents" -> {
                List<Value> all = new ArrayList<>();
                for (String up = path; up.lastIndexOf('/') > 0; ) {
                    up = PythonDialect.parent(up);
                    all.add(path(up, made.site(), run));
                }
                all.add(path("/", made.site(), run));
                yield run.items(all);
            }
            default -> null;
        };
    }

    private static Value.Made path(String text, Site site, Interpreter run) {
        return run.made(PATH, null, Arguments.of(Values.constant(normal(text))), site);
    }

    private static @Nullable String pathText(Value.Made made) {
        return made.path().equals(PATH) ? Values.text(made.arguments().first()) : null;
    }

    /** Without {@code .}, {@code ..} and doubled slashes. */
    static String normal(String path) {
        List<String> parts = new ArrayList<>();
        for (String part : path.split("/", -1)) {
            if (part.equals("..") && !parts.isEmpty() && !parts.getLast().equals("..")) {
                parts.removeLast();
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        return (path.startsWith("/") ? "/" : "") + String.join("/", parts);
    }

    /** The root of the scanned tree is {@code /}; an absolute path of the deployed machine is found by its last folders. */
    private static void addPath(@Nullable Value value, Interpreter run) {
        String text = value instanceof Value.Made made ? pathText(made) : Values.text(value);
        if (text == null) {
            return;
        }
        String normal = normal(
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
