package dev.panoptes.code.run;

import dev.panoptes.code.Language;
import dev.panoptes.code.library.Table;
import dev.panoptes.code.syntax.Expression;
import dev.panoptes.code.syntax.JavaScriptReader;
import dev.panoptes.code.syntax.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** JavaScript and TypeScript under Node, Deno and Bun. One per run. */
final class JavaScriptDialect implements Dialect {
    private static final Set<String> GLOBALS = Table.of(Language.JAVASCRIPT).words("globals");
    private static final List<String> SUFFIXES = List.of(
            "", ".js", ".ts", ".mjs", ".cjs", ".mts", ".cts", ".jsx", ".tsx", "/index.js", "/index.ts", "/index.mjs");

    private final JavaScriptLibrary library = new JavaScriptLibrary(this);

    @Override
    public @Nullable Value global(String name, Interpreter run, Scope scope) {
        if (name.equals("super")) {
            return new Value.Foreign("super", null);
        }
        if (name.equals("__dirname")) {
            return Values.constant("/" + scope.module().folder());
        }
        if (name.equals("__filename")) {
            return Values.constant("/" + scope.module().rootPath());
        }
        return GLOBALS.contains(name) ? new Value.Foreign(name, null) : null;
    }

    @Override
    public boolean mainGuard(Expression condition) {
        return switch (condition) {
            case Expression.Operation operation
            when operation.operator().equals("===") || operation.operator().equals("==") ->
                operation.operands().stream().anyMatch(JavaScriptDialect::namesMain);
            case Expression.Operation operation
            when operation.operator().equals("and") ->
                operation.operands().stream().anyMatch(this::mainGuard);
            case Expression.Operation operation
            when operation.operator().equals("not") ->
                operation.operands().getFirst() instanceof Expression.Member member
                        && member.name().equals("parent")
                        && member.object().equals(new Expression.Name("module"));
            case Expression.Member member ->
                member.name().equals("main") && member.object().equals(new Expression.Name("import.meta"));
            default -> false;
        };
    }

    private static boolean namesMain(Expression operand) {
        return operand instanceof Expression.Member member
                && ((member.name().equals("main") && member.object().equals(new Expression.Name("require")))
                        || (member.name().equals("url") && member.object().equals(new Expression.Name("import.meta"))));
    }

    @Override
    public void begin(Scope module, Interpreter run) {
        Value.Entries exports = run.entries(Map.of());
        module.names().put("exports", exports);
        module.names().put("module", run.entries(Map.of("exports", exports)));
    }

    @Override
    public @Nullable Value exported(Module module, Scope scope, @Nullable String name, Interpreter run) {
        Value whole = scope.names().get("module") instanceof Value.Entries own
                ? own.cells().get("exports")
                : null;
        if (whole == null || name == null) {
            return whole;
        }
        Value found = whole instanceof Value.Entries entries
                ? entries.cells().get(name)
                : run.evaluator().memberOrNull(whole, name);
        // The default of a CommonJS module is the whole of it.
        return found == null && name.equals("default") ? whole : found;
    }

    @Override
    public void imports(Statement.Import statement, Scope scope, Interpreter run) {
        if (statement.module().equals("dotenv/config")) {
            run.libraries().call("dotenv.config", null, Arguments.NONE, new Site(scope.module(), 0, 0));
        }
        Module module = resolve(statement.module(), scope.module(), run);
        if (module != null && module.eager()) {
            run.load(module);
        }
        String alias = statement.alias();
        if (alias != null) {
            if (!alias.isEmpty()) {
                scope.declare(alias, whole(statement.module(), module, scope.module(), run));
            } else if (module != null) {
                run.load(module);
            }
            return;
        }
        for (Statement.Imported imported : statement.names()) {
            if (imported.name().equals("*")) {
                if (module != null
                        && run.evaluator().force(new Value.Later(module, null)) instanceof Value.Entries all
                        && scope.names().get("exports") instanceof Value.Entries own) {
                    all.cells().cells().forEach(own.cells()::put);
                }
            } else if (module != null) {
                scope.declare(imported.alias(), new Value.Later(module, imported.name()));
            } else {
                Value from = whole(statement.module(), null, scope.module(), run);
                Value value = imported.name().equals("default")
                        ? from
                        : run.evaluator().member(from, imported.name());
                scope.declare(imported.alias(), value);
            }
        }
    }

    /** A module as {@code require} gives it. */
    Value whole(String name, @Nullable Module module, Module from, Interpreter run) {
        if (module != null) {
            return new Value.Later(module, null);
        }
        if (name.endsWith(".json")) {
            String text = relative(name) ? run.modules().text(PythonDialect.join(from.folder(), name)) : null;
            Value read = text == null ? null : Json.read(text, run);
            return read == null ? Values.unknown(name + " cannot be read") : read;
        }
        return relative(name)
                ? Values.unknown(name + " is not in the tree")
                : new Value.Foreign(name.startsWith("node:") ? name.substring(5) : name, null);
    }

    private static boolean relative(String name) {
        return name.startsWith(".") || name.startsWith("/");
    }

    /** The file that an import names; null for a package and for what is not in the tree. */
    @Nullable
    Module resolve(String name, Module from, Interpreter run) {
        if (name.startsWith("@/") || name.startsWith("~/")) {
            for (String folder = from.folder(); ; folder = PythonDialect.parent(folder)) {
                Module found = file(PythonDialect.join(PythonDialect.join(folder, "src"), name.substring(2)), run);
                if (found != null || folder.isEmpty()) {
                    return found;
                }
            }
        }
        return relative(name) && !name.endsWith(".json") ? file(PythonDialect.join(from.folder(), name), run) : null;
    }

    private static @Nullable Module file(String path, Interpreter run) {
        for (String suffix : SUFFIXES) {
            Module found = run.modules().module(path + suffix);
            if (found != null) {
                return found;
            }
        }
        // TypeScript imports by the name that the compiled file will have.
        return path.endsWith(".js") || path.endsWith(".mjs")
                ? run.modules().module(path.replaceFirst("js$", "ts"))
                : null;
    }

    @Override
    public @Nullable Value member(Value object, String name, Interpreter run) {
        return library.member(object, name, run);
    }

    @Override
    public @Nullable Value call(
            String path, @Nullable Value receiver, Arguments arguments, Site site, Interpreter run) {
        return library.call(path, receiver, arguments, site, run);
    }

    @Override
    public @Nullable Value decorate(Value decorator, Value function, Site site, Interpreter run) {
        return JavaScriptServers.decorate(decorator, function, site, run);
    }

    @Override
    public @Nullable Value operate(String operator, Value left, Value right, Interpreter run) {
        if (operator.equals("+") && (Values.text(left) != null || Values.text(right) != null)) {
            return new TextParts()
                    .add(left, shown(left))
                    .add(right, shown(right))
                    .result();
        }
        if (operator.equals("instanceof") || operator.equals("in")) {
            return Values.unknown("it is decided while the program runs");
        }
        return null;
    }

    @Override
    public Value bind(Value member, Value self, Interpreter run) {
        if (!(member instanceof Value.Routine routine)) {
            return member;
        }
        for (Expression decorator : routine.function().decorators()) {
            if (decorator.equals(new Expression.Name("property")) && self instanceof Value.Instance) {
                return run.invoke(
                        routine.bound(self),
                        Arguments.NONE,
                        new Site(routine.closure().module(), 0, 0));
            }
        }
        return routine.bound(self);
    }

    @Override
    public boolean plainBase(String path) {
        return path.endsWith("EventEmitter") || path.equals("events") || path.equals("Error");
    }

    @Override
    public @Nullable Value constructor(Value.Instance instance, Interpreter run) {
        run.evaluator().initialize(instance.type(), instance, JavaScriptReader.FIELDS, 0);
        Value found = run.evaluator().memberOrNull(instance, "constructor");
        return found instanceof Value.Routine ? found : null;
    }

    @Override
    public @Nullable Value index(Value object, Value key, Interpreter run) {
        String name = Values.text(key);
        if (name != null && !(object instanceof Value.Items)) {
            return library.member(object, name, run);
        }
        if (object instanceof Value.Items items
                && key instanceof Value.Scalar scalar
                && scalar.value() instanceof Long number
                && items.at(number) == null
                && !items.open()) {
            return new Value.Scalar(null, null, library.isCommandLine(items));
        }
        return null;
    }

    @Override
    public @Nullable String shown(Value value) {
        String shown = Values.shown(value);
        return shown == null
                ? null
                : value instanceof Value.Scalar scalar && (scalar.value() instanceof Boolean)
                        ? shown.toLowerCase(Locale.ROOT)
                        : shown.equals("None") && value instanceof Value.Scalar empty && empty.value() == null
                                ? "undefined"
                                : shown;
    }

    @Override
    public void assigned(Value.Foreign target, String name, Value value, Interpreter run) {
        JavaScriptLibrary.assigned(target, name, value, run);
    }

    @Override
    public boolean definesApplication(Scope scope, Interpreter run) {
        List<Value> values = new ArrayList<>(scope.names().values());
        if (scope.names().get("module") instanceof Value.Entries own
                && own.cells().get("exports") instanceof Value exports) {
            values.add(exports);
            if (exports instanceof Value.Entries entries) {
                values.addAll(entries.cells().values());
            }
        }
        return values.stream()
                .anyMatch(value ->
                        value instanceof Value.Made made && run.libraries().application(made.path()));
    }

    @Override
    public Arguments handlerArguments(String path, Site site, Interpreter run) {
        Value.Made request = run.made("request()", null, Arguments.NONE, site);
        for (String name : List.of("url", "path", "originalUrl", "pathname")) {
            request.fields().put(name, Values.constant(path));
        }
        request.fields().put("method", Values.constant("GET"));
        return Arguments.of(request, run.made("response()", null, Arguments.NONE, site));
    }

    @Override
    public void body(Scope module, Interpreter.Frame frame, Interpreter run) {
        run.block(module.module().text().statements(), frame);
        if (module.module().equals(run.root())) {
            Value standard = exported(run.root(), module, "default", run);
            run.guarded(() -> JavaScriptServers.exported(
                    standard == null ? null : run.evaluator().force(standard), new Site(run.root(), 0, 0), run));
        }
    }

    @Override
    public @Nullable Value special(String what, LibraryCalls.Call call, Interpreter run) {
        return JavaScriptServers.special(what, call, run);
    }
}
