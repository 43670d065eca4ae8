package dev.panoptes.code.run;

import dev.panoptes.code.Language;
import dev.panoptes.code.PathNames;
import dev.panoptes.code.library.Table;
import dev.panoptes.code.syntax.Expression;
import dev.panoptes.code.syntax.Function;
import dev.panoptes.code.syntax.JavaReader;
import dev.panoptes.code.syntax.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Java. A file is a module; classes of the same package and imported ones of the tree are found by their path. */
final class JavaDialect extends Dialect {
    /** The class that a scope belongs to, what is imported on demand, and what statically. */
    private static final String TYPE = "#type";

    private static final String ON_DEMAND = "#package:";
    private static final String STATIC = "#static:";
    /** Simple names that classes of several libraries have, and the words that tell these apart. */
    private static final Set<String> SHARED_NAMES = Table.of(Language.JAVA).words("shared-names");

    private static final Set<String> SHARING = Table.of(Language.JAVA).words("sharing");

    JavaDialect(Interpreter run) {
        super(run, new JavaLibrary(run));
    }

    @Override
    void body(Scope module, Interpreter.Frame frame) {
        List<Value.Type> types = new ArrayList<>();
        List<Value.Routine> mains = new ArrayList<>();
        for (Statement statement : module.module.text().statements()) {
            switch (statement) {
                case Statement.Import imported -> imports(imported, module);
                case Statement.DefineType definition -> types.add(declare(definition, module));
                case Statement.Define(var function)
                when function.name().equals("main") -> mains.add(new Value.Routine(function, module, null, null));
                default -> {}
            }
        }
        types.forEach(type -> initialize(type, 0));
        // A main without a class comes last.
        for (Value.Type type : types.reversed()) {
            Value main = type.scope().names.get("main");
            main = main instanceof Value.Several several ? several.values().getFirst() : main;
            if (main instanceof Value.Routine routine) {
                mains.addFirst(routine);
            }
        }
        if (module.module.equals(run.root) && !mains.isEmpty()) {
            run.entered();
            Arguments given = Arguments.of(library.commandLine());
            run.guarded(() -> run.calls.invoke(mains.getFirst(), given, Site.of(run.root)));
        }
    }

    private Value.Type declare(Statement.DefineType definition, Scope outer) {
        Scope members = new Scope(outer.module, outer, Scope.Kind.TYPE, run.journal);
        List<Value> bases = new ArrayList<>();
        for (Expression base : definition.bases()) {
            if (base instanceof Expression.Name(String name)) {
                Value known = outer.find(name);
                known = known == null ? global(name, outer) : known;
                if (known != null) {
                    bases.add(known);
                }
            }
        }
        Value.Type type = new Value.Type(definition.name(), members, bases, definition);
        outer.names.put(definition.name(), type);
        members.names.put(TYPE, type);
        for (Statement statement : definition.body()) {
            if (statement instanceof Statement.DefineType inner) {
                declare(inner, members);
            } else if (statement instanceof Statement.Define(var function)) {
                Value routine = new Value.Routine(function, members, null, type);
                Value known = members.names.get(function.name());
                members.names.put(function.name(), known == null ? routine : Values.join(known, routine));
            }
        }
        return type;
    }

    /** Static fields and initializers. */
    private void initialize(Value.Type type, int depth) {
        Statement.DefineType definition = type.definition();
        if (definition == null || depth > 20) {
            return;
        }
        List<Statement> rest = new ArrayList<>();
        for (Statement statement : definition.body()) {
            if (statement instanceof Statement.DefineType inner
                    && type.scope().names.get(inner.name()) instanceof Value.Type known) {
                initialize(known, depth + 1);
            } else if (!(statement instanceof Statement.Define)) {
                rest.add(statement);
            }
        }
        run.statements.block(rest, Interpreter.Frame.of(type));
    }

    @Override
    void imports(Statement.Import statement, Scope scope) {
        String name = statement.module();
        if (name.equals(JavaReader.PACKAGE)) {
            return;
        }
        String last = name.substring(name.lastIndexOf('.') + 1);
        String owner = name.substring(0, Math.max(0, name.lastIndexOf('.')));
        if (statement.level() > 0) {
            Value type = ofName(owner, scope.module);
            if (last.equals("*")) {
                scope.names.put(STATIC + owner, type);
            } else {
                scope.names.put(last, run.members.member(type, last));
                scope.names.put(JavaReader.OWN + last, run.members.member(type, last));
            }
        } else if (last.equals("*")) {
            scope.names.put(ON_DEMAND + owner, Value.NOTHING);
        } else {
            scope.names.put(last, ofName(name, scope.module));
        }
    }

    /** A class by its full name: of the tree, or foreign by its simple name. */
    private Value ofName(String name, Module from) {
        String simple = name.substring(name.lastIndexOf('.') + 1);
        Module found = run.modules.module(PathNames.join(sourceRoot(from), name.replace('.', '/') + ".java"));
        return found == null ? new Value.Foreign(shortName(name), null) : new Value.Later(found, simple);
    }

    /** The simple name, with the word of its library before it where several libraries have a class of that name. */
    private static String shortName(String name) {
        String simple = name.substring(name.lastIndexOf('.') + 1);
        return SHARED_NAMES.contains(simple)
                ? SHARING.stream()
                        .filter(name::contains)
                        .findFirst()
                        .map(library -> library + "." + simple)
                        .orElse(simple)
                : simple;
    }

    /** The folder that package folders lie in. */
    private static String sourceRoot(Module module) {
        String folder = module.folder();
        for (Statement statement : module.text().statements()) {
            if (statement instanceof Statement.Import clause && clause.module().equals(JavaReader.PACKAGE)) {
                String path = "/" + String.valueOf(clause.alias()).replace('.', '/');
                String whole = "/" + folder;
                if (whole.endsWith(path)) {
                    return whole.substring(0, whole.length() - path.length()).replaceFirst("^/", "");
                }
            }
        }
        return folder;
    }

    @Override
    protected @Nullable Value global(String name, Scope scope) {
        if (name.startsWith(JavaReader.OWN)) {
            return own(name.substring(JavaReader.OWN.length()), scope);
        }
        if (name.equals("super") || name.equals("#property")) {
            return new Value.Foreign(name, null);
        }
        List<Value> found = held(name, scope);
        Value own = found.stream()
                .filter(each -> !(each instanceof Value.Foreign))
                .findFirst()
                .orElse(null);
        if (own != null) {
            return own;
        }
        if (name.isEmpty() || !Character.isUpperCase(name.charAt(0))) {
            return found.isEmpty() ? null : found.getFirst();
        }
        Module neighbour = run.modules.module(PathNames.join(scope.module.folder(), name + ".java"));
        return neighbour == null ? byPackage(name, scope) : new Value.Later(neighbour, name);
    }

    /** What this and the classes around a place have under a name, from the inside. */
    private List<Value> held(String name, Scope scope) {
        List<Value> held = new ArrayList<>();
        for (Scope at = scope; at != null; at = at.parent) {
            for (String holder : List.of("this", TYPE)) {
                Value object = at.names.get(holder);
                Value found = object == null ? null : run.members.memberOrNull(object, name);
                held.addAll(found == null ? List.of() : List.of(found));
            }
        }
        return held;
    }

    private Value byPackage(String name, Scope scope) {
        for (Object key : new ArrayList<>(scope.outermost().names.keys())) {
            String clause = String.valueOf(key);
            if (clause.startsWith(ON_DEMAND)) {
                String whole = clause.substring(ON_DEMAND.length()) + "." + name;
                Value found = ofName(whole, scope.module);
                if (found instanceof Value.Later || !shortName(whole).equals(name)) {
                    return found;
                }
            }
        }
        return new Value.Foreign(name, null);
    }

    /** A method called without an object: of this, of the class, of an enclosing one, or statically imported. */
    private @Nullable Value own(String name, Scope scope) {
        for (Value found : held(name, scope)) {
            if (found instanceof Value.Routine || found instanceof Value.Several) {
                return found;
            }
        }
        Store names = scope.outermost().names;
        for (Object key : List.copyOf(names.keys())) {
            Value type = String.valueOf(key).startsWith(STATIC) ? names.get(key) : null;
            if (type != null) {
                return run.members.memberOrNull(run.members.force(type), name);
            }
        }
        return null;
    }

    @Override
    boolean assignOuter(String name, Value value, Scope scope) {
        for (Scope at = scope; at != null; at = at.parent) {
            if (at.names.get("this") instanceof Value.Instance instance) {
                instance.fields().put(name, value);
                return true;
            }
        }
        return false;
    }

    @Override
    protected @Nullable Value create(Value.Type type, Arguments arguments, Site site) {
        if (!(type.scope().names.get(JavaReader.RECORD) instanceof Value.Routine components)) {
            return null;
        }
        Value.Instance instance = run.instance(type, site);
        List<Function.Parameter> parameters = components.function().parameters();
        for (int i = 0; i < parameters.size(); i++) {
            Value value = arguments.find(i, "");
            instance.fields().put(parameters.get(i).name(), value == null ? Values.unknown("it is not given") : value);
        }
        return instance;
    }

    /** {@code config.port()} of a record. */
    @Override
    protected @Nullable Value component(Value object, String name) {
        return object instanceof Value.Instance instance
                        && instance.type().scope().names.get(JavaReader.RECORD) != null
                        && instance.type().scope().names.get(name) == null
                ? instance.fields().get(name)
                : null;
    }

    @Override
    protected @Nullable Value constructor(Value.Instance instance) {
        run.members.initialize(instance.type(), instance, 0);
        Value found = run.members.memberOrNull(instance, JavaReader.CREATE);
        return found instanceof Value.Foreign ? null : found;
    }

    @Override
    Value bind(Value member, Value self) {
        return switch (member) {
            case Value.Routine routine ->
                routine.function().decorators().contains(JavaReader.STATIC) || self instanceof Value.Type
                        ? routine
                        : routine.bound(self);
            case Value.Several several ->
                new Value.Several(
                        several.values().stream().map(each -> bind(each, self)).toList());
            default -> member;
        };
    }
}
