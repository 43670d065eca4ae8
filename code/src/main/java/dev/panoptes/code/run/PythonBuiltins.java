package dev.panoptes.code.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Python's built-in functions, and the methods of its dictionaries and lists. */
final class PythonBuiltins {
    private PythonBuiltins() {}

    /** @param arguments the list of the command line; null where the program has not asked for it */
    static @Nullable Value builtin(
            String name, Value.@Nullable Items arguments, Arguments given, Site site, Interpreter run) {
        Value first = given.first();
        return switch (name) {
            case "int", "float" -> first == null ? Values.constant(0L) : integer(first);
            case "str" -> first == null ? Values.constant("") : text(first);
            case "bool" -> {
                Boolean truth = first == null ? Boolean.FALSE : Values.truth(first);
                yield truth == null
                        ? Values.unknown("it is decided while the program runs")
                        : first instanceof Value.Scalar scalar ? scalar.with(truth) : Values.constant(truth);
            }
            case "len" ->
                switch (first) {
                    case Value.Items items
                    when !items.open() -> new Value.Scalar((long) items.size(), null, items.equals(arguments));
                    case Value.Entries entries
                    when !entries.open() ->
                        Values.constant((long) entries.cells().size());
                    case null, default -> Values.unknown("its length is not known");
                };
            case "dict" -> {
                Value.Entries made = run.entries(Map.of());
                if (first instanceof Value.Entries entries) {
                    entries.cells().cells().forEach(made.cells()::put);
                } else if (first != null || given.open()) {
                    made.cells().put(Value.Entries.OPEN, Value.NOTHING);
                }
                given.named().forEach(made.cells()::put);
                yield new Value.Entries(made.cells(), Map.of(), site);
            }
            case "list", "tuple", "set", "sorted", "reversed", "frozenset", "iter" -> {
                List<Value> turns = first == null ? List.of() : run.evaluator().turns(first);
                yield turns == null ? Values.unknown("its items are not known") : run.items(turns);
            }
            case "range" -> {
                Long to = Values.number(first);
                yield given.positional().size() == 1 && to != null && to >= 0 && to <= 64
                        ? run.items(LongStream.range(0, to)
                                .<Value>mapToObj(Values::constant)
                                .toList())
                        : Values.unknown("it is a range");
            }
            case "enumerate" -> {
                List<Value> turns = first == null ? null : run.evaluator().turns(first);
                if (turns == null) {
                    yield Values.unknown("its items are not known");
                }
                List<Value> pairs = new ArrayList<>();
                for (Value turn : turns) {
                    pairs.add(run.items(List.of(Values.constant((long) pairs.size()), turn)));
                }
                yield run.items(pairs);
            }
            case "getattr" -> {
                String member = Values.text(given.find(1, ""));
                Value standard = given.find(2, "");
                Value found =
                        first == null || member == null ? null : run.evaluator().memberOrNull(first, member);
                yield found == null || (found instanceof Value.Foreign && standard != null)
                        ? standard == null
                                ? Values.unknown("it is looked up by name")
                                : found == null && first instanceof Value.Instance
                                        ? standard
                                        : Values.join(Values.unknown("it is looked up by name"), standard)
                        : found;
            }
            case "setattr" -> {
                String member = Values.text(given.find(1, ""));
                Value value = given.find(2, "");
                if (first != null && member != null && value != null) {
                    run.evaluator().set(first, member, value);
                }
                yield Value.NOTHING;
            }
            case "type" -> first instanceof Value.Instance instance ? instance.type() : Values.unknown("a type");
            case "vars" -> first == null ? Values.unknown("its names are not known") : fields(first, run);
            case "exit", "quit" -> throw new Interpreter.Exit();
            case "print",
                    "isinstance",
                    "issubclass",
                    "hasattr",
                    "open",
                    "input",
                    "repr",
                    "any",
                    "all",
                    "sum",
                    "abs",
                    "round",
                    "hash",
                    "id",
                    "callable" -> Values.unknown("it is decided while the program runs");
            case "min", "max" -> {
                Long a = Values.number(given.find(0, ""));
                Long b = Values.number(given.find(1, ""));
                yield a != null && b != null && given.positional().size() == 2
                        ? Values.constant(name.equals("min") ? Math.min(a, b) : Math.max(a, b))
                        : Values.unknown("it is computed while the program runs");
            }
            default ->
                name.endsWith("Exit")
                        ? Values.unknown("an exit")
                        : Values.unknown("it is computed while the program runs");
        };
    }

    static Value integer(Value value) {
        if (value instanceof Value.Several several) {
            List<Value> all = new ArrayList<>();
            several.values().forEach(each -> all.add(integer(each)));
            return Values.join(all);
        }
        Long number = Values.number(value);
        return number != null && value instanceof Value.Scalar scalar
                ? scalar.with(number)
                : value instanceof Value.Unknown ? value : Values.unknown("it is no number");
    }

    static Value text(Value value) {
        String shown = Values.shown(value);
        if (shown != null && value instanceof Value.Scalar scalar) {
            return scalar.with(shown);
        }
        if (value instanceof Value.Made made && made.path().equals(PythonPaths.PATH)) {
            String path = PythonPaths.pathText(made);
            return path == null ? Values.unknown("a path that is not known") : Values.constant(path);
        }
        return value instanceof Value.Unknown ? value : Values.unknown("it is put together while the program runs");
    }

    static Value fields(Value value, Interpreter run) {
        return switch (value) {
            case Value.Instance instance -> new Value.Entries(instance.fields(), Map.of(), instance.site());
            case Value.Made made -> {
                Value.Entries entries = run.entries(Map.of());
                made.fields().cells().forEach(entries.cells()::put);
                yield entries;
            }
            default -> Values.unknown("its names are not known");
        };
    }

    static @Nullable Value dictionary(String name, Value.Entries entries, Arguments given, Interpreter run) {
        Value first = given.first();
        Object key = Values.key(first);
        Value found = key == null ? null : entries.cells().get(key);
        Value standard = given.find(1, "default");
        return switch (name) {
            case "get", "pop" -> {
                if (found != null) {
                    yield run.evaluator().force(found);
                }
                Value otherwise = standard == null ? Value.NOTHING : standard;
                yield entries.open() || key == null
                        ? Values.join(Values.unknown("it is looked up while the program runs"), otherwise)
                        : otherwise;
            }
            case "setdefault" -> {
                if (found == null && key != null && standard != null) {
                    entries.cells().put(key, standard);
                }
                yield found != null ? found : standard == null ? Value.NOTHING : standard;
            }
            case "update" -> {
                if (first instanceof Value.Entries more) {
                    more.cells().cells().forEach(entries.cells()::put);
                } else if (first != null || given.open()) {
                    entries.cells().put(Value.Entries.OPEN, Value.NOTHING);
                }
                given.named().forEach(entries.cells()::put);
                yield Value.NOTHING;
            }
            case "copy" -> {
                Value.Entries copy = run.entries(Map.of());
                entries.cells().cells().forEach(copy.cells()::put);
                yield new Value.Entries(copy.cells(), entries.places(), entries.site());
            }
            case "items", "values", "keys" -> {
                if (entries.open()) {
                    yield Values.unknown("its items are not known");
                }
                List<Value> all = new ArrayList<>();
                entries.cells()
                        .cells()
                        .forEach((one, value) -> all.add(
                                switch (name) {
                                    case "items" -> run.items(List.of(run.key(one), value));
                                    case "values" -> value;
                                    default -> run.key(one);
                                }));
                yield run.items(all);
            }
            default -> null;
        };
    }

    static @Nullable Value list(String name, Value.Items items, Arguments given, Interpreter run) {
        Value first = given.first();
        switch (name) {
            case "append", "add", "insert" -> {
                Value added = name.equals("insert") ? given.find(1, "") : first;
                if (added != null) {
                    items.cells().append(added);
                }
                return Value.NOTHING;
            }
            case "extend", "update" -> {
                List<Value> turns = first == null ? null : run.evaluator().turns(first);
                if (turns != null) {
                    turns.forEach(items.cells()::append);
                }
                return Value.NOTHING;
            }
            case "copy" -> {
                return run.items(items.values());
            }
            default -> {
                return null;
            }
        }
    }
}
