package dev.panoptes.code.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Python's built-in functions. */
final class PythonBuiltins {
    private static final int LONGEST_RANGE = 64;

    private PythonBuiltins() {}

    static Value call(String name, Call call, Interpreter run) {
        Arguments given = call.given();
        Value first = call.first();
        return switch (name) {
            case "int", "float" -> first == null ? Values.constant(0L) : integer(first);
            case "str" -> first == null ? Values.constant("") : text(first, run);
            case "bool" -> truth(first);
            case "len" ->
                switch (first) {
                    case Value.Items items -> run.library.length(items);
                    case Value.Entries entries
                    when !entries.open() ->
                        Values.constant((long) entries.cells().size());
                    case null, default -> Values.unknown("its length is not known");
                };
            case "dict" -> {
                Value.Entries made = run.entries(Map.of());
                Builtins.merge(made, first, given);
                yield new Value.Entries(made.cells(), Map.of(), call.site());
            }
            case "list", "tuple", "set", "sorted", "reversed", "frozenset", "iter" -> {
                List<Value> turns = first == null ? List.of() : run.evaluator.turns(first);
                yield turns == null ? Values.unknown("its items are not known") : run.items(turns);
            }
            case "range" -> {
                Long to = given.positional().size() == 1 ? Values.number(first) : null;
                yield to != null && to >= 0 && to <= LONGEST_RANGE
                        ? run.items(LongStream.range(0, to)
                                .<Value>mapToObj(Values::constant)
                                .toList())
                        : Values.unknown("it is a range");
            }
            case "enumerate" -> enumerated(first, run);
            case "getattr" -> attribute(first, given.text(1), call.at(2), run);
            case "vars" -> first == null ? Values.unknown("its names are not known") : fields(first, run);
            case "exit", "quit" -> throw new Interpreter.Exit();
            default -> Values.computed();
        };
    }

    /** What {@code bool}, JavaScript's {@code Boolean} and the like make of it. */
    static Value truth(@Nullable Value value) {
        Boolean truth = value == null ? Boolean.FALSE : Values.truth(value);
        return truth == null
                ? Values.decided()
                : value instanceof Value.Scalar scalar ? scalar.with(truth) : Values.constant(truth);
    }

    private static Value enumerated(@Nullable Value over, Interpreter run) {
        List<Value> turns = over == null ? null : run.evaluator.turns(over);
        if (turns == null) {
            return Values.unknown("its items are not known");
        }
        List<Value> pairs = new ArrayList<>();
        for (Value turn : turns) {
            pairs.add(run.items(List.of(Values.constant((long) pairs.size()), turn)));
        }
        return run.items(pairs);
    }

    private static Value attribute(
            @Nullable Value object, @Nullable String name, @Nullable Value standard, Interpreter run) {
        Value unknown = Values.unknown("it is looked up by name");
        Value found = object == null || name == null ? null : run.members.memberOrNull(object, name);
        if (standard == null) {
            return found == null ? unknown : found;
        }
        if (found == null && object instanceof Value.Instance) {
            return standard;
        }
        return found == null || found instanceof Value.Foreign ? Values.join(unknown, standard) : found;
    }

    static Value integer(Value value) {
        if (value instanceof Value.Several several) {
            return Values.join(
                    several.values().stream().map(PythonBuiltins::integer).toList());
        }
        Long number = Values.number(value);
        return number != null && value instanceof Value.Scalar scalar
                ? scalar.with(number)
                : value instanceof Value.Unknown ? value : Values.unknown("it is no number");
    }

    static Value text(Value value, Interpreter run) {
        String shown = value instanceof Value.Made made ? PythonPaths.pathText(made) : run.library.shown(value);
        if (shown != null) {
            return value instanceof Value.Scalar scalar ? scalar.with(shown) : Values.constant(shown);
        }
        return value instanceof Value.Unknown ? value : Values.composed();
    }

    static Value fields(Value value, Interpreter run) {
        return switch (value) {
            case Value.Instance instance -> new Value.Entries(instance.fields(), Map.of(), instance.site());
            case Value.Made made -> {
                Value.Entries entries = run.entries(Map.of());
                entries.cells().putAll(made.fields());
                yield entries;
            }
            default -> Values.unknown("its names are not known");
        };
    }
}
