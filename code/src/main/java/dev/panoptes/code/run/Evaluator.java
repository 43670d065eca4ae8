package dev.panoptes.code.run;

import dev.panoptes.code.run.Interpreter.Frame;
import dev.panoptes.code.syntax.Expression;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What expressions stand for; operators are in {@link Operators}, members in {@link Members}. */
final class Evaluator {
    private final Interpreter run;
    private final Operators operators;

    Evaluator(Interpreter run) {
        this.run = run;
        this.operators = new Operators(run);
    }

    Value value(Expression expression, Frame frame) {
        run.step();
        return switch (expression) {
            case Expression.Literal literal -> Values.constant(literal.value());
            case Expression.Name name -> name(name.name(), frame.scope());
            case Expression.Member member -> run.members.member(value(member.object(), frame), member.name());
            case Expression.Index index -> index(index, frame);
            case Expression.Slice slice -> {
                evaluate(slice.from(), frame);
                evaluate(slice.to(), frame);
                yield Values.unknown("it is part of something");
            }
            case Expression.Call call -> call(call, frame);
            case Expression.Template template -> template(template, frame);
            case Expression.Operation operation -> operation(operation, frame);
            case Expression.Choice choice -> choice(choice, frame);
            case Expression.Items items -> items(items, frame);
            case Expression.Entries entries -> entries(entries, frame);
            case Expression.Closure closure ->
                new Value.Routine(closure.function(), functionScope(frame.scope()), null, frame.owner());
            case Expression.Each each -> each(each, frame);
            case Expression.Spread spread -> value(spread.value(), frame);
            case Expression.Assigned assigned -> {
                Value value = value(assigned.value(), frame);
                run.assignments.assign(assigned.target(), value, frame, false);
                yield value;
            }
            case Expression.Composite composite -> {
                Value type = value(composite.type(), frame);
                Value fields = value(composite.fields(), frame);
                yield run.dialect.compose(type, fields, run.site(frame, composite.start(), composite.end()));
            }
            case Expression.Opaque opaque -> {
                opaque.parts().forEach(part -> value(part, frame));
                yield Values.unknown("its value is not known from the code");
            }
        };
    }

    private void evaluate(@Nullable Expression expression, Frame frame) {
        if (expression != null) {
            value(expression, frame);
        }
    }

    private static Scope functionScope(Scope scope) {
        Scope closure = scope;
        while (closure.kind == Scope.Kind.TYPE && closure.parent != null) {
            closure = closure.parent;
        }
        return closure;
    }

    private Value name(String name, Scope scope) {
        Value value = scope.find(name);
        if (value == null) {
            value = run.dialect.global(name, scope);
        }
        return value == null ? Values.unknown(name + " is not defined in the code") : run.members.force(value);
    }

    private Value index(Expression.Index index, Frame frame) {
        Value object = value(index.object(), frame);
        if (index.key() instanceof Expression.Slice slice) {
            Value part = value(slice, frame);
            return object instanceof Value.Unknown ? object : part;
        }
        return run.members.at(object, value(index.key(), frame));
    }

    private Value call(Expression.Call call, Frame frame) {
        Value function;
        if (call.function() instanceof Expression.Member(Expression of, String name)) {
            Value object = value(of, frame);
            Value component = call.arguments().isEmpty() ? run.dialect.component(object, name) : null;
            if (component != null) {
                return run.members.force(component);
            }
            function = run.members.member(object, name);
        } else {
            function = value(call.function(), frame);
        }
        Arguments arguments = arguments(call.arguments(), frame);
        Site site = run.site(frame, call.start(), call.end());
        if (function instanceof Value.Foreign foreign && foreign.path().equals("super") && frame.self() != null) {
            return frame.owner() == null
                    ? Values.unknown("its class is not known")
                    : new Value.Super(frame.self(), frame.owner());
        }
        if (call.created() && function instanceof Value.Routine routine) {
            Value.Entries made = run.entries(Map.of());
            run.calls.invoke(routine.bound(made), arguments, site);
            return made;
        }
        return call(function, arguments, site);
    }

    Arguments arguments(List<Expression.Argument> given, Frame frame) {
        List<Value> positional = new ArrayList<>();
        Map<String, Value> named = new LinkedHashMap<>();
        boolean open = false;
        for (Expression.Argument argument : given) {
            Value value = value(argument.value(), frame);
            if (argument.spread() == 1) {
                List<Value> turns = turns(value);
                open |= turns == null;
                positional.addAll(turns == null ? List.of() : turns);
            } else if (argument.spread() == 2) {
                open |= !(value instanceof Value.Entries entries) || entries.open();
                if (value instanceof Value.Entries entries) {
                    entries.cells().cells().forEach((key, one) -> named.put(String.valueOf(key), one));
                }
            } else if (argument.name() != null) {
                named.put(argument.name(), value);
            } else {
                positional.add(value);
            }
        }
        named.remove(String.valueOf(Value.Entries.OPEN));
        return new Arguments(positional, named, open);
    }

    Value call(Value function, Arguments arguments, Site site) {
        return switch (function) {
            case Value.Later _ -> call(run.members.force(function), arguments, site);
            case Value.Routine routine -> run.calls.invoke(routine, arguments, site);
            case Value.Type type -> create(type, arguments, site);
            case Value.Partial partial ->
                call(partial.function(), partial.arguments().and(arguments), site);
            case Value.Foreign foreign -> foreign(foreign.path(), foreign.receiver(), arguments, site);
            case Value.Made made -> foreign(made.path(), made, arguments, site);
            case Value.Instance instance -> {
                Value method = run.members.memberOrNull(instance, "__call__");
                yield method instanceof Value.Routine routine
                        ? run.calls.invoke(routine, arguments, site)
                        : Values.unknown("what is called is not known");
            }
            case Value.Several several -> {
                List<Value> results = new ArrayList<>();
                for (Value each : fitting(several.values(), arguments)) {
                    if (!(each instanceof Value.Scalar)) {
                        results.add(call(each, arguments, site));
                    }
                }
                yield Values.join(results);
            }
            case Value.Unknown _, Value.Scalar _, Value.Items _, Value.Entries _, Value.Loaded _, Value.Super _ -> {
                handOver("", arguments, site);
                yield Values.unknown("what is called is not known");
            }
        };
    }

    /** Of overloaded methods those with as many parameters as there are arguments. */
    private static List<Value> fitting(List<Value> values, Arguments arguments) {
        if (!values.stream().allMatch(Value.Routine.class::isInstance) || arguments.open()) {
            return values;
        }
        List<Value> fitting = values.stream()
                .filter(each -> each instanceof Value.Routine routine
                        && routine.function().parameters().size()
                                == arguments.positional().size())
                .toList();
        return fitting.isEmpty() ? values : fitting;
    }

    private Value foreign(String path, @Nullable Value receiver, Arguments arguments, Site site) {
        Value known = run.library.call(Call.of(path, receiver, arguments, site));
        if (known != null) {
            return known;
        }
        handOver(path, arguments, site);
        mayBind(path, arguments, site);
        return run.made(path + "()", receiver, arguments, site);
    }

    /** An object of an unknown library that is given every address and a port listens there: nobody calls 0.0.0.0. */
    private void mayBind(String path, Arguments arguments, Site site) {
        String library = path.contains(".") ? path.substring(0, path.indexOf('.')) : path;
        Value port = arguments.named().get("port");
        String host = Values.text(arguments.named().getOrDefault("host", Value.NOTHING));
        boolean everywhere = "0.0.0.0".equals(host) || "::".equals(host);
        if (everywhere && port != null && !run.libraries.table.words("known").contains(library)) {
            run.bind(port, arguments.named().get("host"), site);
        }
    }

    /** Functions that are handed to something unknown may be called by it. */
    private void handOver(String path, Arguments arguments, Site site) {
        if (!run.library.callsBack(path)) {
            return;
        }
        for (Value argument : arguments.all()) {
            if (argument instanceof Value.Routine
                    || argument instanceof Value.Foreign
                    || argument instanceof Value.Partial) {
                run.calls.callBack(argument, Arguments.OPEN, site);
            } else {
                run.library.handedOver(argument, site);
            }
        }
    }

    private Value create(Value.Type type, Arguments arguments, Site site) {
        Value special = run.dialect.create(type, arguments, site);
        if (special != null) {
            return special;
        }
        Value.Instance instance = run.instance(type, site);
        Value constructor = run.dialect.constructor(instance);
        if (constructor != null) {
            call(constructor, arguments, site);
        } else {
            handOver("", arguments, site);
        }
        return instance;
    }

    private Value template(Expression.Template template, Frame frame) {
        TextParts text = new TextParts();
        for (Expression part : template.parts()) {
            Value value = value(part, frame);
            text.add(value, run.library.shown(value));
        }
        return text.result();
    }

    private Value operation(Expression.Operation operation, Frame frame) {
        List<Expression> operands = operation.operands();
        Value left = value(operands.getFirst(), frame);
        if (operands.size() == 1) {
            return operators.unary(operation.operator(), left);
        }
        switch (operation.operator()) {
            case "or", "and", "??" -> {
                Boolean truth = operation.operator().equals("??") ? operators.present(left) : Values.truth(left);
                boolean takesRight = operation.operator().equals("and") == Boolean.TRUE.equals(truth);
                if (truth != null) {
                    return takesRight ? operators.soften(value(operands.getLast(), frame), left) : left;
                }
                Value right = value(operands.getLast(), frame);
                return operation.operator().equals("and")
                        ? operators.bothUnknown(left, right)
                        : Values.join(operators.withoutNothing(left), right);
            }
            default -> {
                Value right = value(operands.getLast(), frame);
                return operators.binary(operation.operator(), left, right);
            }
        }
    }

    private Value choice(Expression.Choice choice, Frame frame) {
        Value condition = value(choice.condition(), frame);
        Boolean truth = Values.truth(condition);
        if (truth != null) {
            Value chosen = value(truth ? choice.yes() : choice.no(), frame);
            if (!Values.soft(condition)) {
                return chosen;
            }
            Value other = value(truth ? choice.no() : choice.yes(), frame);
            return operators.preferred(chosen, other);
        }
        return Values.join(value(choice.yes(), frame), value(choice.no(), frame));
    }

    private Value items(Expression.Items items, Frame frame) {
        List<Value> all = new ArrayList<>();
        boolean open = false;
        for (Expression item : items.items()) {
            Value value = value(item, frame);
            List<Value> turns = item instanceof Expression.Spread ? turns(value) : List.of(value);
            open |= turns == null;
            all.addAll(turns == null ? List.of() : turns);
        }
        return run.items(all, open);
    }

    private Value entries(Expression.Entries entries, Frame frame) {
        Store cells = new Store(run.journal, true);
        Map<Object, Site> places = new LinkedHashMap<>();
        for (Expression.Entry entry : entries.entries()) {
            Value value = value(entry.value(), frame);
            Expression key = entry.key();
            if (key == null) {
                if (value instanceof Value.Entries more) {
                    more.cells().cells().forEach(cells::put);
                    places.putAll(more.places());
                } else if (value instanceof Value.Instance instance) {
                    instance.fields().cells().forEach(cells::put);
                } else {
                    cells.put(Value.Entries.OPEN, Value.NOTHING);
                }
                continue;
            }
            Object name = Values.key(value(key, frame));
            if (name != null) {
                cells.put(name, value);
                places.put(name, run.site(frame, entry.start(), entry.end()));
            } else {
                cells.put(Value.Entries.OPEN, Value.NOTHING);
            }
        }
        Site site = entries.entries().isEmpty()
                ? null
                : run.site(
                        frame,
                        entries.entries().getFirst().start(),
                        entries.entries().getLast().end());
        return new Value.Entries(cells, places, site);
    }

    private Value each(Expression.Each each, Frame frame) {
        Value over = value(each.over(), frame);
        List<Value> turns = turns(over);
        Store cells = new Store(run.journal);
        Scope scope = new Scope(frame.scope().module, frame.scope(), Scope.Kind.BLOCK, run.journal);
        Frame inner = new Frame(scope, frame.returns(), frame.self(), frame.owner());
        for (Value turn :
                turns == null || turns.size() > 64 ? List.of(Values.unknown("it is taken from a list")) : turns) {
            run.assignments.assign(each.target(), turn, inner, true);
            cells.append(value(each.element(), inner));
        }
        return new Value.Items(cells, turns == null || turns.size() > 64);
    }

    /** The values that a loop over this goes through; null where they are not known. */
    @Nullable
    List<Value> turns(Value over) {
        return switch (over) {
            case Value.Items items -> items.open() ? null : items.values();
            case Value.Entries entries -> {
                if (entries.open()) {
                    yield null;
                }
                List<Value> keys = new ArrayList<>();
                entries.cells().keys().forEach(key -> keys.add(run.key(key)));
                yield keys;
            }
            case Value.Type _, Value.Instance _, Value.Several _, Value.Scalar _, Value.Unknown _ -> null;
            case Value.Foreign _, Value.Made _, Value.Routine _, Value.Loaded _ -> null;
            case Value.Later _, Value.Partial _, Value.Super _ -> null;
        };
    }
}
