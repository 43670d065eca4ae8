package dev.panoptes.code.run;

import dev.panoptes.code.Language;
import dev.panoptes.code.library.Table;
import dev.panoptes.code.syntax.Expression;
import dev.panoptes.code.syntax.GoReader;
import dev.panoptes.code.syntax.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Go. A package is one module: that of its first file, or of the file with main. One per run. */
final class GoDialect implements Dialect {
    private static final Table TABLE = Table.of(Language.GO);

    @Override
    public @Nullable Value global(String name, Interpreter run, Scope scope) {
        return TABLE.words("builtins").contains(name) || name.startsWith("#")
                ? new Value.Foreign("builtin." + name, null)
                : null;
    }

    @Override
    public void body(Scope module, Interpreter.Frame frame, Interpreter run) {
        List<Interpreter.Frame> files = new ArrayList<>();
        String own = packageName(module.module());
        for (Module file : siblings(module.module(), own, run)) {
            Scope scope = new Scope(file, module, Scope.Kind.BLOCK, run.journal());
            files.add(new Interpreter.Frame(scope, frame.returns(), null, null));
        }
        List<Value.Routine> starting = new ArrayList<>();
        for (Interpreter.Frame file : files) {
            declare(file, module, run, starting);
        }
        for (Interpreter.Frame file : files) {
            methods(file, module);
        }
        // Constants and variables may stand in any order; what a first pass does not know, a second may.
        for (int pass = 0; pass < 2; pass++) {
            for (Interpreter.Frame file : files) {
                variables(file, module, run, pass);
            }
        }
        for (Value.Routine start : starting) {
            run.invoke(start, Arguments.NONE, new Site(start.closure().module(), 0, 0));
        }
        boolean main = module.module().equals(run.root()) && own.equals("main");
        if (main
                && module.names().get("main") instanceof Value.Routine routine
                && routine.closure().module().equals(run.root())) {
            run.entered();
            run.guarded(() -> run.invoke(routine, Arguments.NONE, new Site(run.root(), 0, 0)));
        }
    }

    /** The files of the package, the file itself first. */
    private static List<Module> siblings(Module module, String name, Interpreter run) {
        List<Module> files = new ArrayList<>();
        files.add(module);
        for (String file : run.modules().files(module.folder(), ".go")) {
            String path = PythonDialect.join(module.folder(), file);
            String stem = file.substring(0, file.length() - 3);
            boolean elsewhere = TABLE.words("systems").stream().anyMatch(system -> stem.endsWith("_" + system));
            if (!path.equals(module.rootPath()) && !elsewhere) {
                Module other = run.modules().module(path);
                if (other != null
                        && GoBuild.applies(other)
                        && packageName(other).equals(name)) {
                    files.add(other);
                }
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

    private void declare(Interpreter.Frame file, Scope module, Interpreter run, List<Value.Routine> starting) {
        for (Statement statement : file.scope().module().text().statements()) {
            switch (statement) {
                case Statement.Import imported -> imports(imported, file.scope(), run);
                case Statement.DefineType type -> type(type, file, module, run);
                case Statement.Define define
                when define.function().receiver() == null -> {
                    Value.Routine routine = new Value.Routine(define.function(), file.scope(), null, null);
                    if (define.function().name().equals("init")) {
                        starting.add(routine);
                    } else if (module.names().get(define.function().name()) == null) {
                        module.names().put(define.function().name(), routine);
                    }
                }
                default -> {}
            }
        }
    }

    private static void type(Statement.DefineType definition, Interpreter.Frame file, Scope module, Interpreter run) {
        Scope members = new Scope(file.scope().module(), file.scope(), Scope.Kind.TYPE, run.journal());
        List<Value> bases = new ArrayList<>();
        Value.Type type = new Value.Type(definition.name(), members, bases, definition);
        run.block(definition.body(), new Interpreter.Frame(members, new ArrayList<>(), null, type));
        module.names().put(definition.name(), type);
    }

    private static void methods(Interpreter.Frame file, Scope module) {
        for (Statement statement : file.scope().module().text().statements()) {
            if (statement instanceof Statement.Define define
                    && define.function().receiver() != null
                    && module.names().get(define.function().receiver()) instanceof Value.Type type) {
                type.scope()
                        .names()
                        .put(define.function().name(), new Value.Routine(define.function(), file.scope(), null, type));
            }
        }
    }

    private static void variables(Interpreter.Frame file, Scope module, Interpreter run, int pass) {
        for (Statement statement : file.scope().module().text().statements()) {
            if (!(statement instanceof Statement.Assign assign) || assign.value() == null) {
                continue;
            }
            boolean known = assign.target() instanceof Expression.Name name
                    && module.names().get(name.name()) instanceof Value value
                    && !(value instanceof Value.Unknown);
            if (pass == 0 || !known) {
                Value value = run.evaluator().value(assign.value(), file);
                Interpreter.Frame whole = new Interpreter.Frame(module, file.returns(), null, null);
                run.evaluator().assign(assign.target(), value, whole, true);
            }
        }
    }

    @Override
    public void imports(Statement.Import statement, Scope scope, Interpreter run) {
        String path = statement.module();
        if (path.equals(GoReader.PACKAGE)) {
            return;
        }
        String name = statement.alias() == null ? last(path) : statement.alias();
        if (name.equals("_")) {
            return;
        }
        Module local = local(path, scope.module(), run);
        scope.declare(name, local == null ? new Value.Foreign(last(path), null) : new Value.Later(local, null));
    }

    /** The last part of an import path, without a version: {@code gin} of {@code github.com/gin-gonic/gin}. */
    private static String last(String path) {
        String plain = path.replaceFirst("/v\\d+$", "").replaceFirst("\\.v\\d+$", "");
        return plain.substring(plain.lastIndexOf('/') + 1);
    }

    /** The first file of an imported package of the same module; null for other packages. */
    private static @Nullable Module local(String path, Module from, Interpreter run) {
        for (String folder = from.folder(); ; folder = PythonDialect.parent(folder)) {
            String text = run.modules().text(PythonDialect.join(folder, "go.mod"));
            if (text != null) {
                String name = text.lines()
                        .filter(line -> line.startsWith("module "))
                        .map(line -> line.substring(7).strip().replace("\"", ""))
                        .findFirst()
                        .orElse("");
                if (name.isEmpty() || !path.startsWith(name + "/")) {
                    return null;
                }
                String inner = PythonDialect.join(folder, path.substring(name.length() + 1));
                for (String file : run.modules().files(inner, ".go")) {
                    Module module = run.modules().module(PythonDialect.join(inner, file));
                    if (module != null && GoBuild.applies(module)) {
                        return module;
                    }
                }
                return null;
            }
            if (folder.isEmpty()) {
                return null;
            }
        }
    }

    @Override
    public @Nullable Value member(Value object, String name, Interpreter run) {
        return GoLibrary.member(object, name, run);
    }

    @Override
    public @Nullable Value call(
            String path, @Nullable Value receiver, Arguments arguments, Site site, Interpreter run) {
        return run.libraries().call(path, receiver, arguments, site);
    }

    @Override
    public @Nullable Value create(Value.Type type, Arguments arguments, Site site, Interpreter run) {
        // T(x) converts.
        Value first = arguments.first();
        return first == null ? new Value.Instance(type, new Store(run.journal()), site) : first;
    }

    @Override
    public Value compose(Value type, Value fields, Site site, Interpreter run) {
        if (!(fields instanceof Value.Entries entries)) {
            return fields;
        }
        switch (type) {
            case Value.Type own -> {
                boolean map =
                        own.definition() != null && own.definition().bases().contains(new Expression.Name("#map"));
                return map ? fields : instance(own, entries, site, run);
            }
            case Value.Foreign foreign -> {
                String name = foreign.path();
                if (name.equals("gin.H")
                        || name.equals("fiber.Map")
                        || name.equals("echo.Map")
                        || name.equals("bson.M")) {
                    return fields;
                }
                Map<String, Value> named = new LinkedHashMap<>();
                entries.cells().cells().forEach((key, value) -> named.put(String.valueOf(key), value));
                Value.Made made = run.made(name + "()", null, new Arguments(List.of(), named, false), site);
                named.forEach(made.fields()::put);
                return made;
            }
            default -> {
                return fields;
            }
        }
    }

    private static Value instance(Value.Type type, Value.Entries entries, Site site, Interpreter run) {
        Value.Instance instance = new Value.Instance(type, new Store(run.journal()), site);
        List<String> names = new ArrayList<>();
        type.scope().names().keys().forEach(key -> {
            String name = String.valueOf(key);
            if (name.startsWith(GoReader.TAG)) {
                names.add(name.substring(GoReader.TAG.length()));
            }
        });
        entries.cells().cells().forEach((key, value) -> {
            String name = key instanceof Long number && number < names.size()
                    ? names.get(number.intValue())
                    : String.valueOf(key);
            instance.fields().put(name, value);
        });
        return instance;
    }

    @Override
    public Value bind(Value member, Value self, Interpreter run) {
        return member instanceof Value.Routine routine ? routine.bound(self) : member;
    }

    @Override
    public Value part(Value value, int index, Interpreter run) {
        // Of a value and an error the value is what is looked at.
        return index == 0 ? value : Values.unknown("whether it failed is not known");
    }

    @Override
    public void assigned(Value.Foreign target, String name, Value value, Interpreter run) {
        if (target.receiver() instanceof Value.Made made) {
            made.fields().put(target.path() + "[" + name + "]", value);
        }
    }

    @Override
    public boolean passesSelf() {
        return true;
    }

    @Override
    public @Nullable Value operate(String operator, Value left, Value right, Interpreter run) {
        // Exported functions begin with a capital letter as types do elsewhere: what one returns may well be nil.
        boolean compares = operator.equals("==") || operator.equals("!=");
        boolean called = left instanceof Value.Made made && made.path().endsWith("()");
        if (compares && called && right.equals(Value.NOTHING)) {
            return Values.unknown("it is decided while the program runs");
        }
        return null;
    }

    @Override
    public boolean callsBack(String path) {
        return !path.endsWith(".HandlerFunc");
    }

    @Override
    public boolean plainBase(String path) {
        return true;
    }

    @Override
    public Arguments handlerArguments(String path, Site site, Interpreter run) {
        Value.Made request = run.made("request()", null, Arguments.NONE, site);
        Value.Made url = run.made("url()", null, Arguments.NONE, site);
        url.fields().put("Path", Values.constant(path));
        request.fields().put("URL", url);
        request.fields().put("Method", Values.constant("GET"));
        request.fields().put("RequestURI", Values.constant(path));
        return Arguments.of(run.made("response()", null, Arguments.NONE, site), request);
    }

    @Override
    public @Nullable Value special(String what, LibraryCalls.Call call, Interpreter run) {
        return GoLibrary.special(what, call, run);
    }
}
