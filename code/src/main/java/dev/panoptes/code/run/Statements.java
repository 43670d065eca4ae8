package dev.panoptes.code.run;

import dev.panoptes.code.syntax.Expression;
import dev.panoptes.code.syntax.Function;
import dev.panoptes.code.syntax.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What statements do, in order: where a condition is not known both ways are taken and their results brought together; where the
 * environment or the command line decides, the default way counts.
 */
final class Statements {
    private static final int MOST_TURNS = 64;
    /** What a statement of Go calls that runs its one argument beside what follows. */
    private static final String BESIDE = "#beside";

    private final Interpreter run;

    Statements(Interpreter run) {
        this.run = run;
    }

    /** How a list of statements ended. */
    enum Flow {
        NORMAL,
        BROKEN,
        RETURNED,
        RAISED,
        EXITED
    }

    Flow block(List<Statement> statements, Interpreter.Frame frame) {
        for (Statement statement : statements) {
            Flow flow = statement(statement, frame);
            if (flow != Flow.NORMAL) {
                return flow;
            }
        }
        return Flow.NORMAL;
    }

    private Flow statement(Statement statement, Interpreter.Frame frame) {
        run.step();
        switch (statement) {
            case Statement.Evaluate evaluate -> {
                noteStart(evaluate.expression(), frame);
                evaluate(evaluate.expression(), frame);
            }
            case Statement.Assign assign -> assign(assign, frame);
            case Statement.Define define -> define(define.function(), frame);
            case Statement.DefineType type -> defineType(type, frame);
            case Statement.Return returned -> {
                Expression value = returned.value();
                frame.returns().add(value == null ? Value.NOTHING : run.evaluator.value(value, frame));
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
                Value value = run.evaluator.value(using.value(), frame);
                if (using.target() != null) {
                    run.assignments.assign(using.target(), value, frame, true);
                }
                return block(using.body(), frame);
            }
            case Statement.Block inner -> {
                return block(inner.body(), frame);
            }
            case Statement.Import imported -> run.dialect.imports(imported, frame.scope());
            case Statement.Outer outer -> outer.names().forEach(frame.scope()::outer);
            case Statement.Leave leave -> {
                return leave.way() == Statement.Way.RAISE ? Flow.RAISED : Flow.BROKEN;
            }
        }
        return Flow.NORMAL;
    }

    private void evaluate(Expression expression, Interpreter.Frame frame) {
        if (!(expression instanceof Expression.Call(Expression.Name(String name), var arguments, var _, var _, var _))
                || !name.equals(BESIDE)
                || arguments.size() != 1) {
            run.evaluator.value(expression, frame);
            return;
        }
        try {
            run.evaluator.value(arguments.getFirst().value(), frame);
        } catch (Interpreter.Exit e) {
            // What runs beside the program ends it some other time, as log.Fatal does when a server has failed.
            run.step();
        }
    }

    private void noteStart(Expression expression, Interpreter.Frame frame) {
        if (frame.scope().module.equals(run.root)
                && frame.scope().kind == Scope.Kind.MODULE
                && expression instanceof Expression.Call call
                && run.unguarded()) {
            boolean own = isOwn(call, frame)
                    || call.arguments().stream()
                            .anyMatch(argument ->
                                    argument.value() instanceof Expression.Call inner && isOwn(inner, frame));
            if (own) {
                run.entered();
            }
        }
    }

    /** A call of a function of the program, also {@code main().catch(report)}. */
    private static boolean isOwn(Expression.Call call, Interpreter.Frame frame) {
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

    private void assign(Statement.Assign assign, Interpreter.Frame frame) {
        Expression value = assign.value();
        if (value == null) {
            return;
        }
        run.assignments.assign(assign.target(), run.evaluator.value(value, frame), frame, assign.declares());
    }

    private void define(Function function, Interpreter.Frame frame) {
        Scope closure = frame.scope();
        while (closure.kind == Scope.Kind.TYPE && closure.parent != null) {
            closure = closure.parent;
        }
        Value value = new Value.Routine(function, closure, null, frame.owner());
        for (Expression decorator : function.decorators().reversed()) {
            value = decorated(
                    run.evaluator.value(decorator, frame), value, run.site(frame, function.start(), function.end()));
        }
        frame.scope().declare(function.name(), value);
    }

    private Value decorated(Value decorator, Value function, Site site) {
        if (decorator instanceof Value.Routine routine) {
            Value result = run.evaluator.call(routine, Arguments.of(function), site);
            return result instanceof Value.Routine ? result : function;
        }
        Value result = run.library.decorate(decorator, function, site);
        return result == null ? function : result;
    }

    private void defineType(Statement.DefineType definition, Interpreter.Frame frame) {
        List<Value> bases = new ArrayList<>();
        for (Expression base : definition.bases()) {
            Value value = run.evaluator.value(base, frame);
            bases.addAll(value instanceof Value.Several several ? several.values() : List.of(value));
        }
        Scope members = new Scope(frame.scope().module, frame.scope(), Scope.Kind.TYPE, run.journal);
        Value.Type type = new Value.Type(definition.name(), members, bases, definition);
        block(definition.body(), Interpreter.Frame.of(type));
        Value value = type;
        for (Expression decorator : definition.decorators().reversed()) {
            Value applied = run.evaluator.value(decorator, frame);
            if (!(applied instanceof Value.Routine)) {
                Value result = run.library.decorate(applied, value, run.site(frame, 0, 0));
                value = result == null ? value : result;
            }
        }
        frame.scope().declare(definition.name(), value);
    }

    private Flow branch(Statement.Branch branch, Interpreter.Frame frame) {
        boolean guard = frame.scope().module.equals(run.root)
                && frame.scope().kind == Scope.Kind.MODULE
                && run.dialect.mainGuard(branch.condition());
        Value condition = run.dialect.mainIsModule() && run.dialect.mainGuard(branch.condition())
                ? Values.constant(guard)
                : run.evaluator.value(branch.condition(), frame);
        Boolean truth = Values.truth(condition);
        if (truth != null && !Values.soft(condition)) {
            List<Statement> way = truth ? branch.yes() : branch.no();
            return guard && truth ? run.asMain(frame.scope(), () -> block(way, frame)) : block(way, frame);
        }
        int preferred = truth == null || !run.dialect.followsDefaults() ? -1 : truth ? 0 : 1;
        return fork(
                List.of(
                        () -> {
                            run.assignments.narrow(branch.condition(), true, frame);
                            return block(branch.yes(), frame);
                        },
                        () -> {
                            run.assignments.narrow(branch.condition(), false, frame);
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
    private Flow fork(List<Supplier<Flow>> ways, int preferred, Interpreter.Frame frame) {
        List<Taken> taken = new ArrayList<>();
        List<Recorder.Bound> before = List.copyOf(run.recorder.binds);
        List<List<Recorder.Bound>> bound = new ArrayList<>();
        int returned = frame.returns().size();
        for (Supplier<Flow> way : ways) {
            run.journal.begin();
            Flow flow;
            Map<Journal.Cell, Value> written;
            try {
                flow = way.get();
            } catch (Interpreter.Exit e) {
                flow = Flow.EXITED;
            } finally {
                written = run.journal.undo();
            }
            List<Value> returns = new ArrayList<>(
                    frame.returns().subList(returned, frame.returns().size()));
            frame.returns().subList(returned, frame.returns().size()).clear();
            List<Recorder.Bound> news = new ArrayList<>(run.recorder.binds);
            news.removeAll(before);
            bound.add(news);
            run.recorder.binds.clear();
            run.recorder.binds.addAll(before);
            taken.add(new Taken(flow, written, returns, news.size()));
        }
        int chosen = preferred >= 0 ? choose(taken, preferred) : -1;
        boolean onlyChosen = chosen >= 0 && taken.get(chosen).binds() > 0;
        for (int i = 0; i < taken.size(); i++) {
            if (!onlyChosen || i == chosen) {
                bound.get(i).forEach(run.recorder::bind);
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

    private Flow repeat(Statement.Repeat repeat, Interpreter.Frame frame) {
        Value over = run.evaluator.value(repeat.over(), frame);
        Expression target = repeat.target();
        Boolean truth = target == null ? Values.truth(over) : null;
        List<Value> turns = target != null ? run.evaluator.turns(over) : once(over, truth);
        if (turns == null || turns.size() > MOST_TURNS) {
            Supplier<Flow> way = () -> {
                if (target != null) {
                    run.assignments.assign(target, Values.unknown("it is taken from a list"), frame, true);
                }
                return block(repeat.body(), frame);
            };
            Flow flow = fork(List.of(way, () -> Flow.NORMAL), truth == null ? -1 : 1, frame);
            return flow == Flow.BROKEN ? Flow.NORMAL : flow;
        }
        for (Value turn : turns) {
            if (target != null) {
                run.assignments.assign(target, turn, frame, true);
            }
            Flow flow = block(repeat.body(), frame);
            if (flow == Flow.RETURNED || flow == Flow.RAISED || flow == Flow.EXITED) {
                return flow;
            }
        }
        return block(repeat.otherwise(), frame);
    }

    /** A loop on a condition is taken once, or not at all; null where that is not known. */
    private static @Nullable List<Value> once(Value condition, @Nullable Boolean truth) {
        return Boolean.TRUE.equals(truth)
                ? List.of(condition)
                : truth == null || Values.soft(condition) ? null : List.of();
    }

    private Flow attempt(Statement.Attempt attempt, Interpreter.Frame frame) {
        Flow flow;
        int binds = run.recorder.binds.size();
        flow = block(attempt.body(), frame);
        boolean onlyImports = attempt.body().stream()
                .allMatch(statement -> statement instanceof Statement.Import
                        || (statement instanceof Statement.Assign assign
                                && assign.value() instanceof Expression.Literal));
        if (!onlyImports || flow == Flow.RAISED) {
            Flow after = flow;
            boolean tried = run.recorder.binds.size() > binds;
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
    private void fallBack(List<Statement> handler, Interpreter.Frame frame) {
        for (Statement statement : handler) {
            if (statement instanceof Statement.Assign assign
                    && assign.target() instanceof Expression.Name name
                    && assign.value() != null
                    && frame.scope().find(name.name()) instanceof Value.Foreign
                    && run.evaluator.value(assign.value(), frame) instanceof Value.Scalar scalar
                    && scalar.value() != null) {
                run.assignments.assign(assign.target(), scalar, frame, true);
            }
        }
    }

    private Flow handle(Flow before, List<Statement> handler, boolean tried, Interpreter.Frame frame) {
        List<Recorder.Bound> known = List.copyOf(run.recorder.binds);
        Flow flow = fork(List.of(() -> before, () -> block(handler, frame)), -1, frame);
        if (tried) {
            // Another port is only a way out where the first is taken.
            run.recorder.binds.clear();
            run.recorder.binds.addAll(known);
        }
        return flow;
    }
}
