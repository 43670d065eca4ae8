package dev.panoptes.code.run;

import dev.panoptes.code.library.Pick;
import dev.panoptes.code.library.Row;
import dev.panoptes.code.library.Table;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Does what the rows of a table say that calls of libraries do. One per run; what the words mean: {@code python.table}. */
final class LibraryCalls {
    private static final String DECIDED = "it is decided while the program runs";

    private final Table table;
    private final Interpreter run;
    private final Store kept;

    LibraryCalls(Table table, Interpreter run) {
        this.table = table;
        this.run = run;
        this.kept = new Store(run.journal());
    }

    Table table() {
        return table;
    }

    /** Settings that the program keeps in a library by name. */
    Store kept() {
        return kept;
    }

    /** Something that is called, with the row that says what it does. */
    record Call(Row row, String path, @Nullable Value receiver, Arguments given, Site site) {}

    /** Null where the tables do not know the call, and where the common rule is to be applied as well. */
    @Nullable
    Value call(String path, @Nullable Value receiver, Arguments given, Site site) {
        Row row = table.row(path);
        return row == null ? null : does(new Call(row, path, receiver, given, site));
    }

    /** True where this, called, makes an application that a server can load. */
    boolean application(String path) {
        Row row = path.endsWith("()") ? table.row(path.substring(0, path.length() - 2)) : null;
        return row != null && row.has("app");
    }

    /** A decorator of a library: the function as it was, where it registers it; null where it is not known. */
    @Nullable
    Value decorate(String path, @Nullable Value decorator, Value function, Site site) {
        Row row = table.row("@" + path);
        if (row == null) {
            return null;
        }
        Value.@Nullable Made made = decorator instanceof Value.Made known ? known : null;
        Arguments given = made == null ? Arguments.NONE : made.arguments();
        Value owner = made == null ? null : made.receiver();
        Call call = new Call(row, path, owner, given, site);
        if (row.has("route")) {
            String route = Values.text(picked(call, "route"));
            // An empty path is the prefix of its router: @router.get("") of APIRouter(prefix="/health").
            if (route == null || !(route.startsWith("/") || (route.isEmpty() && owner != null))) {
                return null;
            }
            run.recorder().route(new Recorder.Route(owner, route, function, site));
        }
        if (row.has("starts")) {
            Value event = picked(call, "of");
            if (!String.valueOf(Values.text(event)).contains("start")) {
                return null;
            }
        }
        used(row);
        if (!row.has("route")) {
            run.callBack(function, new Arguments(List.of(), Map.of(), true), site);
        }
        return function;
    }

    private void used(Row row) {
        run.recorder().used(row.path());
    }

    private @Nullable Value does(Call call) {
        used(call.row());
        Value.@Nullable Made made = null;
        for (Row.Act act : call.row().acts()) {
            switch (act.what()) {
                case "unless" -> {
                    // Of options that are not all known, this one may well be missing.
                    Value other = value(call, act.pick());
                    if (other != null
                            && !(other instanceof Value.Unknown && act.text().contains("."))) {
                        return gives(call, made);
                    }
                }
                case "only" -> {
                    if (Values.number(value(call, act.pick())) == null) {
                        return gives(call, made);
                    }
                }
                case "some" -> {
                    // A chained logger ends the program when its message is sent.
                    if (call.given().positional().isEmpty()) {
                        return null;
                    }
                }
                case "tcp" -> {
                    String network = Values.text(value(call, act.pick()));
                    if (network != null && !network.startsWith("tcp")) {
                        return gives(call, made);
                    }
                }
                case "needs" -> {
                    Value needed = value(call, act.pick());
                    if (needed == null || needed instanceof Value.Unknown) {
                        run.bind(Values.unknown("the configuration of the server is not known"), null, call.site());
                        return gives(call, made);
                    }
                }
                case "app" -> {
                    made = run.made(call.path() + "()", null, call.given(), call.site());
                    run.dialect().application(made, call.given(), call.site(), run);
                }
                case "port" -> port(call, act.pick());
                case "address" -> address(call, act.pick());
                case "handler" -> handler(value(call, act.pick()), call.site());
                case "answer" -> {
                    Value answer = value(call, act.pick());
                    if (answer != null) {
                        run.answered().add(answer);
                    }
                }
                case "call" -> callBacks(value(call, act.pick()), call.site());
                case "route" -> {
                    if (!route(call, act.pick())) {
                        return null;
                    }
                }
                case "mount" -> mount(call, act.pick());
                case "load" -> load(value(call, act.pick()), call.given());
                case "put" -> {
                    String name = Values.text(value(call, act.pick()));
                    Value value = picked(call, "value");
                    if (name != null && value != null) {
                        run.variables().set(name, value);
                    }
                }
                case "keep" -> {
                    String name = Values.text(call.given().first());
                    Value value = call.given().find(1, "");
                    if (name != null && value != null) {
                        kept.put(name.toLowerCase(Locale.ROOT), value);
                    }
                }
                case "dotenv" -> dotenv(call, act.pick());
                case "thread" -> thread(call);
                case "exit" -> throw new Interpreter.Exit();
                default -> {}
            }
        }
        return gives(call, made);
    }

    /** What the call results in. */
    private @Nullable Value gives(Call call, Value.@Nullable Made application) {
        Value first = call.given().first();
        for (Row.Act act : call.row().acts()) {
            switch (act.what()) {
                case "env" -> {
                    return run.variables().read(raw(call, act.pick()), picked(call, "default"));
                }
                case "give" -> {
                    Value given = raw(call, act.pick());
                    return given == null && act.pick().standard() != null ? Value.NOTHING : given;
                }
                case "text" -> {
                    return first == null
                            ? null
                            : PythonTexts.call(act.text(), first, call.given().after(1), run);
                }
                case "number" -> {
                    Value number = first == null ? Value.NOTHING : PythonBuiltins.integer(first);
                    return call.row().has("pair")
                            ? run.items(List.of(number, Values.unknown("whether it failed is not known")))
                            : number;
                }
                case "shown" -> {
                    return first == null ? Values.unknown(DECIDED) : PythonBuiltins.text(first);
                }
                case "format" -> {
                    return first instanceof Value.Scalar scalar && scalar.text() != null
                            ? TextParts.formatted(scalar, call.given().after(1).positional())
                            : Values.unknown("it is put together while the program runs");
                }
                case "option" -> {
                    return option(call, act.pick());
                }
                case "kept" -> {
                    Value known = kept.get(String.valueOf(Values.text(first)).toLowerCase(Locale.ROOT));
                    Value standard = picked(call, "or");
                    return known != null
                            ? soft(known)
                            : standard != null
                                    ? soft(standard)
                                    : Values.unknown("a configuration of the program decides");
                }
                case "items" -> {
                    return run.items(call.given().positional());
                }
                case "json" -> {
                    String text = Values.text(first);
                    return text == null ? null : Json.read(text, run);
                }
                case "runs" -> {
                    return runs(first == null ? Value.NOTHING : first, call);
                }
                case "special" -> {
                    return run.dialect().special(act.text(), call, run);
                }
                case "gives" -> {
                    return given(act.text(), call, application);
                }
                default -> {}
            }
        }
        return application != null
                ? application
                : given(table.words("gives").stream().findFirst().orElse("common"), call, null);
    }

    private @Nullable Value given(String what, Call call, Value.@Nullable Made application) {
        return switch (what) {
            case "self" -> call.receiver();
            case "nothing" -> Value.NOTHING;
            case "unknown" -> Values.unknown(DECIDED);
            case "true" -> Values.constant(true);
            case "made" ->
                application != null
                        ? application
                        : run.made(call.path() + "()", call.receiver(), call.given(), call.site());
            default -> null;
        };
    }

    private Value runs(Value function, Call call) {
        return function instanceof Value.Routine
                        || function instanceof Value.Partial
                        || function instanceof Value.Foreign
                ? run.evaluator().call(function, call.given().after(1), call.site())
                : function;
    }

    private static Value soft(Value value) {
        return value instanceof Value.Scalar scalar ? new Value.Scalar(scalar.value(), scalar.variable(), true) : value;
    }

    /** An option of the command line: as it is passed, else its default. */
    private Value option(Call call, Pick names) {
        String[] known = names.paths().stream()
                .map(path -> Values.text(follow(path, call).value()))
                .toArray(String[]::new);
        Value passed = Options.passed(run.arguments(), known);
        Value standard = picked(call, "or");
        return passed != null
                ? passed
                : standard == null ? Values.unknown("it is given on the command line") : soft(standard);
    }

    private void dotenv(Call call, Pick pick) {
        Value path = value(call, pick);
        String named = path instanceof Value.Made made ? PythonPaths.pathText(made) : Values.text(path);
        boolean overrules = call.row().has("overrules")
                || Boolean.TRUE.equals(
                        Values.truth(call.given().named().getOrDefault("override", Values.constant(false))));
        if (named != null || path == null) {
            run.variables().load(Dotenv.near(call.site().module().folder(), named, run), overrules);
        }
    }

    private void thread(Call call) {
        Value target = picked(call, "target");
        Value values = picked(call, "args");
        List<Value> positional = values == null ? List.of() : run.evaluator().turns(values);
        Map<String, Value> named = new HashMap<>();
        if (call.given().named().get("kwargs") instanceof Value.Entries entries) {
            entries.cells().cells().forEach((key, value) -> named.put(String.valueOf(key), value));
        }
        if (target != null) {
            run.callBack(
                    target,
                    new Arguments(positional == null ? List.of() : positional, named, positional == null),
                    call.site());
        }
    }

    private void port(Call call, Pick pick) {
        Found found = find(call, pick);
        Value given =
                found.value() instanceof Value.Routine || found.value() instanceof Value.Entries ? null : found.value();
        boolean pipe = call.row().has("pipe") && Values.text(given) != null && Values.number(given) == null;
        Value port = given == null || pipe ? standard(pick) : given;
        if (port == null && "-".equals(pick.standard())) {
            return;
        }
        Value host = picked(call, "host");
        Site site = found.through() != null
                        && found.through().site().module().equals(call.site().module())
                ? found.through().site()
                : call.site();
        run.bind(
                port == null
                        ? Values.unknown("no port is given")
                        : run.evaluator().force(port),
                host == null ? null : run.evaluator().force(host),
                site);
    }

    private void address(Call call, Pick pick) {
        Value address = value(call, pick);
        Value standard = standard(pick);
        if (address == null || "".equals(Values.text(address))) {
            if (standard != null) {
                run.bind(standard, picked(call, "host"), call.site());
            } else if (address == null && !"-".equals(pick.standard())) {
                run.bind(Values.unknown("no address is given"), null, call.site());
            }
            return;
        }
        Addresses.bind(run.evaluator().force(address), call.site(), run);
    }

    /** The default of a pick; null where it has none. */
    private @Nullable Value standard(Pick pick) {
        String text = pick.standard();
        if (text == null || text.equals("-")) {
            return null;
        }
        int equals = text.indexOf('=');
        String variable = text.startsWith("$") && equals > 0 ? text.substring(1, equals) : null;
        Value given = run.variables().known(variable);
        if (given != null) {
            return given;
        }
        String plain = variable == null ? text : text.substring(equals + 1);
        Long number = Values.number(plain);
        return new Value.Scalar(number == null ? plain : number, variable, variable != null);
    }

    private void handler(@Nullable Value handler, Site site) {
        if (handler instanceof Value.Routine
                || handler instanceof Value.Instance
                || handler instanceof Value.Type
                || handler instanceof Value.Partial
                || handler instanceof Value.Several
                || handler instanceof Value.Later) {
            run.recorder().route(new Recorder.Route(null, PythonRoutes.ANY, handler, site));
        }
    }

    private void callBacks(@Nullable Value function, Site site) {
        List<Value> all = function instanceof Value.Items items
                ? items.values()
                : function == null ? List.of() : List.of(function);
        for (Value each : all) {
            if (!(each instanceof Value.Foreign)) {
                run.callBack(each, new Arguments(List.of(), Map.of(), true), site);
            }
        }
    }

    /** False where the arguments are no path and handler. */
    private boolean route(Call call, Pick pick) {
        String path = Values.text(value(call, pick));
        Value handler = picked(call, "to");
        // Go's "GET /health".
        String plain = path == null ? "" : path.substring(path.indexOf(" /") + 1);
        boolean alone = call.row().has("alone");
        boolean registers = handler != null && !handler.equals(value(call, pick)) && (alone || call.receiver() != null);
        if (!plain.startsWith("/") || handler == null || !registers) {
            return false;
        }
        Value owner = alone ? null : call.receiver();
        boolean any = plain.equals("/") && call.row().has("everywhere");
        run.recorder().route(new Recorder.Route(owner, any ? PythonRoutes.ANY : plain, handler, call.site()));
        return true;
    }

    private void mount(Call call, Pick pick) {
        Value inner = value(call, pick);
        String prefix = Values.text(picked(call, "below"));
        if (inner != null && call.receiver() != null) {
            run.recorder()
                    .mount(new Recorder.Mount(
                            call.receiver(), run.evaluator().force(inner), prefix == null ? "" : prefix));
        }
    }

    /** {@code "main:app"} is loaded by the server. */
    private void load(@Nullable Value application, Arguments given) {
        String target = Values.text(application);
        if (target != null && target.contains(":")) {
            PythonCommands.load(target, run);
        } else if (application instanceof Value.Routine factory && given.named().containsKey("factory")) {
            run.evaluator()
                    .call(factory, Arguments.NONE, new Site(factory.closure().module(), 0, 0));
        }
    }

    /** What the act of this name picks, its default included; null where there is neither. */
    @Nullable
    Value picked(Call call, String what) {
        Row.Act act = call.row().act(what);
        if (act == null) {
            return null;
        }
        Value value = value(call, act.pick());
        return value == null ? standard(act.pick()) : value;
    }

    private @Nullable Value value(Call call, Pick pick) {
        return find(call, pick).value();
    }

    /** Also the language's null, where that is what is given. */
    private @Nullable Value raw(Call call, Pick pick) {
        for (List<Pick.Step> path : pick.paths()) {
            Value value = follow(path, call).value();
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    /** @param through the object whose making holds the value; null where the call itself does */
    private record Found(@Nullable Value value, Value.@Nullable Made through) {
        static final Found NONE = new Found(null, null);
    }

    private Found find(Call call, Pick pick) {
        for (List<Pick.Step> path : pick.paths()) {
            Found found = follow(path, call);
            if (found.value() != null && !Value.NOTHING.equals(found.value())) {
                return found;
            }
        }
        return Found.NONE;
    }

    private Found follow(List<Pick.Step> path, Call call) {
        Value at = null;
        Value.@Nullable Made through = null;
        boolean start = true;
        for (Pick.Step step : path) {
            if (!start && at == null) {
                return Found.NONE;
            }
            switch (step) {
                case Pick.Step.Owner _ -> at = call.receiver();
                case Pick.Step.Last _ -> {
                    List<Value> all = call.given().positional();
                    at = all.isEmpty() ? null : all.getLast();
                }
                case Pick.Step.Options options -> at = options(call.given(), options.from());
                case Pick.Step.Argument argument -> {
                    if (start) {
                        at = call.given().find(argument.position(), argument.name());
                    } else if (at instanceof Value.Made made) {
                        through = made;
                        at = made.arguments().find(argument.position(), argument.name());
                    } else {
                        at = at instanceof Value.Items items ? items.at(argument.position()) : null;
                    }
                }
                case Pick.Step.Field field -> {
                    through = null;
                    at = field(at, field.name());
                }
            }
            start = false;
        }
        return new Found(at, through);
    }

    private @Nullable Value field(@Nullable Value object, String name) {
        Value found = switch (object) {
            case Value.Made made -> made.fields().get(name);
            case Value.Instance instance -> instance.fields().get(name);
            case Value.Entries entries -> {
                Value known = entries.cells().get(name);
                yield known == null && entries.open()
                        ? Values.unknown("the options of the server are not known")
                        : known;
            }
            case Value.Unknown unknown -> unknown;
            case null, default -> null;
        };
        return found == null ? null : run.evaluator().force(found);
    }

    private static @Nullable Value options(Arguments given, int from) {
        Value unknown = null;
        for (Value value : given.after(from).positional()) {
            if (value instanceof Value.Entries) {
                return value;
            }
            unknown = value instanceof Value.Unknown && from > 0 ? value : unknown;
        }
        return unknown;
    }
}
