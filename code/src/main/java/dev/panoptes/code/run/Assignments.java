package dev.panoptes.code.run;

import dev.panoptes.code.run.Interpreter.Frame;
import dev.panoptes.code.syntax.Expression;
import java.util.ArrayList;
import java.util.List;

/** What assignments change, and what a condition says of the names in it. */
final class Assignments {
    private final Interpreter run;

    Assignments(Interpreter run) {
        this.run = run;
    }

    void assign(Expression target, Value value, Frame frame, boolean declares) {
        switch (target) {
            case Expression.Name name -> {
                if (declares) {
                    frame.scope().declare(name.name(), value);
                } else if (frame.scope().owner(name.name()) != null
                        || !run.dialect.assignOuter(name.name(), value, frame.scope())) {
                    frame.scope().assign(name.name(), value);
                }
            }
            case Expression.Member member -> set(run.evaluator.value(member.object(), frame), member.name(), value);
            case Expression.Index index -> {
                Value object = run.evaluator.value(index.object(), frame);
                put(object, run.evaluator.value(index.key(), frame), value);
            }
            case Expression.Items items -> unpack(items, value, frame, declares);
            case Expression.Entries entries -> destructure(entries, value, frame, declares);
            case Expression.Spread spread -> assign(spread.value(), value, frame, declares);
            case Expression.Assigned assigned -> {
                // A pattern with a default: {port = 8020} = options
                Value standard = run.evaluator.value(assigned.value(), frame);
                Value given = value instanceof Value.Scalar scalar && scalar.value() == null
                        ? standard
                        : value instanceof Value.Unknown ? Values.join(value, standard) : value;
                assign(assigned.target(), given, frame, declares);
            }
            default -> run.evaluator.value(target, frame);
        }
    }

    private void unpack(Expression.Items items, Value value, Frame frame, boolean declares) {
        List<Value> turns = value instanceof Value.Items ? run.evaluator.turns(value) : null;
        boolean fits = turns != null
                && items.items().stream().noneMatch(Expression.Spread.class::isInstance)
                && turns.size() >= items.items().size();
        for (int i = 0; i < items.items().size(); i++) {
            Value part = turns != null && fits ? turns.get(i) : part(value, i);
            assign(items.items().get(i), part, frame, declares);
        }
    }

    private Value part(Value value, int index) {
        if (value instanceof Value.Several several) {
            List<Value> parts = new ArrayList<>();
            for (Value each : several.values()) {
                Value part = each instanceof Value.Items items && !items.open() ? items.at(index) : null;
                parts.add(part == null ? run.dialect.part(each, index) : part);
            }
            return Values.join(parts);
        }
        return run.dialect.part(value, index);
    }

    private void destructure(Expression.Entries entries, Value value, Frame frame, boolean declares) {
        for (Expression.Entry entry : entries.entries()) {
            Expression key = entry.key();
            Value part = key instanceof Expression.Literal literal && literal.value() instanceof String name
                    ? run.members.member(value, name)
                    : Values.unknown("it is taken out of something");
            assign(entry.value(), part, frame, declares);
        }
    }

    void set(Value object, String name, Value value) {
        switch (run.members.force(object)) {
            case Value.Instance instance -> instance.fields().put(name, value);
            case Value.Type type -> type.scope().names.put(name, value);
            case Value.Made made -> made.fields().put(name, value);
            case Value.Loaded loaded -> loaded.scope().names.put(name, value);
            case Value.Entries entries -> entries.cells().put(name, value);
            case Value.Foreign foreign -> run.library.assigned(foreign, name, value);
            case Value.Several several -> several.values().forEach(each -> set(each, name, value));
            case Value.Scalar _, Value.Unknown _, Value.Items _, Value.Routine _ -> {}
            case Value.Later _, Value.Partial _, Value.Super _ -> {}
        }
    }

    void put(Value object, Value key, Value value) {
        Object known = Values.key(key);
        switch (object) {
            case Value.Entries entries -> entries.cells().put(known == null ? Value.Entries.OPEN : known, value);
            case Value.Items items -> {
                if (known instanceof Long number && number >= 0 && number < items.size()) {
                    items.cells().put(number, value);
                }
            }
            case Value.Foreign foreign -> run.library.assigned(foreign, String.valueOf(known), value);
            case Value.Made made -> made.fields().put(known == null ? Value.Entries.OPEN : "[" + known + "]", value);
            case Value.Scalar _, Value.Unknown _, Value.Several _, Value.Routine _, Value.Type _ -> {}
            case Value.Instance _, Value.Loaded _, Value.Later _, Value.Partial _, Value.Super _ -> {}
        }
    }

    /** Leaves out of a name what the condition excludes: after {@code if port is None} it is not None. */
    void narrow(Expression condition, boolean holds, Frame frame) {
        if (condition instanceof Expression.Operation operation) {
            List<Expression> operands = operation.operands();
            switch (operation.operator()) {
                case "not" -> narrow(operands.getFirst(), !holds, frame);
                case "and" -> {
                    if (holds) {
                        operands.forEach(operand -> narrow(operand, true, frame));
                    }
                }
                case "or" -> {
                    if (!holds) {
                        operands.forEach(operand -> narrow(operand, false, frame));
                    }
                }
                case "is", "==", "===" -> narrowNothing(operands, !holds, frame);
                case "is not", "!=", "!==" -> narrowNothing(operands, holds, frame);
                default -> {}
            }
        } else {
            narrowName(condition, holds, frame);
        }
    }

    private void narrowNothing(List<Expression> operands, boolean present, Frame frame) {
        if (operands.size() == 2
                && operands.getLast() instanceof Expression.Literal literal
                && literal.value() == null) {
            narrowName(operands.getFirst(), present, frame);
        }
    }

    private void narrowName(Expression name, boolean present, Frame frame) {
        if (!(name instanceof Expression.Name || name instanceof Expression.Member)) {
            return;
        }
        if (name instanceof Expression.Name plain && frame.scope().find(plain.name()) == null) {
            return;
        }
        Value value = run.evaluator.value(name, frame);
        if (value instanceof Value.Several several) {
            List<Value> left = several.values().stream()
                    .filter(each -> present != Boolean.FALSE.equals(Values.truth(each)))
                    .toList();
            if (!left.isEmpty() && left.size() < several.values().size()) {
                assign(name, Values.join(left), frame, false);
            }
        }
    }
}
