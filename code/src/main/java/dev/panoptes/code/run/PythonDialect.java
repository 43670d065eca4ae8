package dev.panoptes.code.run;

import dev.panoptes.code.Language;
import dev.panoptes.code.library.Table;
import dev.panoptes.code.syntax.Expression;
import dev.panoptes.code.syntax.Function;
import dev.panoptes.code.syntax.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Python: its names, its imports, its classes. One per run. One piece, a fifth of it lists of names: the interface asks one
 * object, and each answer is short.
 */
final class PythonDialect implements Dialect {
    private static final Table TABLE = Table.of(Language.PYTHON);
    private static final Set<String> BUILTINS = TABLE.words("builtins");
    /** Modules that a folder of the same name elsewhere in the tree does not stand for. */
    private static final Set<String> ELSEWHERE = TABLE.words("elsewhere");

    private @Nullable PythonLibrary known;
    private final Map<String, Module> resolved = new HashMap<>();

    private PythonLibrary library(Interpreter run) {
        if (known == null) {
            known = new PythonLibrary(run);
        }
        return known;
    }

    @Override
    public @Nullable Value global(String name, Interpreter run, Scope scope) {
        if (BUILTINS.contains(name)) {
            return new Value.Foreign(name.equals("super") ? name : "builtins." + name, null);
        }
        return name.endsWith("Error")
                        || name.endsWith("Exception")
                        || name.endsWith("Exit")
                        || name.endsWith("Interrupt")
                ? new Value.Foreign("builtins." + name, null)
                : null;
    }

    @Override
    public boolean mainGuard(Expression condition) {
        return switch (condition) {
            case Expression.Operation operation
            when operation.operator().equals("==") ->
                operation.operands().contains(new Expression.Name("__name__"))
                        && operation.operands().contains(new Expression.Literal("__main__"));
            case Expression.Operation operation
            when operation.operator().equals("and") ->
                operation.operands().stream().anyMatch(this::mainGuard);
            default -> false;
        };
    }

    @Override
    public boolean mainIsModule() {
        return false;
    }

    @Override
    public void imports(Statement.Import statement, Scope scope, Interpreter run) {
        if (statement.names().isEmpty()) {
            importModule(statement, scope, run);
            return;
        }
        String base = statement.level() > 0
                ? relative(scope.module(), statement.level(), statement.module())
                : absolute(statement.module(), scope.module(), run);
        for (Statement.Imported imported : statement.names()) {
            if (base == null) {
                if (!imported.name().equals("*")) {
                    Value value = statement.level() > 0
                            ? Values.unknown(imported.name() + " comes from a module that is not in the tree")
                            : new Value.Foreign(statement.module() + "." + imported.name(), null);
                    scope.declare(imported.alias(), value);
                }
                continue;
            }
            importName(base, imported, scope, run);
        }
    }

    private void importModule(Statement.Import statement, Scope scope, Interpreter run) {
        String name = statement.module();
        String alias = statement.alias();
        String base = absolute(name, scope.module(), run);
        if (base == null) {
            String top = name.contains(".") ? name.substring(0, name.indexOf('.')) : name;
            scope.declare(alias == null ? top : alias, new Value.Foreign(alias == null ? top : name, null));
            return;
        }
        Value value = whole(base, run);
        if (alias != null || !name.contains(".")) {
            scope.declare(alias == null ? name : alias, value);
            return;
        }
        // import a.b.c binds a; its folder is as many levels up.
        String top = base;
        for (int i = name.indexOf('.'); i >= 0; i = name.indexOf('.', i + 1)) {
            top = parent(top);
        }
        scope.declare(name.substring(0, name.indexOf('.')), whole(top, run));
    }

    private void importName(String base, Statement.Imported imported, Scope scope, Interpreter run) {
        Module module = module(base, run);
        if (imported.name().equals("*")) {
            if (module != null) {
                Map<Object, Value> names =
                        new HashMap<>(run.load(module).names().cells());
                names.forEach((name, value) -> {
                    if (!String.valueOf(name).startsWith("_")) {
                        scope.declare(String.valueOf(name), value);
                    }
                });
            }
            return;
        }
        boolean folder = module == null
                || module.rootPath().endsWith("/__init__.py")
                || module.rootPath().equals("__init__.py");
        Module inner = folder ? module(join(base, imported.name()), run) : null;
        if (module != null && module.eager()) {
            run.load(module);
        }
        if (inner != null) {
            if (inner.eager()) {
                run.load(inner);
            }
            scope.declare(imported.alias(), new Value.Later(inner, null));
        } else if (module != null) {
            scope.declare(imported.alias(), new Value.Later(module, imported.name()));
        } else {
            scope.declare(
                    imported.alias(), Values.unknown(imported.name() + " comes from a module that is not in the tree"));
        }
    }

    /** The module or package at this path below the root, without suffix, as a value. */
    private Value whole(String base, Interpreter run) {
        Module module = module(base, run);
        if (module == null) {
            return new Value.Foreign("/" + base, null);
        }
        if (module.eager()) {
            run.load(module);
        }
        return new Value.Later(module, null);
    }

    private @Nullable Module module(String base, Interpreter run) {
        Module known = resolved.get(base);
        if (known == null) {
            known = run.modules().module(base + ".py");
            known = known == null ? run.modules().module(join(base, "__init__.py")) : known;
            if (known != null) {
                resolved.put(base, known);
            }
        }
        return known;
    }

    private static @Nullable String relative(Module from, int level, String name) {
        String folder = from.folder();
        for (int i = 1; i < level; i++) {
            if (folder.isEmpty()) {
                return null;
            }
            folder = parent(folder);
        }
        return name.isEmpty() ? folder : join(folder, name.replace('.', '/'));
    }

    /** Where an imported module lies below the root, without suffix; null where it is not in the tree. */
    private @Nullable String absolute(String name, Module from, Interpreter run) {
        String path = name.replace('.', '/');
        String top = name.contains(".") ? name.substring(0, name.indexOf('.')) : name;
        List<String> certain = new ArrayList<>();
        certain.add(run.root().folder());
        certain.addAll(run.searchPath());
        for (String folder : certain) {
            String base = join(folder, path);
            if (module(base, run) != null) {
                return base;
            }
            if (!ELSEWHERE.contains(top) && run.modules().folder(base)) {
                return base;
            }
        }
        if (ELSEWHERE.contains(top)) {
            return null;
        }
        for (Module start : from.equals(run.root()) ? List.of(from) : List.of(from, run.root())) {
            for (String folder = start.folder(); ; folder = parent(folder)) {
                String base = join(folder, path);
                if (module(base, run) != null) {
                    return base;
                }
                if (folder.isEmpty()) {
                    break;
                }
            }
        }
        return null;
    }

    static String join(String folder, String name) {
        return folder.isEmpty() ? name : folder + "/" + name;
    }

    static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }

    @Override
    public @Nullable Value member(Value object, String name, Interpreter run) {
        if (object instanceof Value.Foreign foreign && foreign.path().startsWith("/")) {
            // A package without an __init__.py.
            String base = join(foreign.path().substring(1), name);
            return module(base, run) != null || run.modules().folder(base) ? whole(base, run) : null;
        }
        if (object instanceof Value.Loaded loaded && loaded.scope().names().get(name) == null) {
            String path = loaded.module().rootPath();
            if (path.endsWith("__init__.py")) {
                Module inner = module(join(loaded.module().folder(), name), run);
                return inner == null ? null : new Value.Later(inner, null);
            }
            return null;
        }
        return library(run).member(object, name, run);
    }

    @Override
    public @Nullable Value call(
            String path, @Nullable Value receiver, Arguments arguments, Site site, Interpreter run) {
        return library(run).call(path, receiver, arguments, site, run);
    }

    @Override
    public @Nullable Value create(Value.Type type, Arguments arguments, Site site, Interpreter run) {
        return PythonTypes.create(type, arguments, site, run);
    }

    @Override
    public @Nullable Value decorate(Value decorator, Value function, Site site, Interpreter run) {
        return library(run).decorate(decorator, function, site, run);
    }

    @Override
    public @Nullable Value operate(String operator, Value left, Value right, Interpreter run) {
        return library(run).operate(operator, left, right, run);
    }

    @Override
    public boolean callsBack(String path) {
        return !path.endsWith(".Depends") && !path.endsWith(".Security") && !path.startsWith("builtins.");
    }

    @Override
    public @Nullable Value parameter(Function.Parameter parameter, Value.Routine routine, Interpreter run) {
        return library(run).parameter(parameter, routine, run);
    }

    @Override
    public boolean passesSelf() {
        return true;
    }

    @Override
    public Value bind(Value member, Value self, Interpreter run) {
        if (!(member instanceof Value.Routine routine)) {
            return member;
        }
        for (Expression decorator : routine.function().decorators()) {
            String name = switch (decorator) {
                case Expression.Name plain -> plain.name();
                case Expression.Member inner -> inner.name();
                case Expression.Call call when call.function() instanceof Expression.Name plain -> plain.name();
                default -> "";
            };
            switch (name) {
                case "staticmethod" -> {
                    return routine;
                }
                case "classmethod" -> {
                    return routine.bound(self instanceof Value.Instance instance ? instance.type() : self);
                }
                case "property", "cached_property", "computed_field", "hybrid_property" -> {
                    return self instanceof Value.Instance
                            ? run.invoke(
                                    routine.bound(self),
                                    Arguments.NONE,
                                    new Site(routine.closure().module(), 0, 0))
                            : routine;
                }
                case "setter", "getter" -> {
                    return Values.unknown("it is a property with a setter");
                }
                default -> {}
            }
        }
        return self instanceof Value.Instance || self instanceof Value.Made ? routine.bound(self) : routine;
    }

    @Override
    public boolean plainBase(String path) {
        return path.startsWith("abc.")
                || path.startsWith("typing.")
                || path.startsWith("builtins.")
                || path.startsWith("enum.")
                || path.startsWith("pydantic.")
                || path.startsWith("pydantic_settings.")
                || path.equals("collections.namedtuple()");
    }

    @Override
    public @Nullable Value constructor(Value.Instance instance, Interpreter run) {
        return run.evaluator().memberOrNull(instance, "__init__");
    }

    @Override
    public @Nullable Value index(Value object, Value key, Interpreter run) {
        return library(run).index(object, key, run);
    }

    @Override
    public void assigned(Value.Foreign target, String name, Value value, Interpreter run) {
        PythonLibrary.assigned(target, name, value, run);
    }

    @Override
    public void called(Value.Routine routine, Interpreter run) {
        library(run).called(routine, run);
    }

    @Override
    public boolean definesApplication(Scope scope, Interpreter run) {
        for (Value value : new ArrayList<>(scope.names().values())) {
            // A module that is not eager makes no application.
            boolean elsewhere =
                    value instanceof Value.Later later && !later.module().eager();
            if (!elsewhere && isApplication(run.evaluator().force(value), run)) {
                return true;
            }
        }
        for (String factory : TABLE.words("factories")) {
            if (scope.names().get(factory) instanceof Value.Routine routine
                    && takesNothing(routine.function())
                    && isApplication(
                            run.evaluator().call(routine, Arguments.NONE, new Site(scope.module(), 0, 0)), run)) {
                return true;
            }
        }
        return false;
    }

    /** A server calls a factory without arguments; one that needs some belongs to other modules. */
    private static boolean takesNothing(Function function) {
        return function.parameters().stream()
                .allMatch(parameter -> parameter.standard() != null
                        || parameter.kind() == Function.Kind.REST
                        || parameter.kind() == Function.Kind.KEYWORDS);
    }

    private static boolean isApplication(Value value, Interpreter run) {
        return switch (value) {
            case Value.Made made -> run.libraries().application(PythonLibrary.canonical(made.path()));
            case Value.Instance instance -> subclass(instance.type(), 0, run);
            case Value.Several several -> several.values().stream().anyMatch(each -> isApplication(each, run));
            default -> false;
        };
    }

    private static boolean subclass(Value.Type type, int depth, Interpreter run) {
        return type.bases().stream().anyMatch(base -> switch (base) {
            case Value.Foreign foreign -> run.libraries().application(PythonLibrary.canonical(foreign.path() + "()"));
            case Value.Type inner -> depth < 20 && subclass(inner, depth + 1, run);
            default -> false;
        });
    }

    @Override
    public void body(Scope module, Interpreter.Frame frame, Interpreter run) {
        run.block(module.module().text().statements(), frame);
        if (!module.module().equals(run.root())) {
            return;
        }
        for (String function : PythonScripts.of(run.root(), run)) {
            if (module.names().get(function) instanceof Value.Routine routine) {
                run.entered();
                run.callBack(routine, Arguments.NONE, new Site(run.root(), 0, 0));
            }
        }
    }

    @Override
    public @Nullable Value special(String what, LibraryCalls.Call call, Interpreter run) {
        return what.equals("define") ? library(run).define(call) : PythonServers.special(what, call, run);
    }

    @Override
    public void application(Value.Made made, Arguments given, Site site, Interpreter run) {
        PythonRoutes.listed(made, given, site, run);
        for (String hook : List.of("lifespan", "on_startup")) {
            Value value = given.named().get(hook);
            List<Value> all =
                    value instanceof Value.Items items ? items.values() : value == null ? List.of() : List.of(value);
            all.forEach(each -> run.callBack(each, Arguments.of(made), site));
        }
    }
}
