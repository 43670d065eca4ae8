package dev.panoptes.code.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Operators on known values. */
final class Operators {
    private final Interpreter run;

    Operators(Interpreter run) {
        this.run = run;
    }

    Value unary(String operator, Value value) {
        if (operator.equals("not") || operator.equals("!")) {
            Boolean truth = Values.truth(value);
            if (truth == null) {
                return Values.decided();
            }
            return value instanceof Value.Scalar scalar ? scalar.with(!truth) : Values.constant(!truth);
        }
        if (value instanceof Value.Scalar scalar) {
            Long number = Values.number(scalar);
            if (number != null && operator.equals("-")) {
                return scalar.with(-number);
            }
            if (number != null && operator.equals("+")) {
                return scalar.with(number);
            }
        }
        return value instanceof Value.Unknown ? value : Values.computed();
    }

    Value binary(String operator, Value left, Value right) {
        Value special = run.library.operate(operator, left, right);
        if (special != null) {
            return special;
        }
        return switch (operator) {
            case "is", "==", "===" -> equal(left, right, true);
            case "is not", "!=", "!==" -> equal(left, right, false);
            case "in", "not in" -> contained(operator.equals("in"), left, right);
            default -> arithmetic(operator, left, right);
        };
    }

    private static Value equal(Value left, Value right, boolean wanted) {
        if (left instanceof Value.Scalar a && right instanceof Value.Scalar b) {
            if (!Values.whole(a) || !Values.whole(b)) {
                return Values.decided();
            }
            boolean same = Objects.equals(a.value(), b.value())
                    || (a.value() instanceof Number x
                            && b.value() instanceof Number y
                            && Double.compare(x.doubleValue(), y.doubleValue()) == 0);
            return mixed(a, b, same == wanted);
        }
        Value other = left instanceof Value.Scalar a && a.value() == null
                ? right
                : right instanceof Value.Scalar b && b.value() == null ? left : null;
        if (other != null && !(other instanceof Value.Several) && Boolean.TRUE.equals(Values.truth(other))) {
            return Values.constant(!wanted);
        }
        return Values.decided();
    }

    private static Value contained(boolean wanted, Value left, Value right) {
        Value.Unknown undecided = Values.decided();
        if (!(left instanceof Value.Scalar item)) {
            Object key = Values.key(left);
            return key != null && right instanceof Value.Entries entries && !entries.open()
                    ? Values.constant((entries.cells().get(key) != null) == wanted)
                    : undecided;
        }
        return switch (right) {
            case Value.Scalar scalar when !Values.whole(scalar) || !Values.whole(item) -> undecided;
            case Value.Scalar scalar
            when scalar.text() != null && item.text() != null ->
                mixed(item, scalar, scalar.text().contains(item.text()) == wanted);
            case Value.Items items -> {
                boolean all = !items.open();
                for (Value each : items.values()) {
                    if (each instanceof Value.Scalar scalar && Objects.equals(scalar.value(), item.value())) {
                        yield item.with(wanted);
                    }
                    all &= each instanceof Value.Scalar;
                }
                yield all ? item.with(!wanted) : undecided;
            }
            case Value.Entries entries -> {
                boolean has = item.value() != null && entries.cells().get(item.value()) != null;
                yield has || !entries.open() ? item.with(has == wanted) : undecided;
            }
            default -> undecided;
        };
    }

    private static Value arithmetic(String operator, Value left, Value right) {
        if (operator.equals("+")
                && (isText(left) || isText(right))
                && isTextOrUnknown(left)
                && isTextOrUnknown(right)) {
            return new TextParts()
                    .add(left, Values.text(left))
                    .add(right, Values.text(right))
                    .result();
        }
        if (left instanceof Value.Several several && right instanceof Value.Scalar) {
            List<Value> all = new ArrayList<>();
            several.values().forEach(each -> all.add(arithmetic(operator, each, right)));
            return Values.join(all);
        }
        if (!(left instanceof Value.Scalar a) || !(right instanceof Value.Scalar b)) {
            return left instanceof Value.Unknown ? left : right instanceof Value.Unknown ? right : Values.computed();
        }
        if (a.value() instanceof Number && b.value() instanceof Number) {
            Long x = Values.number(a);
            Long y = Values.number(b);
            if (x != null && y != null) {
                Object result = integers(operator, x, y);
                return result == null ? Values.computed() : new Value.Scalar(result, null, a.soft() || b.soft());
            }
        }
        return Values.computed();
    }

    private static boolean isText(Value value) {
        return Values.text(value) != null;
    }

    private static boolean isTextOrUnknown(Value value) {
        return isText(value)
                || value instanceof Value.Unknown
                || value instanceof Value.Foreign
                || value instanceof Value.Made;
    }

    private static @Nullable Object integers(String operator, long x, long y) {
        return switch (operator) {
            case "+" -> x + y;
            case "-" -> x - y;
            case "*" -> x * y;
            case "//", "/" -> y == 0 || (operator.equals("/") && x % y != 0) ? null : (Object) Math.floorDiv(x, y);
            case "%" -> y == 0 ? null : (Object) Math.floorMod(x, y);
            case "<" -> x < y;
            case "<=" -> x <= y;
            case ">" -> x > y;
            case ">=" -> x >= y;
            default -> null;
        };
    }

    private static Value.Scalar mixed(Value.Scalar a, Value.Scalar b, @Nullable Object value) {
        return new Value.Scalar(value, a.variable() != null ? a.variable() : b.variable(), a.soft() || b.soft());
    }

    /** Whether it is something other than null; null where that is not known. */
    @Nullable
    Boolean present(Value value) {
        return switch (value) {
            case Value.Scalar scalar -> scalar.value() != null;
            case Value.Unknown _, Value.Several _, Value.Foreign _, Value.Made _, Value.Later _ -> null;
            case Value.Items _, Value.Entries _, Value.Routine _, Value.Type _, Value.Instance _ -> true;
            case Value.Loaded _, Value.Partial _, Value.Super _ -> true;
        };
    }

    /** Without the null that an alternative may be, because the other side is taken then. */
    Value withoutNothing(Value value) {
        if (value instanceof Value.Several several) {
            List<Value> left = several.values().stream()
                    .filter(each -> !Boolean.FALSE.equals(Values.truth(each)))
                    .toList();
            return left.isEmpty() ? value : Values.join(left);
        }
        return value;
    }

    /** The right side of {@code or}, taken because the left is empty by default: the left's variable decides. */
    Value soften(Value value, Value because) {
        return value instanceof Value.Scalar scalar && because instanceof Value.Scalar reason && reason.soft()
                ? new Value.Scalar(
                        scalar.value(), scalar.variable() != null ? scalar.variable() : reason.variable(), true)
                : value;
    }

    /** What is taken by default where the other would be taken if the environment said so. */
    Value preferred(Value chosen, Value other) {
        if (!(chosen instanceof Value.Scalar scalar)) {
            return chosen;
        }
        String variable = switch (other) {
            case Value.Scalar alternative -> alternative.variable();
            case Value.Unknown unknown -> unknown.variable();
            default -> null;
        };
        return new Value.Scalar(scalar.value(), scalar.variable() != null ? scalar.variable() : variable, true);
    }

    Value bothUnknown(Value left, Value right) {
        return Boolean.FALSE.equals(Values.truth(right)) && right instanceof Value.Scalar
                ? right
                : left instanceof Value.Unknown ? left : Values.decided();
    }
}
