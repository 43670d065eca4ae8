package dev.panoptes.code.run;

import dev.panoptes.code.Language;
import dev.panoptes.code.PathNames;
import dev.panoptes.code.library.Table;
import dev.panoptes.code.syntax.Expression;
import dev.panoptes.code.syntax.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Python: its names, its imports, its classes. */
final class PythonDialect extends Dialect {
    private static final Set<String> BUILTINS = Table.of(Language.PYTHON).words("builtins");
    private static final List<String> RAISED = List.of("Error", "Exception", "Exit", "Interrupt");
    /** Modules that a folder of the same name elsewhere in the tree does not stand for. */
    private static final Set<String> ELSEWHERE = Table.of(Language.PYTHON).words("elsewhere");

    private final Map<String, Module> resolved = new HashMap<>();

    PythonDialect(Interpreter run) {
        super(run, new PythonLibrary(run));
    }

    @Override
    protected @Nullable Value global(String name, Scope scope) {
        if (BUILTINS.contains(name)) {
            return new Value.Foreign(name.equals("super") ? name : "builtins." + name, null);
        }
        boolean raised = RAISED.stream().anyMatch(name::endsWith);
        return raised ? new Value.Foreign("builtins." + name, null) : null;
    }

    @Override
    boolean mainGuard(Expression condition) {
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
    boolean mainIsModule() {
        return false;
    }

    @Override
    void imports(Statement.Import statement, Scope scope) {
        if (statement.names().isEmpty()) {
            importModule(statement, scope);
            return;
        }
        String base = statement.level() > 0
                ? relative(scope.module, statement.level(), statement.module())
                : absolute(statement.module(), scope.module);
        for (Statement.Imported imported : statement.names()) {
            if (base != null) {
                importName(base, imported, scope);
            } else if (!imported.name().equals("*")) {
                Value value = statement.level() > 0
                        ? missing(imported.name())
                        : new Value.Foreign(statement.module() + "." + imported.name(), null);
                scope.declare(imported.alias(), value);
            }
        }
    }

    private static Value missing(String name) {
        return Values.unknown(name + " comes from a module that is not in the tree");
    }

    private static String top(String name) {
        return name.contains(".") ? name.substring(0, name.indexOf('.')) : name;
    }

    private void importModule(Statement.Import statement, Scope scope) {
        String name = statement.module();
        String alias = statement.alias();
        String base = absolute(name, scope.module);
        if (base == null) {
            scope.declare(alias == null ? top(name) : alias, new Value.Foreign(alias == null ? top(name) : name, null));
            return;
        }
        Value value = whole(base);
        if (alias != null || !name.contains(".")) {
            scope.declare(alias == null ? name : alias, value);
            return;
        }
        // import a.b.c binds a; its folder is as many levels up.
        String folder = base;
        for (int i = name.indexOf('.'); i >= 0; i = name.indexOf('.', i + 1)) {
            folder = PathNames.parent(folder);
        }
        scope.declare(top(name), whole(folder));
    }

    private void importName(String base, Statement.Imported imported, Scope scope) {
        Module module = module(base);
        if (imported.name().equals("*")) {
            if (module != null) {
                new HashMap<>(run.load(module).names.cells()).forEach((name, value) -> {
                    if (!String.valueOf(name).startsWith("_")) {
                        scope.declare(String.valueOf(name), value);
                    }
                });
            }
            return;
        }
        boolean folder = module == null || PathNames.last(module.rootPath()).equals("__init__.py");
        Module inner = folder ? module(PathNames.join(base, imported.name())) : null;
        run.loadEager(module);
        run.loadEager(inner);
        scope.declare(
                imported.alias(),
                inner != null
                        ? new Value.Later(inner, null)
                        : module != null ? new Value.Later(module, imported.name()) : missing(imported.name()));
    }

    /** The module or package at this path below the root, without suffix, as a value. */
    private Value whole(String base) {
        Module module = module(base);
        run.loadEager(module);
        return module == null ? new Value.Foreign("/" + base, null) : new Value.Later(module, null);
    }

    private @Nullable Module module(String base) {
        Module known = resolved.get(base);
        if (known == null) {
            known = run.modules.module(base + ".py");
            known = known == null ? run.modules.module(PathNames.join(base, "__init__.py")) : known;
            if (known != null) {
                resolved.put(base, known);
            }
        }
        return known;
    }

    private static @Nullable String relative(Module from, int level, String name) {
        List<String> folders = PathNames.upwards(from.folder());
        if (level > folders.size()) {
            return null;
        }
        String folder = folders.get(level - 1);
        return name.isEmpty() ? folder : PathNames.join(folder, name.replace('.', '/'));
    }

    /** Where an imported module lies below the root, without suffix; null where it is not in the tree. */
    private @Nullable String absolute(String name, Module from) {
        String path = name.replace('.', '/');
        boolean elsewhere = ELSEWHERE.contains(top(name));
        List<String> certain = new ArrayList<>(List.of(run.root.folder()));
        certain.addAll(run.searchPath());
        for (String folder : certain) {
            String base = PathNames.join(folder, path);
            if (module(base) != null || (!elsewhere && run.modules.folder(base))) {
                return base;
            }
        }
        if (elsewhere) {
            return null;
        }
        List<String> folders = new ArrayList<>(PathNames.upwards(from.folder()));
        folders.addAll(PathNames.upwards(run.root.folder()));
        return folders.stream()
                .map(folder -> PathNames.join(folder, path))
                .filter(base -> module(base) != null)
                .findFirst()
                .orElse(null);
    }

    @Override
    protected @Nullable Value inPackage(Value object, String name) {
        if (object instanceof Value.Foreign foreign && foreign.path().startsWith("/")) {
            // A package without an __init__.py.
            String base = PathNames.join(foreign.path().substring(1), name);
            return module(base) != null || run.modules.folder(base) ? whole(base) : null;
        }
        if (object instanceof Value.Loaded loaded
                && loaded.scope().names.get(name) == null
                && loaded.module().rootPath().endsWith("__init__.py")) {
            Module inner = module(PathNames.join(loaded.module().folder(), name));
            return inner == null ? null : new Value.Later(inner, null);
        }
        return null;
    }

    @Override
    protected @Nullable Value create(Value.Type type, Arguments arguments, Site site) {
        return PythonTypes.create(type, arguments, site, run);
    }

    @Override
    boolean passesSelf() {
        return true;
    }

    @Override
    Value bind(Value member, Value self) {
        if (!(member instanceof Value.Routine routine)) {
            return member;
        }
        for (Expression decorator : routine.function().decorators()) {
            switch (Expression.lastName(decorator)) {
                case "staticmethod" -> {
                    return routine;
                }
                case "classmethod" -> {
                    return routine.bound(self instanceof Value.Instance instance ? instance.type() : self);
                }
                case "property", "cached_property", "computed_field", "hybrid_property" -> {
                    return self instanceof Value.Instance ? got(routine, self) : routine;
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
    protected @Nullable Value constructor(Value.Instance instance) {
        return run.members.memberOrNull(instance, "__init__");
    }

    @Override
    void body(Scope module, Interpreter.Frame frame) {
        super.body(module, frame);
        if (!module.module.equals(run.root)) {
            return;
        }
        for (String function : PythonScripts.of(run.root, run.modules)) {
            if (module.names.get(function) instanceof Value.Routine routine) {
                run.entered();
                run.calls.callBack(routine, Arguments.NONE, Site.of(run.root));
            }
        }
    }
}
