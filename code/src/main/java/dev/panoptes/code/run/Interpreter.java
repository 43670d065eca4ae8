package dev.panoptes.code.run;

import dev.panoptes.code.PortValue;
import dev.panoptes.code.Start;
import dev.panoptes.code.library.Table;
import dev.panoptes.code.syntax.Expression;
import dev.panoptes.code.syntax.Function;
import dev.panoptes.code.syntax.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One abstract run of one program. Statements are taken in order; where a condition is not known both ways are taken and
 * their results brought together; where the environment or the command line decides, the default way counts. Calls are
 * followed into the program's own functions. Steps and depth are bounded. Not for several threads.
 *
 * <p>One piece, because every kind of statement reads and restores the same state of the run: what is guarded, what was
 * returned, how deep it is. Expressions are in {@link Evaluator}, what was found out is in {@link Recorder}.
 */
final class Interpreter {
    private static final int MOST_STEPS = 400_000;
    private static final int DEEPEST_CALL = 40;
    private static final int MOST_TURNS = 64;

    private final Dialect dialect;
    private final Library library;
    private final Modules modules;
    private final Module root;
    private final Journal journal = new Journal();
    private final Recorder recorder = new Recorder(journal);
    private final Evaluator evaluator = new Evaluator(this);
    private final LibraryCalls libraries;
    private final Map<Module, Scope> loaded = new HashMap<>();
    private final Map<Module, List<Recorder.Bound>> bound = new HashMap<>();
    private final List<Function> stack = new ArrayList<>();
    private final Store calledBack = new Store(journal);
    private final Store searchPath = new Store(journal);
    private final List<Value> answered = new ArrayList<>();
    private int steps;
    private int guarded;
    private boolean guardSeen;
    private boolean starts;
    private boolean definesApplication;

    /** How a list of statements ended. */
    enum Flow {
        NORMAL,
        BROKEN,
        RETURNED,
        RAISED,
        EXITED
    }

    /** The program ends here. */
    static final class Exit extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Exit() {
            super("exit", null, false, false);
        }
    }

    /** The run takes more steps than are allowed. */
    static final class TooLong extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooLong() {
            super("its run takes more than " + MOST_STEPS + " steps", null, false, false);
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

    private final Start start;
    private final Environment variables;

    /** @param start how the program is started */
    Interpreter(Modules modules, Module root, Start start) {
        this.start = start;
        this.modules = modules;
        this.root = root;
        this.variables = new Environment(this);
        this.libraries = new LibraryCalls(Table.of(root.text().language()), this);
        this.dialect = Dialect.of(root.text().language(), this);
        this.library = dialect.library();
    }

    /** What the libraries of its language do. */
    Library library() {
        return library;
    }

    /** The environment variables that the program has. */
    Environment variables() {
        return variables;
    }

    /** What the tables know of the libraries of its language. */
    LibraryCalls libraries() {
        return libraries;
    }

    /** The words that the program is started with. */
    List<String> arguments() {
        return start.arguments();
    }

    /** The value that whoever starts the program gives this variable; null where nobody does. */
    @Nullable
    Value given(@Nullable String variable) {
        String value = variable == null ? null : start.environment().get(variable);
        return value == null ? null : Values.constant(value);
    }

    /** The variables that whoever starts the program sets. */
    Map<String, String> environment() {
        return start.environment();
    }

    Dialect dialect() {
        return dialect;
    }

    Modules modules() {
        return modules;
    }

    Module root() {
        return root;
    }

    Journal journal() {
        return journal;
    }

    Recorder recorder() {
        return recorder;
    }

    Evaluator evaluator() {
        return evaluator;
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
    void guarded(Runnable inner) {
        guarded++;
        try {
            inner.run();
        } finally {
            guarded--;
        }
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
        scope.names().put("__name__", Values.constant("__main__"));
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
                if (!recorder.binds().contains(one)) {
                    recorder.bind(one);
                }
            }
            return known;
        }
        Scope scope = new Scope(module, null, Scope.Kind.MODULE, journal);
        List<Recorder.Bound> already = List.copyOf(recorder.binds());
        String name = module.rootPath();
        scope.names()
                .put(
                        "__name__",
                        Values.constant(
                                name.substring(name.lastIndexOf('/') + 1).replaceAll("\\.\\w+$", "")));
        loaded.put(module, scope);
        int before = guarded;
        try {
            runBody(scope);
        } catch (Exit e) {
            steps++;
        } finally {
            guarded = before;
        }
        List<Recorder.Bound> own = new ArrayList<>(recorder.binds());
        own.removeAll(already);
        bound.put(module, own);
        return scope;
    }

    private void runBody(Scope scope) {
        scope.names().put("__file__", Values.constant("/" + scope.module().rootPath()));
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
            recorder.mount(new Recorder.Mount(outer, evaluator.force(inner), prefix == null ? "" : prefix));
        }
    }

    /** What the handler that is being followed has written as its answer. */
    List<Value> answered() {
        return answered;
    }

    void step() {
        steps++;
        if (steps > MOST_STEPS) {
            throw new TooLong();
        }
    }

    Flow block(List<Statement> statements, Frame frame) {
        for (Statement statement : statements) {
            Flow flow = statement(statement, frame);
            if (flow != Flow.NORMAL) {
                return flow;
            }
        }
        return Flow.NORMAL;
    }

    private Flow statement(Statement statement, Frame frame) {
        step();
        switch (statement) {
            case Statement.Evaluate evaluate -> {
                noteStart(evaluate.expression(), frame);
                evaluator.value(evaluate.expression(), frame);
            }
            case Statement.Assign assign -> assign(assign, frame);
            case Statement.Define define -> define(define.function(), frame);
            case Statement.DefineType type -> defineType(type, frame);
            case Statement.Return returned -> {
                Expression value = returned.value();
                frame.returns().add(value == null ? Value.NOTHING : evaluator.value(value, frame));
                return Flow.RETURNED;
            }
            case Statement.Branch branch -> {
                return branch(branch, frame);
            }
            case Statement.Repeat repeat -> {
                return repeat(repeat, frame);
            }
            case Statement.Attempt attempt -> {
                return attempt(attempt, frame);
            }
            case Statement.Using using -> {
                Value value = evaluator.value(using.value(), frame);
                if (value instanceof Value.Instance) {
                    Value enter = evaluator.memberOrNull(value, "__enter__");
                    enter = enter == null ? evaluator.memberOrNull(value, "__aenter__") : enter;
                    value = enter instanceof Value.Routine
                            ? evaluator.call(enter, Arguments.NONE, site(frame, 0, 0))
                            : value;
                }
                if (using.target() != null) {
                    evaluator.assign(using.target(), value, frame, true);
                }
                return block(using.body(), frame);
            }
            case Statement.Block inner -> {
                return block(inner.body(), frame);
            }
            case Statement.Import imported -> dialect.imports(imported, frame.scope());
            case Statement.Outer outer -> outer.names().forEach(frame.scope()::outer);
            case Statement.Leave leave -> {
                return leave.way() == Statement.Way.RAISE ? Flow.RAISED : Flow.BROKEN;
            }
        }
        return Flow.NORMAL;
    }

    private void noteStart(Expression expression, Frame frame) {
        if (frame.scope().module().equals(root)
                && frame.scope().kind() == Scope.Kind.MODULE
                && expression instanceof Expression.Call call
                && guarded == 0) {
            starts |= isOwn(call, frame)
                    || call.arguments().stream()
                            .anyMatch(argument ->
                                    argument.value() instanceof Expression.Call inner && isOwn(inner, frame));
        }
    }

    /** A call of a function of the program, also {@code main().catch(report)}. */
    private static boolean isOwn(Expression.Call call, Frame frame) {
        return switch (call.function()) {
            case Expression.Name name -> {
                Value called = frame.scope().find(name.name());
                yield called instanceof Value.Routine || called instanceof Value.Later;
            }
            case Expression.Closure _ -> true;
            case Expression.Member member when member.object() instanceof Expression.Call inner -> isOwn(inner, frame);
            default -> false;
        };
    }

    private void assign(Statement.Assign assign, Frame frame) {
        Expression value = assign.value();
        if (value == null) {
            return;
        }
        evaluator.assign(assign.target(), evaluator.value(value, frame), frame, assign.declares());
    }

    private void define(Function function, Frame frame) {
        Scope closure = frame.scope();
        while (closure.kind() == Scope.Kind.TYPE && closure.parent() != null) {
            closure = closure.parent();
        }
        Value value = new Value.Routine(function, closure, null, frame.owner());
        for (Expression decorator : function.decorators().reversed()) {
            value = decorated(evaluator.value(decorator, frame), value, site(frame, function.start(), function.end()));
        }
        frame.scope().declare(function.name(), value);
    }

    private Value decorated(Value decorator, Value function, Site site) {
        if (decorator instanceof Value.Routine routine) {
            Value result = evaluator.call(routine, Arguments.of(function), site);
            return result instanceof Value.Routine ? result : function;
        }
        Value result = library.decorate(decorator, function, site);
        return result == null ? function : result;
    }

    private void defineType(Statement.DefineType definition, Frame frame) {
        List<Value> bases = new ArrayList<>();
        for (Expression base : definition.bases()) {
            Value value = evaluator.value(base, frame);
            bases.addAll(value instanceof Value.Several several ? several.values() : List.of(value));
        }
        Scope members = new Scope(frame.scope().module(), frame.scope(), Scope.Kind.TYPE, journal);
        Value.Type type = new Value.Type(definition.name(), members, bases, definition);
        block(definition.body(), Frame.of(type));
        Value value = type;
        for (Expression decorator : definition.decorators().reversed()) {
            Value applied = evaluator.value(decorator, frame);
            if (!(applied instanceof Value.Routine)) {
                Value result = library.decorate(applied, value, site(frame, 0, 0));
                value = result == null ? value : result;
            }
        }
        frame.scope().declare(definition.name(), value);
    }

    private Flow branch(Statement.Branch branch, Frame frame) {
        boolean guard = frame.scope().module().equals(root)
                && frame.scope().kind() == Scope.Kind.MODULE
                && dialect.mainGuard(branch.condition());
        Value condition = dialect.mainIsModule() && dialect.mainGuard(branch.condition())
                ? Values.constant(guard)
                : evaluator.value(branch.condition(), frame);
        Boolean truth = Values.truth(condition);
        if (truth != null && !Values.soft(condition)) {
            if (guard && truth) {
                guardSeen = true;
                definesApplication |= library.definesApplication(frame.scope());
                guarded++;
            }
            Flow flow = block(truth ? branch.yes() : branch.no(), frame);
            if (guard && truth) {
                guarded--;
            }
            return flow;
        }
        int preferred = truth == null ? -1 : truth ? 0 : 1;
        return fork(
                List.of(
                        () -> {
                            evaluator.narrow(branch.condition(), true, frame);
                            return block(branch.yes(), frame);
                        },
                        () -> {
                            evaluator.narrow(branch.condition(), false, frame);
                            return block(branch.no(), frame);
                        }),
                preferred,
                frame);
    }

    /** One way of a branch, taken. */
    private record Taken(Flow flow, Map<Journal.Cell, Value> written, List<Value> returns, int binds) {}

    /**
     * Takes several ways and brings them together.
     *
     * @param preferred the way that is taken by default; -1 where none is
     */
    private Flow fork(List<Supplier<Flow>> ways, int preferred, Frame frame) {
        List<Taken> taken = new ArrayList<>();
        List<Recorder.Bound> before = List.copyOf(recorder.binds());
        List<List<Recorder.Bound>> bound = new ArrayList<>();
        int returned = frame.returns().size();
        for (Supplier<Flow> way : ways) {
            journal.begin();
            Flow flow;
            Map<Journal.Cell, Value> written;
            try {
                flow = way.get();
            } catch (Exit e) {
                flow = Flow.EXITED;
            } finally {
                written = journal.undo();
            }
            List<Value> returns = new ArrayList<>(
                    frame.returns().subList(returned, frame.returns().size()));
            frame.returns().subList(returned, frame.returns().size()).clear();
            List<Recorder.Bound> news = new ArrayList<>(recorder.binds());
            news.removeAll(before);
            bound.add(news);
            recorder.binds().clear();
            recorder.binds().addAll(before);
            taken.add(new Taken(flow, written, returns, news.size()));
        }
        int chosen = preferred >= 0 ? choose(taken, preferred) : -1;
        boolean onlyChosen = chosen >= 0 && taken.get(chosen).binds() > 0;
        for (int i = 0; i < taken.size(); i++) {
            if (!onlyChosen || i == chosen) {
                bound.get(i).forEach(recorder::bind);
            }
        }
        if (chosen >= 0) {
            frame.returns().addAll(taken.get(chosen).returns());
            write(List.of(taken.get(chosen)));
            return taken.get(chosen).flow();
        }
        taken.forEach(way -> frame.returns().addAll(way.returns()));
        List<Taken> going = taken.stream()
                .filter(way -> way.flow() == Flow.NORMAL || way.flow() == Flow.BROKEN)
                .toList();
        if (going.isEmpty()) {
            return taken.stream()
                    .map(Taken::flow)
                    .min(Comparator.naturalOrder())
                    .orElse(Flow.NORMAL);
        }
        write(going);
        return going.stream().anyMatch(way -> way.flow() == Flow.NORMAL) ? Flow.NORMAL : Flow.BROKEN;
    }

    /** The default way, unless it only ends the program: then the program was meant to be started otherwise. */
    private static int choose(List<Taken> taken, int preferred) {
        Taken way = taken.get(preferred);
        boolean empty = way.returns().stream().allMatch(Value.NOTHING::equals);
        boolean ends = way.flow() == Flow.EXITED || way.flow() == Flow.RAISED || (way.flow() == Flow.RETURNED && empty);
        if (!ends || way.binds() > 0) {
            return preferred;
        }
        for (int i = 0; i < taken.size(); i++) {
            if (i != preferred && taken.get(i).flow() == Flow.NORMAL) {
                return i;
            }
        }
        return preferred;
    }

    private void write(List<Taken> ways) {
        Set<Journal.Cell> cells = new LinkedHashSet<>();
        ways.forEach(way -> cells.addAll(way.written().keySet()));
        for (Journal.Cell cell : cells) {
            Value now = cell.store().get(cell.key());
            boolean optional = cell.store().optional() && !cell.key().equals(Value.Entries.OPEN);
            Value joined = null;
            for (Taken way : ways) {
                Value value = way.written().getOrDefault(cell, now);
                value = value == null && optional ? Values.unknown("whether it is set is not known") : value;
                if (value != null) {
                    joined = joined == null ? value : Values.join(joined, value);
                }
            }
            if (joined != null) {
                cell.store().put(cell.key(), joined);
            }
        }
    }

    private Flow repeat(Statement.Repeat repeat, Frame frame) {
        Value over = evaluator.value(repeat.over(), frame);
        Expression target = repeat.target();
        if (target == null) {
            if (Boolean.FALSE.equals(Values.truth(over)) && !Values.soft(over)) {
                return block(repeat.otherwise(), frame);
            }
            Flow flow = Boolean.TRUE.equals(Values.truth(over))
                    ? block(repeat.body(), frame)
                    : fork(List.of(() -> block(repeat.body(), frame), () -> Flow.NORMAL), -1, frame);
            return flow == Flow.BROKEN ? Flow.NORMAL : flow;
        }
        List<Value> turns = evaluator.turns(over);
        if (turns == null || turns.size() > MOST_TURNS) {
            Flow flow = fork(
                    List.of(
                            () -> {
                                evaluator.assign(target, Values.unknown("it is taken from a list"), frame, true);
                                return block(repeat.body(), frame);
                            },
                            () -> Flow.NORMAL),
                    -1,
                    frame);
            return flow == Flow.BROKEN ? Flow.NORMAL : flow;
        }
        for (Value turn : turns) {
            evaluator.assign(target, turn, frame, true);
            Flow flow = block(repeat.body(), frame);
            if (flow == Flow.RETURNED || flow == Flow.RAISED || flow == Flow.EXITED) {
                return flow;
            }
        }
        return block(repeat.otherwise(), frame);
    }

    private Flow attempt(Statement.Attempt attempt, Frame frame) {
        Flow flow;
        int binds = recorder.binds().size();
        flow = block(attempt.body(), frame);
        boolean onlyImports = attempt.body().stream()
                .allMatch(statement -> statement instanceof Statement.Import
                        || (statement instanceof Statement.Assign assign
                                && assign.value() instanceof Expression.Literal));
        if (!onlyImports || flow == Flow.RAISED) {
            Flow after = flow;
            boolean tried = recorder.binds().size() > binds;
            for (List<Statement> handler : attempt.handlers()) {
                after = handle(after, handler, tried, frame);
            }
            flow = after;
        } else {
            attempt.handlers().forEach(handler -> fallBack(handler, frame));
        }
        if (flow == Flow.NORMAL) {
            flow = block(attempt.otherwise(), frame);
        }
        Flow last = block(attempt.last(), frame);
        return last == Flow.NORMAL ? flow : last;
    }

    /** {@code try: from local import PORT, except ImportError: PORT = 8020}, where the module is not in the tree. */
    private void fallBack(List<Statement> handler, Frame frame) {
        for (Statement statement : handler) {
            if (statement instanceof Statement.Assign assign
                    && assign.target() instanceof Expression.Name name
                    && assign.value() != null
                    && frame.scope().find(name.name()) instanceof Value.Foreign
                    && evaluator.value(assign.value(), frame) instanceof Value.Scalar scalar
                    && scalar.value() != null) {
                evaluator.assign(assign.target(), scalar, frame, true);
            }
        }
    }

    private Flow handle(Flow before, List<Statement> handler, boolean tried, Frame frame) {
        List<Recorder.Bound> known = List.copyOf(recorder.binds());
        Flow flow = fork(List.of(() -> before, () -> block(handler, frame)), -1, frame);
        if (tried) {
            // Another port is only a way out where the first is taken.
            recorder.binds().clear();
            recorder.binds().addAll(known);
        }
        return flow;
    }

    Site site(Frame frame, int start, int end) {
        return new Site(frame.scope().module(), start, end);
    }

    /** Calls a function of the program. */
    Value invoke(Value.Routine routine, Arguments arguments, Site site) {
        step();
        Function function = routine.function();
        long running = stack.stream().filter(function::equals).count();
        if (running >= 2 || stack.size() >= DEEPEST_CALL) {
            return Values.unknown("it calls itself");
        }
        Frame frame = entered(routine, arguments);
        try {
            Flow flow = block(function.body(), frame);
            if (flow == Flow.NORMAL || flow == Flow.BROKEN) {
                frame.returns().add(Value.NOTHING);
            }
        } finally {
            stack.removeLast();
        }
        library.called(routine);
        return frame.returns().isEmpty()
                ? Values.unknown("the function does not return")
                : Values.join(frame.returns());
    }

    /** The values that a function may return, each by itself. */
    List<Value> results(Value.Routine routine, Arguments arguments) {
        Frame frame = entered(routine, arguments);
        try {
            block(routine.function().body(), frame);
        } catch (Exit e) {
            steps++;
        } finally {
            stack.removeLast();
        }
        return frame.returns();
    }

    /** A function is about to run: it is on the stack and has its arguments. */
    private Frame entered(Value.Routine routine, Arguments arguments) {
        Value self = routine.self();
        Scope scope = new Scope(routine.closure().module(), routine.closure(), Scope.Kind.FUNCTION, journal);
        Frame frame = new Frame(scope, new ArrayList<>(), self, routine.owner());
        boolean passes = dialect.passesSelf();
        Arguments given = self == null || !passes ? arguments : arguments.before(self);
        pass(routine.function(), given, frame, routine);
        if (self != null && !passes) {
            scope.names().put("this", self);
        }
        stack.add(routine.function());
        return frame;
    }

    private void pass(Function function, Arguments arguments, Frame frame, Value.Routine routine) {
        Scope scope = frame.scope();
        Frame outside = Frame.of(routine.closure());
        Set<String> used = new HashSet<>();
        int position = 0;
        for (Function.Parameter parameter : function.parameters()) {
            boolean plain = parameter.kind() == Function.Kind.PLAIN;
            switch (parameter.kind()) {
                case REST -> scope.names().put(parameter.name(), rest(arguments, position));
                case KEYWORDS -> scope.names().put(parameter.name(), keywords(arguments, used));
                case PLAIN, NAMED -> {
                    Value given = arguments.find(plain ? position : -1, parameter.name());
                    position += plain ? 1 : 0;
                    used.add(parameter.name());
                    scope.names().put(parameter.name(), given != null ? given : standard(parameter, outside, routine));
                }
            }
        }
    }

    private Value rest(Arguments arguments, int from) {
        Store rest = new Store(journal);
        arguments.after(from).positional().forEach(rest::append);
        return new Value.Items(rest, arguments.open());
    }

    private Value keywords(Arguments arguments, Set<String> used) {
        Store rest = new Store(journal);
        arguments.named().forEach((name, given) -> {
            if (!used.contains(name)) {
                rest.put(name, given);
            }
        });
        if (arguments.open()) {
            rest.put(Value.Entries.OPEN, Value.NOTHING);
        }
        return new Value.Entries(rest, Map.of(), null);
    }

    private Value standard(Function.Parameter parameter, Frame outside, Value.Routine routine) {
        Value special = library.parameter(parameter, routine);
        if (special != null) {
            return special;
        }
        Expression standard = parameter.standard();
        return standard == null
                ? Values.unknown("the caller decides " + parameter.name())
                : evaluator.value(standard, outside);
    }

    /** A library was given this function and will call it some time; it is taken once for the same arguments. */
    void callBack(Value function, Arguments arguments, Site site) {
        switch (function) {
            case Value.Routine routine -> {
                // Two threads may run one function, each for a port of its own.
                Object call = arguments.open() || arguments.positional().isEmpty()
                        ? routine.function()
                        : List.of(routine.function(), arguments.positional());
                if (calledBack.get(call) == null) {
                    calledBack.put(call, Value.NOTHING);
                    guarded++;
                    try {
                        invoke(routine, arguments, site);
                    } catch (Exit e) {
                        // A handler of signals or of errors: it ends the program some other time.
                        steps++;
                    } finally {
                        guarded--;
                    }
                }
            }
            case Value.Foreign _, Value.Partial _ -> evaluator.call(function, arguments, site);
            case Value.Later _ -> {
                Value forced = evaluator.force(function);
                if (!(forced instanceof Value.Later)) {
                    callBack(forced, arguments, site);
                }
            }
            case Value.Several several -> several.values().forEach(each -> callBack(each, arguments, site));
            case Value.Scalar _,
                    Value.Unknown _,
                    Value.Items _,
                    Value.Entries _,
                    Value.Made _,
                    Value.Type _,
                    Value.Instance _,
                    Value.Loaded _,
                    Value.Super _ -> {}
        }
    }

    Value.Entries entries(Map<String, Value> values) {
        Store cells = new Store(journal, true);
        new LinkedHashMap<>(values).forEach(cells::put);
        return new Value.Entries(cells, Map.of(), null);
    }

    /** What a key of a dictionary is when it is looked at by itself. */
    Value key(Object key) {
        if (key instanceof List<?> tuple) {
            List<Value> parts = new ArrayList<>();
            tuple.forEach(part -> parts.add(Values.constant(part)));
            return items(parts);
        }
        return Values.constant(key);
    }

    Value.Items items(List<Value> values) {
        Store cells = new Store(journal);
        values.forEach(cells::append);
        return new Value.Items(cells, false);
    }

    Value.Instance instance(Value.Type type, Site site) {
        return new Value.Instance(type, new Store(journal), site);
    }

    Value.Made made(String path, @Nullable Value receiver, Arguments arguments, Site site) {
        return new Value.Made(path, receiver, arguments, new Store(journal), site);
    }
}
