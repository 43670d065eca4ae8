package dev.panoptes.code.run;

import dev.panoptes.code.PortValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Questions about values and how two ways of reaching a place are brought together. */
final class Values {
    static final String DECIDED = "it is decided while the program runs";
    private static final int MOST_ALTERNATIVES = 4;
    private static final long HIGHEST_PORT = 65_535;

    private Values() {}

    static Value.Scalar constant(@Nullable Object value) {
        return value == null ? Value.NOTHING : new Value.Scalar(value, null, false);
    }

    static Value.Unknown unknown(String reason) {
        return new Value.Unknown(reason, null);
    }

    static Value.Unknown decided() {
        return unknown(DECIDED);
    }

    static Value.Unknown computed() {
        return unknown("it is computed while the program runs");
    }

    static Value.Unknown composed() {
        return unknown("it is put together while the program runs");
    }

    /** The same, as something that the environment or the command line may change. */
    static Value softened(Value value) {
        return value instanceof Value.Scalar scalar ? new Value.Scalar(scalar.value(), scalar.variable(), true) : value;
    }

    /** The known text; null where it is not one known text. */
    static @Nullable String text(@Nullable Value value) {
        return value instanceof Value.Scalar scalar ? scalar.text() : null;
    }

    /** Whether this counts as true; null where that is not known. */
    static @Nullable Boolean truth(Value value) {
        return switch (value) {
            case Value.Scalar scalar -> truth(scalar.value());
            case Value.Items items -> items.size() > 0 ? Boolean.TRUE : items.open() ? null : Boolean.FALSE;
            case Value.Entries entries ->
                entries.open() ? null : entries.cells().size() > 0;
            case Value.Several several -> agreed(several);
            case Value.Routine _, Value.Type _, Value.Instance _, Value.Loaded _, Value.Partial _ -> true;
            case Value.Made made -> constructed(made.path()) ? Boolean.TRUE : null;
            case Value.Unknown _, Value.Foreign _, Value.Later _, Value.Super _ -> null;
        };
    }

    private static Boolean truth(@Nullable Object value) {
        return switch (value) {
            case null -> false;
            case Boolean known -> known;
            case Long number -> number != 0;
            case Double number -> number != 0;
            case String text -> !text.isEmpty();
            default -> true;
        };
    }

    private static @Nullable Boolean agreed(Value.Several several) {
        Boolean all = null;
        for (Value value : several.values()) {
            Boolean one = truth(value);
            if (one == null || (all != null && !all.equals(one))) {
                return null;
            }
            all = one;
        }
        return all;
    }

    /** True where the path is a call of something that begins with a capital letter: an object, never null or empty. */
    private static boolean constructed(String path) {
        String called = path.endsWith("()") ? path.substring(0, path.length() - 2) : path;
        int dot = called.lastIndexOf('.');
        return dot + 1 < called.length() && Character.isUpperCase(called.charAt(dot + 1));
    }

    /** The environment or the command line may change it. */
    static boolean soft(Value value) {
        return value instanceof Value.Scalar scalar && scalar.soft();
    }

    /** What a place holds that is reached with one value or the other. */
    static Value join(Value a, Value b) {
        if (a.equals(b)) {
            return a;
        }
        if (a instanceof Value.Scalar x && b instanceof Value.Scalar y && Objects.equals(x.value(), y.value())) {
            return new Value.Scalar(
                    x.value(), x.variable() != null ? x.variable() : y.variable(), x.soft() || y.soft());
        }
        if (a instanceof Value.Unknown unknown) {
            return fallback(unknown, b);
        }
        if (b instanceof Value.Unknown unknown) {
            return fallback(unknown, a);
        }
        List<Value> all = new ArrayList<>();
        for (Value value : List.of(a, b)) {
            for (Value each : value instanceof Value.Several several ? several.values() : List.of(value)) {
                if (all.stream().noneMatch(known -> same(known, each))) {
                    all.add(each);
                }
            }
        }
        return all.size() == 1
                ? all.getFirst()
                : all.size() > MOST_ALTERNATIVES ? unknown("it takes several values") : new Value.Several(all);
    }

    private static boolean same(Value a, Value b) {
        return (a instanceof Value.Scalar x && b instanceof Value.Scalar y)
                ? Objects.equals(x.value(), y.value())
                : a.equals(b);
    }

    /** {@code $PORT}, or this where it is not set. */
    private static Value fallback(Value.Unknown unknown, Value other) {
        if (unknown.variable() != null && other instanceof Value.Scalar scalar && scalar.value() != null) {
            return new Value.Scalar(scalar.value(), unknown.variable(), true);
        }
        return other instanceof Value.Unknown more && unknown.variable() == null ? more : unknown;
    }

    static Value join(List<Value> values) {
        Value joined = values.isEmpty() ? Value.NOTHING : values.getFirst();
        for (Value value : values) {
            joined = join(joined, value);
        }
        return joined;
    }

    /** True where no part of it is unknown. */
    static boolean whole(Value.Scalar scalar) {
        return scalar.text() == null || TextParts.whole(scalar.text());
    }

    /** As the key of a dictionary: a known scalar, or a list of them for a tuple; null where it is not known. */
    static @Nullable Object key(@Nullable Value value) {
        if (value instanceof Value.Scalar scalar) {
            return whole(scalar) ? scalar.value() : null;
        }
        if (!(value instanceof Value.Items items) || items.open()) {
            return null;
        }
        List<Object> parts = new ArrayList<>();
        for (Value part : items.values()) {
            if (!(part instanceof Value.Scalar scalar) || scalar.value() == null) {
                return null;
            }
            parts.add(scalar.value());
        }
        return List.copyOf(parts);
    }

    /** As a whole number: of a number, or of a text that is one; null otherwise. */
    static @Nullable Long number(@Nullable Value value) {
        if (!(value instanceof Value.Scalar scalar)) {
            return null;
        }
        return switch (scalar.value()) {
            case Long number -> number;
            case Double number -> number == Math.rint(number) ? (Long) number.longValue() : null;
            case String text -> number(text);
            case null, default -> null;
        };
    }

    static @Nullable Long number(String text) {
        String trimmed = text.strip();
        if (trimmed.isEmpty() || trimmed.length() > 18) {
            return null;
        }
        for (int i = 0; i < trimmed.length(); i++) {
            boolean sign = i == 0 && trimmed.length() > 1 && (trimmed.charAt(0) == '-' || trimmed.charAt(0) == '+');
            if (!sign && !(trimmed.charAt(i) >= '0' && trimmed.charAt(i) <= '9')) {
                return null;
            }
        }
        return Long.parseLong(trimmed);
    }

    /** As a port to bind; null where it is 0 or no port: then nothing is bound that could be named. */
    static @Nullable PortValue port(Value value) {
        return switch (value) {
            case Value.Scalar scalar -> {
                Long number = number(scalar);
                if (number == null) {
                    yield scalar.value() == null
                            ? new PortValue.Unresolved("no port is given", scalar.variable())
                            : new PortValue.Unresolved("the port is no number", scalar.variable());
                }
                yield number < 1 || number > HIGHEST_PORT
                        ? null
                        : new PortValue.Known(number.intValue(), scalar.variable());
            }
            case Value.Unknown unknown -> new PortValue.Unresolved(unknown.reason(), unknown.variable());
            case Value.Several several -> severalPorts(several);
            default -> new PortValue.Unresolved("its value is not known from the code", null);
        };
    }

    private static PortValue severalPorts(Value.Several several) {
        List<String> numbers = new ArrayList<>();
        for (Value value : several.values()) {
            Long number = number(value);
            if (number != null) {
                numbers.add(number.toString());
            }
        }
        if (numbers.size() == several.values().size() && Set.copyOf(numbers).size() == 1) {
            // 8020 and "8020" are one port.
            PortValue same = port(several.values().getFirst());
            if (same != null) {
                return same;
            }
        }
        return new PortValue.Unresolved(
                numbers.isEmpty()
                        ? "it takes several values"
                        : "it may be " + String.join(" or ", numbers)
                                + (numbers.size() < several.values().size() ? " or something else" : ""),
                null);
    }

    /** As the languages print it; null where it is not known. */
    static @Nullable String shown(Value value) {
        if (!(value instanceof Value.Scalar scalar)) {
            return null;
        }
        return switch (scalar.value()) {
            case null -> "None";
            case Boolean known -> known ? "True" : "False";
            case Object other -> other.toString();
        };
    }
}
