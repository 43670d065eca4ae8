package dev.panoptes.code.run;

import dev.panoptes.code.syntax.Expression;
import dev.panoptes.code.syntax.Function;
import dev.panoptes.code.syntax.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Calls of the program's own functions: by itself, and by libraries that it hands them to. Depth is bounded. */
final class Calls {
    private static final int DEEPEST_CALL = 40;

    private final Interpreter run;
    private final List<Function> stack = new ArrayList<>();
    private final Store calledBack;

    Calls(Interpreter run) {
        this.run = run;
        this.calledBack = new Store(run.journal);
    }

    /** Calls a function of the program. */
    Value invoke(Value.Routine routine, Arguments arguments, Site site) {
        run.step();
        Function function = routine.function();
        long running = stack.stream().filter(function::equals).count();
        if (running >= 2 || stack.size() >= DEEPEST_CALL) {
            return Values.unknown("it calls itself");
        }
        Interpreter.Frame frame = begun(routine, arguments);
        try {
            Statements.Flow flow = run.statements.block(body(routine), frame);
            if (flow == Statements.Flow.NORMAL || flow == Statements.Flow.BROKEN) {
                frame.returns().add(Value.NOTHING);
            }
        } finally {
            stack.removeLast();
        }
        run.library.called(routine);
        return frame.returns().isEmpty()
                ? Values.unknown("the function does not return")
                : Values.join(frame.returns());
    }

    /** Its statements, parsed by now. */
    private List<Statement> body(Value.Routine routine) {
        Module module = routine.closure().module;
        Function function = routine.function();
        List<Statement> statements =
                function.body().statements((start, end) -> run.modules.statements(module, start, end));
        if (statements == null) {
            throw new Interpreter.Unfollowed(function.name() + "() of " + module + " cannot be parsed");
        }
        return statements;
    }

    /** The values that a function may return, each by itself. */
    List<Value> results(Value.Routine routine, Arguments arguments) {
        Interpreter.Frame frame = begun(routine, arguments);
        try {
            run.statements.block(body(routine), frame);
        } catch (Interpreter.Exit e) {
            run.step();
        } finally {
            stack.removeLast();
        }
        return frame.returns();
    }

    /** A function is about to run: it is on the stack and has its arguments. */
    private Interpreter.Frame begun(Value.Routine routine, Arguments arguments) {
        Value self = routine.self();
        Scope scope = new Scope(routine.closure().module, routine.closure(), Scope.Kind.FUNCTION, run.journal);
        Interpreter.Frame frame = new Interpreter.Frame(scope, new ArrayList<>(), self, routine.owner());
        boolean passes = run.dialect.passesSelf();
        Arguments given = self == null || !passes ? arguments : arguments.before(self);
        pass(routine.function(), given, frame, routine);
        if (self != null && !passes) {
            scope.names.put("this", self);
        }
        stack.add(routine.function());
        return frame;
    }

    private void pass(Function function, Arguments arguments, Interpreter.Frame frame, Value.Routine routine) {
        Scope scope = frame.scope();
        Interpreter.Frame outside = Interpreter.Frame.of(routine.closure());
        Set<String> used = new HashSet<>();
        int position = 0;
        for (Function.Parameter parameter : function.parameters()) {
            boolean plain = parameter.kind() == Function.Kind.PLAIN;
            switch (parameter.kind()) {
                case REST ->
                    scope.names.put(
                            parameter.name(),
                            run.items(arguments.after(position).positional(), arguments.open()));
                case KEYWORDS -> scope.names.put(parameter.name(), keywords(arguments, used));
                case PLAIN, NAMED -> {
                    Value given = arguments.find(plain ? position : -1, parameter.name());
                    position += plain ? 1 : 0;
                    used.add(parameter.name());
                    scope.names.put(parameter.name(), given != null ? given : standard(parameter, outside, routine));
                }
            }
        }
    }

    private Value keywords(Arguments arguments, Set<String> used) {
        Store rest = new Store(run.journal);
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

    private Value standard(Function.Parameter parameter, Interpreter.Frame outside, Value.Routine routine) {
        Value special = run.library.parameter(parameter, routine);
        if (special != null) {
            return special;
        }
        Expression standard = parameter.standard();
        return standard == null
                ? Values.unknown("the caller decides " + parameter.name())
                : run.evaluator.value(standard, outside);
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
                    run.guarded(() -> {
                        try {
                            return invoke(routine, arguments, site);
                        } catch (Interpreter.Exit e) {
                            // A handler of signals or of errors: it ends the program some other time.
                            run.step();
                            return Value.NOTHING;
                        }
                    });
                }
            }
            case Value.Foreign _, Value.Partial _ -> run.evaluator.call(function, arguments, site);
            case Value.Later _ -> {
                Value forced = run.members.force(function);
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
}
