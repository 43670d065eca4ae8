package dev.panoptes.code.run;

import dev.panoptes.code.PortValue;
import dev.panoptes.code.Start;
import dev.panoptes.code.library.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One abstract run of one program: what it is started with, what was loaded and found out, and those who follow its statements,
 * expressions and calls. Steps are bounded. Not for several threads.
 */
final class Interpreter {
    private static final int MOST_STEPS = 400_000;

    final Dialect dialect;
    final Library library;
    final Modules modules;
    final Module root;
    final Journal journal = new Journal();
    final Recorder recorder = new Recorder(journal);
    final Evaluator evaluator = new Evaluator(this);
    final Members members = new Members(this);
    final Assignments assignments = new Assignments(this);
    final Statements statements = new Statements(this);
    final Calls calls = new Calls(this);
    final LibraryCalls libraries;
    private final Map<Module, Scope> loaded = new HashMap<>();
    private final Map<Module, List<Recorder.Bound>> bound = new HashMap<>();
    private final Store searchPath = new Store(journal);
    final List<Value> answered = new ArrayList<>();
    private int steps;
    private int guarded;
    private boolean guardSeen;
    private boolean starts;
    private boolean definesApplication;

    /** The program ends here. */
    static final class Exit extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Exit() {
            super("exit", null, false, false);
        }
    }

    /** The run cannot be followed to its end: it takes more steps than are allowed, or part of it cannot be parsed. */
    static final class Unfollowed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unfollowed(String why) {
            super(why, null, false, false);
        }
    }

    /** A running function. */
    record Frame(Scope scope, List<Value> returns, @Nullable Value self, Value.@Nullable Type owner) {
        /** Of code that belongs to no function. */
        static Frame of(Scope scope) {
            return new Frame(scope, new ArrayList<>(), null, null);
        }

        /** Of the body of a class. */
        static Frame of(Value.Type type) {
            return new Frame(type.scope(), new ArrayList<>(), null, type);
        }
    }

    final Start start;
    final Environment variables;

    /** @param start how the program is started */
    Interpreter(Modules modules, Module root, Start start) {
        this.start = start;
        this.modules = modules;
        this.root = root;
        this.variables = new Environment(this);
        this.libraries = new LibraryCalls(Table.of(root.text().language()), this);
        this.dialect = Dialect.of(root.text().language(), this);
        this.library = dialect.library;
    }

    /** The value that whoever starts the program gives this variable; null where nobody does. */
    @Nullable
    Value given(@Nullable String variable) {
        String value = variable == null ? null : start.environment().get(variable);
        return value == null ? null : Values.constant(value);
    }

    /** Folders below the root that the program itself adds to where modules are looked for. */
    List<String> searchPath() {
        return searchPath.keys().stream().map(String::valueOf).toList();
    }

    void addSearchPath(String folder) {
        searchPath.put(folder, Value.NOTHING);
    }

    /** True where the file has code for when it is run itself. */
    boolean guardSeen() {
        return guardSeen;
    }

    /** The language's own entry, such as Go's main, was found. */
    void entered() {
        starts = true;
    }

    /** What happens from here on does so only when the program is run, not when it is loaded. */
    <T> T guarded(Supplier<T> inner) {
        guarded++;
        try {
            return inner.get();
        } finally {
            guarded--;
        }
    }

    /** True for what happens as soon as the module is loaded. */
    boolean unguarded() {
        return guarded == 0;
    }

    /** Runs what is there for when the file is run itself; what its top level has made until then is what a server loads. */
    Statements.Flow asMain(Scope scope, Supplier<Statements.Flow> body) {
        guardSeen = true;
        definesApplication |= library.definesApplication(scope);
        return guarded(body);
    }

    /** True where the file calls something of its own at its top level. */
    boolean starts() {
        return starts;
    }

    /** True where the file, when it is loaded and not run, makes an application. */
    boolean definesApplication(Scope scope) {
        return definesApplication || (!guardSeen && library.definesApplication(scope));
    }

    Scope runMain() {
        Scope scope = new Scope(root, null, Scope.Kind.MODULE, journal);
        scope.names.put("__name__", Values.constant("__main__"));
        if (dialect.mainIsModule()) {
            loaded.put(root, scope);
        }
        try {
            runBody(scope);
        } catch (Exit e) {
            // It ends; what it did until then is known.
            steps++;
        }
        return scope;
    }

    /** Runs a module that may bind, route or define an application as soon as it is imported. */
    void loadEager(@Nullable Module module) {
        if (module != null && module.eager()) {
            load(module);
        }
    }

    /** The names of a module, which is run first where it was not yet. */
    Scope load(Module module) {
        Scope known = loaded.get(module);
        if (known != null) {
            // It may have been loaded on a way that was not taken: what it binds counts on this one.
            for (Recorder.Bound one : bound.getOrDefault(module, List.of())) {
                if (!recorder.binds.contains(one)) {
                    recorder.bind(one);
                }
            }
            return known;
        }
        Scope scope = new Scope(module, null, Scope.Kind.MODULE, journal);
        List<Recorder.Bound> already = List.copyOf(recorder.binds);
        String name = module.rootPath();
        scope.names.put(
                "__name__",
                Values.constant(name.substring(name.lastIndexOf('/') + 1).replaceAll("\\.\\w+$", "")));
        loaded.put(module, scope);
        int before = guarded;
        try {
            runBody(scope);
        } catch (Exit e) {
            steps++;
        } finally {
            guarded = before;
        }
        List<Recorder.Bound> own = new ArrayList<>(recorder.binds);
        own.removeAll(already);
        bound.put(module, own);
        return scope;
    }

    private void runBody(Scope scope) {
        scope.names.put("__file__", Values.constant("/" + scope.module.rootPath()));
        dialect.begin(scope);
        dialect.body(scope, Frame.of(scope));
    }

    void bind(Value port, @Nullable Value address, Site site) {
        PortValue value = Values.port(port);
        if (value != null) {
            recorder.bind(new Recorder.Bound(value, Values.text(address), site, guarded == 0, Values.soft(port)));
        }
    }

    /** @param owner the application or router it is registered on; null where unknown */
    void route(@Nullable Value owner, String path, Value handler, Site site) {
        recorder.route(new Recorder.Route(owner, path, handler, site));
    }

    /** @param inner what is served below; null for nothing
     *  @param prefix null for none */
    void mount(Value outer, @Nullable Value inner, @Nullable String prefix) {
        if (inner != null) {
            recorder.mount(new Recorder.Mount(outer, members.force(inner), prefix == null ? "" : prefix));
        }
    }

    void step() {
        steps++;
        if (steps > MOST_STEPS) {
            throw new Unfollowed("its run takes more than " + MOST_STEPS + " steps");
        }
    }

    Site site(Frame frame, int start, int end) {
        return new Site(frame.scope().module, start, end);
    }

    Value.Entries entries(Map<String, Value> values) {
        Store cells = new Store(journal, true);
        new LinkedHashMap<>(values).forEach(cells::put);
        return new Value.Entries(cells, Map.of(), null);
    }

    /** What a key of a dictionary is when it is looked at by itself. */
    Value key(Object key) {
        return key instanceof List<?> tuple
                ? items(tuple.stream().<Value>map(Values::constant).toList())
                : Values.constant(key);
    }

    Value.Items items(List<Value> values) {
        return items(values, false);
    }

    /** @param open true where there may be more */
    Value.Items items(List<Value> values, boolean open) {
        Store cells = new Store(journal);
        values.forEach(cells::append);
        return new Value.Items(cells, open);
    }

    Value.Instance instance(Value.Type type, Site site) {
        return new Value.Instance(type, new Store(journal), site);
    }

    Value.Made made(String path, @Nullable Value receiver, Arguments arguments, Site site) {
        return new Value.Made(path, receiver, arguments, new Store(journal), site);
    }
}
