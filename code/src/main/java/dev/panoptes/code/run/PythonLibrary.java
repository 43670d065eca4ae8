package dev.panoptes.code.run;

import dev.panoptes.code.Language;
import dev.panoptes.code.PathNames;
import dev.panoptes.code.library.Table;
import dev.panoptes.code.syntax.Expression;
import dev.panoptes.code.syntax.Function;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What Python's own library does, as far as ports, names and paths pass through it; servers are in {@link PythonServers}. */
final class PythonLibrary extends Library {
    /** Methods that every Pydantic model has and that give its fields. */
    private static final Set<String> MODEL_FIELDS = Set.of("model_dump", "dict", "model_dump_json", "json");

    private static final Set<String> FACTORIES = Table.of(Language.PYTHON).words("factories");

    private final PythonCommandLine commandLine;
    private final PythonServers servers;

    PythonLibrary(Interpreter run) {
        super(run);
        this.commandLine = new PythonCommandLine(run);
        this.servers = new PythonServers(run);
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

    @Override
    protected @Nullable Value member(Value object, String name) {
        return switch (object) {
            case Value.Foreign foreign ->
                foreign.path().startsWith("/") ? run.dialect.inPackage(foreign, name) : ofModule(foreign, name);
            case Value.Loaded loaded -> run.dialect.inPackage(loaded, name);
            case Value.Made made when made.path().equals(PythonPaths.PATH) -> PythonPaths.pathMember(made, name, run);
            case Value.Made made
            when made.fields().get(name) == null ->
                Set.of("title", "version", "description").contains(name)
                        ? made.arguments().named().get(name)
                        : null;
            case Value.Scalar scalar -> name.equals("value") && scalar.value() != null ? scalar : null;
            case Value.Instance instance -> ofObject(instance, name);
            case Value.Type type -> name.equals("__name__") ? Values.constant(type.name()) : null;
            case Value.Routine routine ->
                name.equals("command") || name.equals("group")
                        ? new Value.Foreign("click.Group()." + name, routine)
                        : null;
            default -> null;
        };
    }

    private @Nullable Value ofModule(Value.Foreign foreign, String name) {
        if (foreign.path().equals("sys") && name.equals("argv")) {
            return commandLine("it is the name of the program");
        }
        if (name.equals("TYPE_CHECKING")) {
            return Values.constant(false);
        }
        boolean options =
                foreign.path().endsWith("options.options") || foreign.path().endsWith(".FLAGS");
        Value option = options ? commandLine.defined(name) : null;
        return option == null ? kept(foreign, name) : option;
    }

    private @Nullable Value ofObject(Value.Instance instance, String name) {
        boolean fields = MODEL_FIELDS.contains(name)
                && instance.fields().get(name) == null
                && PythonTypes.inheritsFromModel(instance.type(), name, run);
        return switch (name) {
            case "__class__" -> instance.type();
            case "__dict__" -> PythonBuiltins.fields(instance, run);
            default -> fields ? new Value.Foreign("pydantic.BaseModel()." + name, instance) : null;
        };
    }

    @Override
    protected @Nullable Value index(Value object, Value key) {
        String shown = Values.shown(key);
        return switch (object) {
            case Value.Foreign foreign when foreign.path().equals("os.environ") -> run.variables.read(key, null);
            case Value.Foreign foreign when shown != null -> kept(foreign, shown);
            case Value.Made made when shown != null -> made.fields().get("[" + shown + "]");
            default -> null;
        };
    }

    @Override
    void assigned(Value.Foreign target, String name, Value value) {
        if (target.path().equals("os.environ")) {
            run.variables.set(name, value);
        } else {
            super.assigned(target, name, value);
        }
    }

    @Override
    protected @Nullable Value operate(String operator, Value left, Value right) {
        return switch (operator) {
            case "/" ->
                left instanceof Value.Made made && made.path().equals(PythonPaths.PATH)
                        ? PythonPaths.below(made, right, run)
                        : null;
            case "%" ->
                left instanceof Value.Scalar scalar && scalar.text() != null
                        ? TextParts.formatted(
                                scalar, right instanceof Value.Items items ? items.values() : List.of(right))
                        : null;
            case "|" -> {
                if (!(left instanceof Value.Entries a) || !(right instanceof Value.Entries b)) {
                    yield null;
                }
                Value.Entries merged = run.entries(Map.of());
                merged.cells().putAll(a.cells());
                merged.cells().putAll(b.cells());
                yield merged;
            }
            case "+" -> {
                if (!(left instanceof Value.Items a) || !(right instanceof Value.Items b) || a.open() || b.open()) {
                    yield null;
                }
                List<Value> all = a.values();
                all.addAll(b.values());
                yield run.items(all);
            }
            default -> null;
        };
    }

    @Override
    protected @Nullable Value call(Call call) {
        String name = canonical(call.path());
        Call named = Call.of(name, call.receiver(), call.given(), call.site());
        if (name.startsWith("builtins.")) {
            return PythonBuiltins.call(name.substring(9), call, run);
        }
        Value known = super.call(named);
        known = known == null ? own(name, named) : known;
        return known == null ? commandLine.call(named) : known;
    }

    /** What makes values of its own kind. */
    private @Nullable Value own(String name, Call call) {
        Value first = call.first();
        String method = call.method();
        if (method.equals("__init__") && call.receiver() instanceof Value.Instance instance) {
            String of = name.substring(0, name.length() - ".__init__".length());
            instance.fields().put(Value.Instance.INHERITED, run.made(of, null, call.given(), call.site()));
            return null;
        }
        if (name.startsWith("os.path.") && PythonPaths.OF_TEXT.contains(method)) {
            return PythonPaths.osPath(method, call.given());
        }
        if (call.receiver() instanceof Value.Made made && made.path().equals(PythonPaths.PATH)) {
            return switch (method) {
                case "resolve", "absolute", "expanduser" -> made;
                case "as_posix" -> PythonBuiltins.text(made, run);
                case "joinpath" -> PythonPaths.below(made, first == null ? Value.NOTHING : first, run);
                default -> null;
            };
        }
        return switch (name) {
            case "sys.path.append", "sys.path.insert", "sys.path.extend" -> {
                addPath(call.at(name.endsWith("insert") ? 1 : 0));
                yield Value.NOTHING;
            }
            case "pathlib.Path", "pathlib.PurePath" -> PythonPaths.made(call, run);
            case "functools.partial" ->
                first == null ? null : new Value.Partial(first, call.given().after(1));
            case "types.SimpleNamespace", "argparse.Namespace" -> {
                Value.Made made = run.made("types.SimpleNamespace()", null, call.given(), call.site());
                call.given().named().forEach(made.fields()::put);
                yield made;
            }
            default ->
                call.receiver() instanceof Value.Instance instance && MODEL_FIELDS.contains(method)
                        ? PythonBuiltins.fields(instance, run)
                        : null;
        };
    }

    /** The root of the scanned tree is {@code /}; an absolute path of the deployed machine is found by its last folders. */
    private void addPath(@Nullable Value value) {
        String text = PythonPaths.pathText(value);
        if (text == null) {
            return;
        }
        String normal = PythonPaths.normal(text.startsWith("/") ? text : "/" + PathNames.join(run.root.folder(), text));
        String folder = normal.substring(1);
        while (!folder.isEmpty() && !run.modules.folder(folder)) {
            int slash = folder.indexOf('/');
            folder = slash < 0 ? "" : folder.substring(slash + 1);
        }
        if (!folder.isEmpty() || normal.equals("/")) {
            run.addSearchPath(folder);
        }
    }

    @Override
    protected @Nullable Value decorate(Value decorator, Value function, Site site) {
        Value known = commandLine.decorate(decorator, function);
        if (known != null) {
            return known;
        }
        String path = switch (decorator) {
            case Value.Made made -> made.path().substring(0, made.path().length() - 2);
            case Value.Foreign foreign -> foreign.path();
            default -> "";
        };
        return run.libraries.decorate(canonical(path), decorator, function, site);
    }

    @Override
    protected @Nullable Value parameter(Function.Parameter parameter, Value.Routine routine) {
        Value option = commandLine.option(parameter, routine);
        if (option != null) {
            return option;
        }
        Expression standard = parameter.standard();
        if (standard instanceof Expression.Call) {
            Value value = run.evaluator.value(standard, Interpreter.Frame.of(routine.closure()));
            Value injected = injected(value);
            return injected == null ? commandLine.typed(value, false, null) : injected;
        }
        if (!(parameter.type() instanceof Expression.Index index)
                || !(index.key() instanceof Expression.Items items)
                || items.items().isEmpty()
                || !(items.items().getLast() instanceof Expression.Call call)) {
            return null;
        }
        Value annotation = run.evaluator.value(call, Interpreter.Frame.of(routine.closure()));
        Value value = standard == null ? null : run.evaluator.value(standard, Interpreter.Frame.of(routine.closure()));
        Value filled = commandLine.typed(annotation, true, value);
        return filled == null && standard == null ? injected(annotation) : filled;
    }

    /** {@code settings: Settings = Depends(get_settings)}. */
    private @Nullable Value injected(Value standard) {
        if (standard instanceof Value.Made made && made.path().endsWith(".Depends()")) {
            Value provider = made.arguments().find(0, "dependency");
            return provider == null ? null : run.evaluator.call(provider, Arguments.NONE, made.site());
        }
        return null;
    }

    @Override
    void called(Value.Routine routine) {
        commandLine.called(routine);
    }

    @Override
    boolean definesApplication(Scope scope) {
        for (Value value : new ArrayList<>(scope.names.values())) {
            // A module that is not eager makes no application.
            boolean elsewhere =
                    value instanceof Value.Later later && !later.module().eager();
            if (!elsewhere && isApplication(run.members.force(value))) {
                return true;
            }
        }
        return FACTORIES.stream()
                .anyMatch(factory -> scope.names.get(factory) instanceof Value.Routine routine
                        && takesNothing(routine.function())
                        && isApplication(run.evaluator.call(routine, Arguments.NONE, Site.of(scope.module))));
    }

    /** A server calls a factory without arguments; one that needs some belongs to other modules. */
    private static boolean takesNothing(Function function) {
        return function.parameters().stream()
                .allMatch(parameter -> parameter.standard() != null
                        || parameter.kind() == Function.Kind.REST
                        || parameter.kind() == Function.Kind.KEYWORDS);
    }

    private boolean isApplication(Value value) {
        return switch (value) {
            case Value.Made made -> run.libraries.application(canonical(made.path()));
            case Value.Instance instance -> subclass(instance.type(), 0);
            case Value.Several several -> several.values().stream().anyMatch(this::isApplication);
            default -> false;
        };
    }

    private boolean subclass(Value.Type type, int depth) {
        return type.bases().stream().anyMatch(base -> switch (base) {
            case Value.Foreign foreign -> run.libraries.application(canonical(foreign.path() + "()"));
            case Value.Type inner -> depth < 20 && subclass(inner, depth + 1);
            default -> false;
        });
    }

    @Override
    protected @Nullable Value special(String what, Call call) {
        return what.equals("define") ? commandLine.define(call) : servers.special(what, call);
    }

    @Override
    void application(Value.Made made, Call call) {
        PythonRoutes.listed(made, call, run);
        for (String hook : List.of("lifespan", "on_startup")) {
            Value value = call.given().named().get(hook);
            List<Value> all =
                    value instanceof Value.Items items ? items.values() : value == null ? List.of() : List.of(value);
            all.forEach(each -> run.calls.callBack(each, Arguments.of(made), call.site()));
        }
    }
}
