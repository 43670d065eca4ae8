package dev.panoptes.code.run;

import dev.panoptes.code.Language;
import dev.panoptes.code.PathNames;
import dev.panoptes.code.library.Table;
import dev.panoptes.code.syntax.Expression;
import dev.panoptes.code.syntax.GoReader;
import dev.panoptes.code.syntax.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Go. A package is one module: that of its first file, or of the file with main. */
final class GoDialect extends Dialect {
    private static final Set<String> BUILTINS = Table.of(Language.GO).words("builtins");
    private static final Set<String> MAPS = Table.of(Language.GO).words("maps-of-libraries");

    GoDialect(Interpreter run) {
        super(run, new GoLibrary(run));
    }

    @Override
    protected @Nullable Value global(String name, Scope scope) {
        return BUILTINS.contains(name) || name.startsWith("#") ? new Value.Foreign("builtin." + name, null) : null;
    }

    @Override
    void body(Scope module, Interpreter.Frame frame) {
        List<Interpreter.Frame> files = new ArrayList<>();
        String own = packageName(module.module);
        for (Module file : siblings(module.module, own)) {
            Scope scope = new Scope(file, module, Scope.Kind.BLOCK, run.journal);
            files.add(new Interpreter.Frame(scope, frame.returns(), null, null));
        }
        List<Value.Routine> starting = new ArrayList<>();
        files.forEach(file -> declare(file, module, starting));
        files.forEach(file -> methods(file, module));
        // Constants and variables may stand in any order; what a first pass does not know, a second may.
        files.forEach(file -> variables(file, module, true));
        files.forEach(file -> variables(file, module, false));
        for (Value.Routine start : starting) {
            run.calls.invoke(start, Arguments.NONE, Site.of(start.closure().module));
        }
        if (module.module.equals(run.root)
                && own.equals("main")
                && module.names.get("main") instanceof Value.Routine routine
                && routine.closure().module.equals(run.root)) {
            run.entered();
            run.guarded(() -> run.calls.invoke(routine, Arguments.NONE, Site.of(run.root)));
        }
    }

    /** The files of the package, the file itself first. */
    private List<Module> siblings(Module module, String name) {
        List<Module> files = new ArrayList<>(List.of(module));
        for (String file : run.modules.files(module.folder(), ".go")) {
            String path = PathNames.join(module.folder(), file);
            Module other = path.equals(module.rootPath()) ? null : run.modules.module(path);
            if (other != null && GoBuild.applies(other) && packageName(other).equals(name)) {
                files.add(other);
            }
        }
        return files;
    }

    private static String packageName(Module module) {
        for (Statement statement : module.text().statements()) {
            if (statement instanceof Statement.Import clause && clause.module().equals(GoReader.PACKAGE)) {
                return clause.alias() == null ? "" : clause.alias();
            }
        }
        return "";
    }

    private void declare(Interpreter.Frame file, Scope module, List<Value.Routine> starting) {
        for (Statement statement : file.scope().module.text().statements()) {
            switch (statement) {
                case Statement.Import imported -> imports(imported, file.scope());
                case Statement.DefineType type -> type(type, file, module);
                case Statement.Define(var function)
                when function.receiver() == null -> {
                    Value.Routine routine = new Value.Routine(function, file.scope(), null, null);
                    if (function.name().equals("init")) {
                        starting.add(routine);
                    } else if (module.names.get(function.name()) == null) {
                        module.names.put(function.name(), routine);
                    }
                }
                default -> {}
            }
        }
    }

    private void type(Statement.DefineType definition, Interpreter.Frame file, Scope module) {
        Scope members = new Scope(file.scope().module, file.scope(), Scope.Kind.TYPE, run.journal);
        Value.Type type = new Value.Type(definition.name(), members, List.of(), definition);
        run.statements.block(definition.body(), Interpreter.Frame.of(type));
        module.names.put(definition.name(), type);
    }

    private static void methods(Interpreter.Frame file, Scope module) {
        for (Statement statement : file.scope().module.text().statements()) {
            if (statement instanceof Statement.Define(var function)
                    && function.receiver() != null
                    && module.names.get(function.receiver()) instanceof Value.Type type) {
                type.scope().names.put(function.name(), new Value.Routine(function, file.scope(), null, type));
            }
        }
    }

    private void variables(Interpreter.Frame file, Scope module, boolean first) {
        for (Statement statement : file.scope().module.text().statements()) {
            if (!(statement instanceof Statement.Assign assign) || assign.value() == null) {
                continue;
            }
            boolean known = assign.target() instanceof Expression.Name name
                    && module.names.get(name.name()) instanceof Value value
                    && !(value instanceof Value.Unknown);
            if (first || !known) {
                Value value = run.evaluator.value(assign.value(), file);
                Interpreter.Frame whole = new Interpreter.Frame(module, file.returns(), null, null);
                run.assignments.assign(assign.target(), value, whole, true);
            }
        }
    }

    @Override
    void imports(Statement.Import statement, Scope scope) {
        String path = statement.module();
        String name = statement.alias() == null ? last(path) : statement.alias();
        if (!path.equals(GoReader.PACKAGE) && !name.equals("_")) {
            Module local = local(path, scope.module);
            scope.declare(name, local == null ? new Value.Foreign(last(path), null) : new Value.Later(local, null));
        }
    }

    /** The last part of an import path, without a version: {@code gin} of {@code github.com/gin-gonic/gin}. */
    private static String last(String path) {
        return PathNames.last(path.replaceFirst("[/.]v\\d+$", ""));
    }

    /** The first file of an imported package of the same module; null for other packages. */
    private @Nullable Module local(String path, Module from) {
        for (String folder : PathNames.upwards(from.folder())) {
            String text = run.modules.text(PathNames.join(folder, "go.mod"));
            if (text == null) {
                continue;
            }
            String name = text.lines()
                    .filter(line -> line.startsWith("module "))
                    .map(line -> line.substring(7).strip().replace("\"", ""))
                    .findFirst()
                    .orElse("");
            if (name.isEmpty() || !path.startsWith(name + "/")) {
                return null;
            }
            String inner = PathNames.join(folder, path.substring(name.length() + 1));
            for (String file : run.modules.files(inner, ".go")) {
                Module module = run.modules.module(PathNames.join(inner, file));
                if (module != null && GoBuild.applies(module)) {
                    return module;
                }
            }
            return null;
        }
        return null;
    }

    @Override
    protected Value create(Value.Type type, Arguments arguments, Site site) {
        // T(x) converts.
        Value first = arguments.first();
        return first == null ? run.instance(type, site) : first;
    }

    @Override
    Value compose(Value type, Value fields, Site site) {
        if (!(fields instanceof Value.Entries entries)) {
            return fields;
        }
        if (type instanceof Value.Type own) {
            boolean map = own.definition() != null && own.definition().bases().contains(new Expression.Name("#map"));
            return map ? fields : instance(own, entries, site);
        }
        if (!(type instanceof Value.Foreign foreign) || MAPS.contains(foreign.path())) {
            return fields;
        }
        Map<String, Value> named = new LinkedHashMap<>();
        entries.cells().cells().forEach((key, value) -> named.put(String.valueOf(key), value));
        Value.Made made = run.made(foreign.path() + "()", null, new Arguments(List.of(), named, false), site);
        named.forEach(made.fields()::put);
        return made;
    }

    private Value instance(Value.Type type, Value.Entries entries, Site site) {
        Value.Instance instance = run.instance(type, site);
        List<String> names = type.scope().names.keys().stream()
                .map(String::valueOf)
                .filter(name -> name.startsWith(GoReader.TAG))
                .map(name -> name.substring(GoReader.TAG.length()))
                .toList();
        entries.cells().cells().forEach((key, value) -> {
            boolean place = key instanceof Long number && number < names.size();
            String name = place ? names.get(((Long) key).intValue()) : String.valueOf(key);
            instance.fields().put(name, value);
        });
        return instance;
    }

    @Override
    Value bind(Value member, Value self) {
        return member instanceof Value.Routine routine ? routine.bound(self) : member;
    }

    @Override
    Value part(Value value, int index) {
        // Of a value and an error the value is what is looked at.
        return index == 0 ? value : Values.unknown("whether it failed is not known");
    }

    @Override
    boolean passesSelf() {
        return true;
    }
}
