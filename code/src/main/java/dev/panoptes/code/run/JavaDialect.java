package dev.panoptes.code.run;

import dev.panoptes.code.syntax.Expression;
import dev.panoptes.code.syntax.Function;
import dev.panoptes.code.syntax.JavaReader;
import dev.panoptes.code.syntax.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Java. A file is a module; classes of the same package and imported ones of the tree are found by their path. One per run. One
 * piece: the interface asks one object, and what Java's library does is in {@link JavaLibrary} already.
 */
final class JavaDialect implements Dialect {
    private static final String TYPE = "#type";

    private final JavaLibrary library = new JavaLibrary();

    @Override
    public void body(Scope module, Interpreter.Frame frame, Interpreter run) {
        List<Statement> statements = module.module().text().statements();
        for (Statement statement : statements) {
            if (statement instanceof Statement.Import imported) {
                imports(imported, module, run);
            }
        }
        List<Value.Type> types = new ArrayList<>();
        for (Statement statement : statements) {
            if (statement instanceof Statement.DefineType definition) {
                types.add(declare(definition, module, run));
            }
        }
        types.forEach(type -> initialize(type, run, 0));
        if (!module.module().equals(run.root())) {
            return;
        }
        for (Value.Type type : types) {
            if (main(type) instanceof Value.Routine main) {
                run.entered();
                Arguments given = Arguments.of(library.commandLine(run));
                run.guarded(() -> run.invoke(main, given, new Site(run.root(), 0, 0)));
                return;
            }
        }
        for (Statement statement : statements) {
            // A main without a class.
            if (statement instanceof Statement.Define define
                    && define.function().name().equals("main")) {
                run.entered();
                Value.Routine main = new Value.Routine(define.function(), module, null, null);
                run.guarded(() -> run.invoke(main, Arguments.NONE, new Site(run.root(), 0, 0)));
                return;
            }
        }
    }

    private static @Nullable Value main(Value.Type type) {
        Value main = type.scope().names().get("main");
        return main instanceof Value.Several several ? several.values().getFirst() : main;
    }

    private static Value.Type declare(Statement.DefineType definition, Scope outer, Interpreter run) {
        Scope members = new Scope(outer.module(), outer, Scope.Kind.TYPE, run.journal());
        List<Value> bases = new ArrayList<>();
        for (Expression base : definition.bases()) {
            if (base instanceof Expression.Name name) {
                Value known = outer.find(name.name());
                known = known == null ? run.dialect().global(name.name(), run, outer) : known;
                if (known != null) {
                    bases.add(known);
                }
            }
        }
        Value.Type type = new Value.Type(definition.name(), members, bases, definition);
        outer.names().put(definition.name(), type);
        members.names().put(TYPE, type);
        for (Statement statement : definition.body()) {
            switch (statement) {
                case Statement.DefineType inner -> declare(inner, members, run);
                case Statement.Define define -> {
                    Value routine = new Value.Routine(define.function(), members, null, type);
                    Value known = members.names().get(define.function().name());
                    members.names()
                            .put(define.function().name(), known == null ? routine : Values.join(known, routine));
                }
                default -> {}
            }
        }
        return type;
    }

    /** Static fields and initializers. */
    private static void initialize(Value.Type type, Interpreter run, int depth) {
        Statement.DefineType definition = type.definition();
        if (definition == null || depth > 20) {
            return;
        }
        Interpreter.Frame frame = new Interpreter.Frame(type.scope(), new ArrayList<>(), null, type);
        List<Statement> rest = new ArrayList<>();
        for (Statement statement : definition.body()) {
            if (statement instanceof Statement.DefineType inner
                    && type.scope().names().get(inner.name()) instanceof Value.Type known) {
                initialize(known, run, depth + 1);
            } else if (!(statement instanceof Statement.Define)) {
                rest.add(statement);
            }
        }
        run.block(rest, frame);
    }

    @Override
    public void imports(Statement.Import statement, Scope scope, Interpreter run) {
        String name = statement.module();
        if (name.equals(JavaReader.PACKAGE)) {
            return;
        }
        String last = name.substring(name.lastIndexOf('.') + 1);
        if (statement.level() > 0) {
            String owner = name.substring(0, Math.max(0, name.lastIndexOf('.')));
            Value type = ofName(owner, scope.module(), run);
            Value value = last.equals("*") ? type : run.evaluator().member(type, last);
            scope.names().put(last.equals("*") ? "#static:" + owner : last, value);
            if (!last.equals("*")) {
                scope.names().put(JavaReader.OWN + last, value);
            }
            return;
        }
        if (last.equals("*")) {
            scope.names().put("#package:" + name.substring(0, name.length() - 2), Value.NOTHING);
            return;
        }
        scope.names().put(last, ofName(name, scope.module(), run));
    }

    /** A class by its full name: of the tree, or foreign by its simple name. */
    private static Value ofName(String name, Module from, Interpreter run) {
        String simple = name.substring(name.lastIndexOf('.') + 1);
        Module found = run.modules().module(PythonDialect.join(sourceRoot(from), name.replace('.', '/') + ".java"));
        return found == null ? new Value.Foreign(shortName(name), null) : new Value.Later(found, simple);
    }

    /** Two libraries have a Server and an HttpServer; the others are told apart by their simple name. */
    private static String shortName(String name) {
        String simple = name.substring(name.lastIndexOf('.') + 1);
        if (simple.equals("Server") || simple.equals("HttpServer") || simple.equals("WebServer")) {
            return (name.contains("jetty")
                            ? "jetty."
                            : name.contains("vertx") ? "vertx." : name.contains("armeria") ? "armeria." : "")
                    + simple;
        }
        return simple;
    }

    /** The folder that package folders lie in. */
    private static String sourceRoot(Module module) {
        String folder = module.folder();
        for (Statement statement : module.text().statements()) {
            if (statement instanceof Statement.Import clause && clause.module().equals(JavaReader.PACKAGE)) {
                String path = String.valueOf(clause.alias()).replace('.', '/');
                if (folder.equals(path)) {
                    return "";
                }
                if (folder.endsWith("/" + path)) {
                    return folder.substring(0, folder.length() - path.length() - 1);
                }
            }
        }
        return folder;
    }

    @Override
    public @Nullable Value global(String name, Interpreter run, Scope scope) {
        if (name.startsWith(JavaReader.OWN)) {
            return own(name.substring(JavaReader.OWN.length()), run, scope);
        }
        if (name.equals("super") || name.equals("#property")) {
            return new Value.Foreign(name, null);
        }
        for (Scope at = scope; at != null; at = at.parent()) {
            Value self = at.names().get("this");
            Value found = self == null ? null : run.evaluator().memberOrNull(self, name);
            found = found == null && at.names().get(TYPE) instanceof Value.Type type
                    ? run.evaluator().memberOrNull(type, name)
                    : found;
            if (found != null && !(found instanceof Value.Foreign)) {
                return found;
            }
        }
        if (name.isEmpty() || !Character.isUpperCase(name.charAt(0))) {
            return null;
        }
        Module neighbour =
                run.modules().module(PythonDialect.join(scope.module().folder(), name + ".java"));
        if (neighbour != null) {
            return new Value.Later(neighbour, name);
        }
        return byPackage(name, scope, run);
    }

    private static Value byPackage(String name, Scope scope, Interpreter run) {
        Scope module = scope;
        while (module.parent() != null) {
            module = module.parent();
        }
        for (Object key : new ArrayList<>(module.names().keys())) {
            String clause = String.valueOf(key);
            if (clause.startsWith("#package:")) {
                String whole = clause.substring(9) + "." + name;
                Value found = ofName(whole, scope.module(), run);
                if (found instanceof Value.Later || !shortName(whole).equals(name)) {
                    return found;
                }
            }
        }
        return new Value.Foreign(name, null);
    }

    /** A method called without an object: of this, of the class, of an enclosing one, or statically imported. */
    private static @Nullable Value own(String name, Interpreter run, Scope scope) {
        for (Scope at = scope; at != null; at = at.parent()) {
            for (String holder : List.of("this", TYPE)) {
                Value object = at.names().get(holder);
                Value found = object == null ? null : run.evaluator().memberOrNull(object, name);
                if (found instanceof Value.Routine || found instanceof Value.Several) {
                    return found;
                }
            }
            for (Object key : new ArrayList<>(at.names().keys())) {
                Value type =
                        String.valueOf(key).startsWith("#static:") ? at.names().get(key) : null;
                if (type != null) {
                    return run.evaluator().memberOrNull(run.evaluator().force(type), name);
                }
            }
        }
        return null;
    }

    @Override
    public boolean assignOuter(String name, Value value, Scope scope, Interpreter run) {
        for (Scope at = scope; at != null; at = at.parent()) {
            if (at.names().get("this") instanceof Value.Instance instance) {
                instance.fields().put(name, value);
                return true;
            }
        }
        return false;
    }

    @Override
    public @Nullable Value create(Value.Type type, Arguments arguments, Site site, Interpreter run) {
        if (!(type.scope().names().get(JavaReader.RECORD) instanceof Value.Routine components)) {
            return null;
        }
        Value.Instance instance = new Value.Instance(type, new Store(run.journal()), site);
        List<Function.Parameter> parameters = components.function().parameters();
        for (int i = 0; i < parameters.size(); i++) {
            Value value = arguments.find(i, "");
            instance.fields().put(parameters.get(i).name(), value == null ? Values.unknown("it is not given") : value);
        }
        return instance;
    }

    @Override
    public @Nullable Value constructor(Value.Instance instance, Interpreter run) {
        run.evaluator().initialize(instance.type(), instance, JavaReader.FIELDS, 0);
        Value found = run.evaluator().memberOrNull(instance, JavaReader.CREATE);
        return found instanceof Value.Foreign ? null : found;
    }

    @Override
    public Value bind(Value member, Value self, Interpreter run) {
        return switch (member) {
            case Value.Routine routine ->
                routine.function().decorators().contains(JavaReader.STATIC) || self instanceof Value.Type
                        ? routine
                        : routine.bound(self);
            case Value.Several several ->
                new Value.Several(several.values().stream()
                        .map(each -> bind(each, self, run))
                        .toList());
            default -> member;
        };
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
    public @Nullable Value operate(String operator, Value left, Value right, Interpreter run) {
        if (operator.equals("+") && (Values.text(left) != null || Values.text(right) != null)) {
            return new TextParts()
                    .add(left, shown(left))
                    .add(right, shown(right))
                    .result();
        }
        return null;
    }

    @Override
    public Arguments handlerArguments(String path, Site site, Interpreter run) {
        Map<String, Value> names = new LinkedHashMap<>();
        names.put("#path", Values.constant(path));
        Value.Made request = run.made("response()", null, new Arguments(List.of(), names, false), site);
        return Arguments.of(request, run.made("response()", null, Arguments.NONE, site));
    }

    @Override
    public @Nullable Value special(String what, LibraryCalls.Call call, Interpreter run) {
        return JavaServers.special(what, call, run);
    }
}
