package dev.panoptes.code.run;

import dev.panoptes.code.library.Pick;
import dev.panoptes.code.library.Row;
import dev.panoptes.code.library.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Does what the rows of a table say that calls of libraries do. One per run; what the words mean: {@code python.table}. */
final class LibraryCalls {
    final Table table;
    private final Interpreter run;
    private final Store kept;
    private final Picks picks;

    LibraryCalls(Table table, Interpreter run) {
        this.table = table;
        this.run = run;
        this.kept = new Store(run.journal);
        this.picks = new Picks(run, kept);
    }

    /** A setting that the program keeps in a library by name, in upper or lower case; null where it keeps none. */
    @Nullable
    Value kept(@Nullable String name) {
        return name == null ? null : kept.get(name.toLowerCase(Locale.ROOT));
    }

    void keep(String name, Value value) {
        kept.put(name.toLowerCase(Locale.ROOT), value);
    }

    @Nullable
    Value picked(Call call, String what) {
        return picks.picked(call, what);
    }

    /** Null where the tables do not know the call, and where the common rule is to be applied as well. */
    @Nullable
    Value call(Call call) {
        Row row = table.row(call.path());
        return row == null ? null : does(call.by(row));
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
        Value owner = made == null ? null : made.receiver();
        Call call = new Call(row, path, owner, made == null ? Arguments.NONE : made.arguments(), site);
        String route = Values.text(picked(call, "route"));
        if (row.has("route")) {
            // An empty path is the prefix of its router: @router.get("") of APIRouter(prefix="/health").
            if (route == null || !(route.startsWith("/") || (route.isEmpty() && owner != null))) {
                return null;
            }
            run.route(owner, route, function, site);
        }
        if (row.has("starts")
                && !String.valueOf(Values.text(picked(call, "of"))).contains("start")) {
            return null;
        }
        run.recorder.used.add(row.path());
        if (!row.has("route")) {
            run.calls.callBack(function, Arguments.OPEN, site);
        }
        return function;
    }

    private @Nullable Value does(Call call) {
        run.recorder.used.add(call.row().path());
        Value.@Nullable Made made = null;
        if (call.row().has("app")) {
            made = run.made(call.path() + "()", null, call.given(), call.site());
            run.library.application(made, call);
        }
        for (Row.Act act : call.row().acts()) {
            // A chained logger ends the program when its message is sent.
            boolean nothing =
                    act.what().equals("some") && call.given().positional().isEmpty();
            if (nothing || (act.what().equals("route") && !route(call, act.pick()))) {
                return null;
            }
            if (ends(act, call)) {
                break;
            }
            act(act, call);
        }
        return gives(call, made);
    }

    /** True where what follows in the row does not happen. */
    private boolean ends(Row.Act act, Call call) {
        if (!Row.CONDITIONS.contains(act.what())) {
            return false;
        }
        Value value = picks.value(call, act.pick());
        return switch (act.what()) {
            // Of options that are not all known, this one may well be missing.
            case "unless" ->
                value != null && !(value instanceof Value.Unknown && act.text().contains("."));
            case "only" -> Values.number(value) == null;
            case "tcp" -> {
                String network = Values.text(value);
                yield network != null && !network.startsWith("tcp");
            }
            case "needs" -> {
                boolean open = value == null || value instanceof Value.Unknown;
                if (open) {
                    run.bind(Values.unknown("the configuration of the server is not known"), null, call.site());
                }
                yield open;
            }
            default -> false;
        };
    }

    private void act(Row.Act act, Call call) {
        Pick pick = act.pick();
        Value first = call.first();
        switch (act.what()) {
            case "port" -> port(call, pick);
            case "address" -> address(call, pick);
            case "handler" -> handler(picks.value(call, pick), call.site());
            case "answer" -> {
                Value answer = picks.value(call, pick);
                if (answer != null) {
                    run.answered.add(answer);
                }
            }
            case "call" -> callBacks(picks.value(call, pick), call.site());
            case "mount" -> {
                if (call.receiver() != null) {
                    run.mount(call.receiver(), picks.value(call, pick), Values.text(picked(call, "below")));
                }
            }
            case "load" -> load(picks.value(call, pick), call.given());
            case "put" -> {
                String name = Values.text(picks.value(call, pick));
                Value value = picked(call, "value");
                if (name != null && value != null) {
                    run.variables.set(name, value);
                }
            }
            case "keep" -> {
                Value value = call.at(1);
                String name = call.text(0);
                int equals = name == null ? -1 : name.indexOf('=');
                if (name != null && value != null) {
                    keep(name, value);
                } else if (name != null && equals > 0) {
                    keep(name.substring(0, equals), Values.constant(name.substring(equals + 1)));
                } else if (first instanceof Value.Entries entries) {
                    Map.copyOf(entries.cells().cells()).forEach((key, each) -> keep(String.valueOf(key), each));
                }
            }
            case "sets" -> {
                if (call.receiver() instanceof Value.Made owner && first != null) {
                    owner.fields().put(act.text(), first);
                }
            }
            case "dotenv" -> dotenv(call, pick);
            case "thread" -> thread(call);
            case "exit" -> throw new Interpreter.Exit();
            default -> {}
        }
    }

    /** What the call results in: the first that the row says, else what the calls of the language usually give. */
    private @Nullable Value gives(Call call, Value.@Nullable Made application) {
        for (Row.Act act : call.row().acts()) {
            if (Row.GIVING.contains(act.what())) {
                return given(act, call, application);
            }
        }
        String common = table.words("gives").stream().findFirst().orElse("common");
        return application != null ? application : given(common, call, null);
    }

    private @Nullable Value given(Row.Act act, Call call, Value.@Nullable Made application) {
        Value first = call.first();
        return switch (act.what()) {
            case "env" -> run.variables.read(picks.raw(call, act.pick()), picked(call, "default"));
            case "give" -> {
                Value given = picks.raw(call, act.pick());
                yield given == null && act.pick().standard() != null ? Value.NOTHING : given;
            }
            case "text" ->
                first == null
                        ? null
                        : Texts.call(act.text(), first, call.given().after(1), run);
            case "number" -> {
                Value whole = first == null ? Value.NOTHING : PythonBuiltins.integer(first);
                // JavaScript's NaN is as good as nothing: || and ?: take the other side.
                boolean nan = call.row().has("nan") && whole instanceof Value.Unknown;
                Value number = nan && first instanceof Value.Scalar scalar ? scalar.with(null) : whole;
                yield call.row().has("pair")
                        ? run.items(List.of(number, Values.unknown("whether it failed is not known")))
                        : number;
            }
            case "shown" -> first == null ? Values.decided() : PythonBuiltins.text(first, run);
            case "truth" -> PythonBuiltins.truth(first);
            case "listed" -> run.library.builtins.listed(act.text(), first);
            case "entries" -> entries(call);
            case "first" -> first(call.given());
            case "constant" -> Values.constant(act.text());
            case "url" -> {
                String path = call.text(0);
                yield path == null || !path.startsWith("/") ? null : run.library.filled("url", path, call.site());
            }
            case "format" ->
                first instanceof Value.Scalar scalar && scalar.text() != null
                        ? TextParts.formatted(scalar, call.given().after(1).positional())
                        : Values.composed();
            case "option" -> option(call, act.pick());
            case "kept" -> {
                Value known = kept(call.text(0));
                Value standard = known == null ? picked(call, "or") : known;
                yield standard == null
                        ? Values.unknown("a configuration of the program decides")
                        : Values.softened(standard);
            }
            case "items" -> run.items(call.given().positional());
            case "json" -> call.text(0) == null ? null : Json.read(String.valueOf(call.text(0)), run);
            case "runs" -> {
                yield first instanceof Value.Routine || first instanceof Value.Partial || first instanceof Value.Foreign
                        ? run.evaluator.call(first, call.given().after(1), call.site())
                        : first == null ? Value.NOTHING : first;
            }
            case "special" -> run.library.special(act.text(), call);
            default -> given(act.text(), call, application);
        };
    }

    private @Nullable Value given(String what, Call call, Value.@Nullable Made application) {
        return switch (what) {
            case "self" -> call.receiver();
            case "nothing" -> Value.NOTHING;
            case "unknown" -> Values.decided();
            case "true" -> Values.constant(true);
            case "made" ->
                application != null
                        ? application
                        : run.made(call.path() + "()", call.receiver(), call.given(), call.site());
            default -> null;
        };
    }

    /** A dictionary of what is passed: of another one, of pairs, or of keys with a value behind each. */
    private Value entries(Call call) {
        List<Value> given = call.given().positional();
        Store cells = run.entries(Map.of()).cells();
        List<Value> row = new ArrayList<>();
        for (Value each : given) {
            if (each instanceof Value.Entries more) {
                cells.putAll(more.cells());
            } else if (each instanceof Value.Items pairs && pairs.at(0) instanceof Value.Items) {
                pairs.values().forEach(pair -> row.addAll(pair instanceof Value.Items two ? two.values() : List.of()));
            } else if (each instanceof Value.Items pair && pair.size() == 2) {
                row.addAll(pair.values());
            } else {
                row.add(each);
            }
        }
        for (int i = 0; i + 1 < row.size(); i += 2) {
            Object key = Values.key(row.get(i));
            cells.put(key == null ? Value.Entries.OPEN : key, row.get(i + 1));
        }
        return new Value.Entries(cells, Map.of(), given.isEmpty() ? null : call.site());
    }

    /** The first that is no zero value; those that are not known may be. */
    private static Value first(Arguments given) {
        Value result = Value.NOTHING;
        for (Value value : given.positional()) {
            Boolean truth = Values.truth(value);
            if (!Boolean.FALSE.equals(truth)) {
                result = result.equals(Value.NOTHING) ? value : Values.join(result, value);
            }
            if (Boolean.TRUE.equals(truth)) {
                return result;
            }
        }
        return result;
    }

    /** An option of the command line: as it is passed, else its default. */
    private Value option(Call call, Pick names) {
        String[] known = names.paths().stream()
                .map(path -> Values.text(picks.follow(path, call).value()))
                .toArray(String[]::new);
        Value passed = Options.passed(run.start.arguments(), known);
        Value standard = picked(call, "or");
        return passed != null
                ? passed
                : standard == null ? Values.unknown("it is given on the command line") : Values.softened(standard);
    }

    private void dotenv(Call call, Pick pick) {
        Value path = picks.value(call, pick);
        String named = PythonPaths.pathText(path);
        boolean overrules = call.row().has("overrules") || call.given().flag("override");
        if (named != null || (path == null && !call.row().has("only-named"))) {
            String folder = call.site().module().folder();
            run.variables.load(Dotenv.near(folder, named, run.modules), overrules);
        }
    }

    private void thread(Call call) {
        Value target = picked(call, "target");
        Value values = picked(call, "args");
        List<Value> positional = values == null ? List.of() : run.evaluator.turns(values);
        Map<String, Value> named = new HashMap<>();
        if (call.given().named().get("kwargs") instanceof Value.Entries entries) {
            entries.cells().cells().forEach((key, value) -> named.put(String.valueOf(key), value));
        }
        if (target != null) {
            Arguments given = new Arguments(positional == null ? List.of() : positional, named, positional == null);
            run.calls.callBack(target, given, call.site());
        }
    }

    private void port(Call call, Pick pick) {
        Picks.Found found = picks.find(
                call,
                pick,
                value -> !(value.equals(Value.NOTHING)
                        || value instanceof Value.Routine
                        || value instanceof Value.Entries));
        Value given = found.value();
        boolean pipe = call.row().has("pipe") && Values.text(given) != null && Values.number(given) == null;
        Value port = given == null || pipe ? picks.standard(pick) : given;
        if (port == null && "-".equals(pick.standard())) {
            return;
        }
        Value host = picked(call, "host");
        Value.Made through = found.through();
        Site site =
                through == null || !through.site().module().equals(call.site().module()) ? call.site() : through.site();
        run.bind(
                port == null ? Values.unknown("no port is given") : run.members.force(port),
                host == null ? null : run.members.force(host),
                site);
    }

    private void address(Call call, Pick pick) {
        Value address = picks.value(call, pick);
        Value standard = picks.standard(pick);
        if (address != null && !"".equals(Values.text(address))) {
            Addresses.bind(run.members.force(address), call.site(), run);
        } else if (standard != null) {
            run.bind(standard, picked(call, "host"), call.site());
        } else if (address == null && !"-".equals(pick.standard())) {
            run.bind(Values.unknown("no address is given"), null, call.site());
        }
    }

    private void handler(@Nullable Value handler, Site site) {
        if (handler instanceof Value.Routine
                || handler instanceof Value.Instance
                || handler instanceof Value.Type
                || handler instanceof Value.Partial
                || handler instanceof Value.Several
                || handler instanceof Value.Later) {
            run.route(null, PythonRoutes.ANY, handler, site);
        }
    }

    private void callBacks(@Nullable Value function, Site site) {
        List<Value> all = function instanceof Value.Items items
                ? items.values()
                : function == null ? List.of() : List.of(function);
        for (Value each : all) {
            if (!(each instanceof Value.Foreign)) {
                run.calls.callBack(each, Arguments.OPEN, site);
            }
        }
    }

    /** False where the arguments are no path and handler. */
    private boolean route(Call call, Pick pick) {
        Value given = picks.value(call, pick);
        String path = Values.text(given);
        Value handler = picked(call, "to");
        // Go's "GET /health".
        String plain = path == null ? "" : path.substring(path.indexOf(" /") + 1);
        boolean alone = call.row().has("alone");
        if (!plain.startsWith("/") || handler == null || handler.equals(given) || (!alone && call.receiver() == null)) {
            return false;
        }
        boolean any = plain.equals("/") && call.row().has("everywhere");
        run.route(alone ? null : call.receiver(), any ? PythonRoutes.ANY : plain, handler, call.site());
        return true;
    }

    /** {@code "main:app"} is loaded by the server. */
    private void load(@Nullable Value application, Arguments given) {
        String target = Values.text(application);
        if (target != null && target.contains(":")) {
            PythonCommands.load(target, run);
        } else if (application instanceof Value.Routine factory && given.named().containsKey("factory")) {
            run.evaluator.call(factory, Arguments.NONE, Site.of(factory.closure().module));
        }
    }
}
