package dev.panoptes.code.run;

import dev.panoptes.code.Language;
import dev.panoptes.code.PathNames;
import dev.panoptes.code.library.Table;
import dev.panoptes.code.syntax.Expression;
import dev.panoptes.code.syntax.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** JavaScript and TypeScript under Node, Deno and Bun: their names, modules and classes. */
final class JavaScriptDialect extends Dialect {
    private static final Set<String> GLOBALS = Table.of(Language.JAVASCRIPT).words("globals");
    private static final List<String> SUFFIXES = List.of(
            "", ".js", ".ts", ".mjs", ".cjs", ".mts", ".cts", ".jsx", ".tsx", "/index.js", "/index.ts", "/index.mjs");

    JavaScriptDialect(Interpreter run) {
        super(run, new JavaScriptLibrary(run));
    }

    @Override
    protected @Nullable Value global(String name, Scope scope) {
        return switch (name) {
            case "super" -> new Value.Foreign("super", null);
            case "__dirname" -> Values.constant("/" + scope.module.folder());
            case "__filename" -> Values.constant("/" + scope.module.rootPath());
            default -> GLOBALS.contains(name) ? new Value.Foreign(name, null) : null;
        };
    }

    @Override
    boolean mainGuard(Expression condition) {
        return switch (condition) {
            case Expression.Operation(String operator, List<Expression> operands) ->
                switch (operator) {
                    case "===", "==" ->
                        operands.stream()
                                .anyMatch(each -> is(each, "require", "main") || is(each, "import.meta", "url"));
                    case "and" -> operands.stream().anyMatch(this::mainGuard);
                    case "not" -> is(operands.getFirst(), "module", "parent");
                    default -> false;
                };
            default -> is(condition, "import.meta", "main");
        };
    }

    private static boolean is(Expression expression, String object, String name) {
        return expression.equals(new Expression.Member(new Expression.Name(object), name));
    }

    @Override
    void begin(Scope module) {
        Value.Entries exports = run.entries(Map.of());
        module.names.put("exports", exports);
        module.names.put("module", run.entries(Map.of("exports", exports)));
    }

    @Override
    protected @Nullable Value exported(Module module, Scope scope, @Nullable String name) {
        Value whole = scope.names.get("module") instanceof Value.Entries own
                ? own.cells().get("exports")
                : null;
        if (whole == null || name == null) {
            return whole;
        }
        Value found = whole instanceof Value.Entries entries
                ? entries.cells().get(name)
                : run.members.memberOrNull(whole, name);
        // The default of a CommonJS module is the whole of it.
        return found == null && name.equals("default") ? whole : found;
    }

    @Override
    void imports(Statement.Import statement, Scope scope) {
        configure(statement.module(), Site.of(scope.module));
        Module module = resolve(statement.module(), scope.module);
        run.loadEager(module);
        String alias = statement.alias();
        if (alias != null && !alias.isEmpty()) {
            scope.declare(alias, whole(statement.module(), module, scope.module));
        } else if (alias != null && module != null) {
            run.load(module);
        }
        for (Statement.Imported imported : alias == null ? statement.names() : List.<Statement.Imported>of()) {
            if (imported.name().equals("*")) {
                if (module != null
                        && run.members.force(new Value.Later(module, null)) instanceof Value.Entries all
                        && scope.names.get("exports") instanceof Value.Entries own) {
                    own.cells().putAll(all.cells());
                }
            } else if (module != null) {
                scope.declare(imported.alias(), new Value.Later(module, imported.name()));
            } else {
                Value from = whole(statement.module(), null, scope.module);
                boolean standard = imported.name().equals("default");
                scope.declare(imported.alias(), standard ? from : run.members.member(from, imported.name()));
            }
        }
    }

    /** {@code import "dotenv/config"} loads the file at once. */
    private void configure(String module, Site site) {
        if (module.equals("dotenv/config")) {
            run.libraries.call(Call.of("dotenv.config", null, Arguments.NONE, site));
        }
    }

    @Override
    Value required(Call call) {
        String name = call.text(0);
        if (name == null) {
            return Values.unknown("a module whose name is not known");
        }
        configure(name, call.site());
        Module module = resolve(name, call.site().module());
        if (module != null && (module.eager() || call.path().equals("import"))) {
            run.load(module);
        }
        return run.members.force(whole(name, module, call.site().module()));
    }

    private Value whole(String name, @Nullable Module module, Module from) {
        if (module != null) {
            return new Value.Later(module, null);
        }
        if (name.endsWith(".json")) {
            String text = relative(name) ? run.modules.text(PathNames.join(from.folder(), name)) : null;
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
    private @Nullable Module resolve(String name, Module from) {
        if (name.startsWith("@/") || name.startsWith("~/")) {
            return PathNames.upwards(from.folder()).stream()
                    .map(folder -> PathNames.join(PathNames.join(folder, "src"), name.substring(2)))
                    .flatMap(path -> Stream.ofNullable(file(path)))
                    .findFirst()
                    .orElse(null);
        }
        return relative(name) && !name.endsWith(".json") ? file(PathNames.join(from.folder(), name)) : null;
    }

    private @Nullable Module file(String path) {
        for (String suffix : SUFFIXES) {
            Module found = run.modules.module(path + suffix);
            if (found != null) {
                return found;
            }
        }
        // TypeScript imports by the name that the compiled file will have.
        return path.endsWith(".js") || path.endsWith(".mjs")
                ? run.modules.module(path.replaceFirst("js$", "ts"))
                : null;
    }

    @Override
    Value bind(Value member, Value self) {
        if (!(member instanceof Value.Routine routine)) {
            return member;
        }
        boolean property = routine.function().decorators().contains(new Expression.Name("property"));
        return property && self instanceof Value.Instance ? got(routine, self) : routine.bound(self);
    }

    @Override
    protected @Nullable Value constructor(Value.Instance instance) {
        run.members.initialize(instance.type(), instance, 0);
        Value found = run.members.memberOrNull(instance, "constructor");
        return found instanceof Value.Routine ? found : null;
    }

    /** Bun serves what a program exports as its default, where that has a port and {@code fetch} (Bun's HTTP server). */
    @Override
    void body(Scope module, Interpreter.Frame frame) {
        super.body(module, frame);
        Value standard = module.module.equals(run.root) ? exported(run.root, module, "default") : null;
        if (standard != null
                && run.members.force(standard) instanceof Value.Entries how
                && how.cells().get("fetch") != null
                && how.cells().get("port") != null) {
            Value serve = new Value.Foreign("Bun.serve", null);
            run.guarded(() -> run.evaluator.call(serve, Arguments.of(how), Site.of(run.root)));
        }
    }
}
