package dev.panoptes.code.run;

import dev.panoptes.code.library.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Methods of texts, lists and dictionaries. The table of the language says which of ours each of its names is. */
final class Builtins {
    private static final int MOST_TURNS = 64;

    private final Interpreter run;
    private final Map<String, String> texts;
    private final Map<String, String> lists;
    private final Map<String, String> maps;

    Builtins(Interpreter run) {
        this.run = run;
        Table table = run.libraries.table;
        this.texts = table.pairs("texts");
        this.lists = table.pairs("lists");
        this.maps = table.pairs("maps");
    }

    /** Null where it is no such method. */
    @Nullable
    Value call(Call call) {
        String path = call.path();
        if (path.startsWith("str().")) {
            return Texts.call(texts.getOrDefault(path.substring(6), ""), call.receiver(), call.given(), run);
        }
        String list = path.startsWith("list().") ? lists.get(path.substring(7)) : null;
        if (list != null && call.receiver() instanceof Value.Items items) {
            return list(list, items, call);
        }
        String map = path.startsWith("dict().") ? maps.get(path.substring(7)) : null;
        return map != null && call.receiver() instanceof Value.Entries entries ? map(map, entries, call.given()) : null;
    }

    private @Nullable Value list(String what, Value.Items items, Call call) {
        Value first = call.first();
        return switch (what) {
            case "append" -> {
                call.given().positional().forEach(items.cells()::append);
                yield Values.unknown("whether it was added");
            }
            case "insert" -> {
                call.given().after(1).positional().forEach(items.cells()::append);
                yield Value.NOTHING;
            }
            case "extend" -> {
                List<Value> turns = first == null ? null : run.evaluator.turns(first);
                if (turns != null) {
                    turns.forEach(items.cells()::append);
                }
                yield Value.NOTHING;
            }
            case "copy" -> run.items(items.values());
            case "at" -> first == null ? null : run.members.at(items, first);
            case "size" -> items.open() ? null : Values.constant((long) items.size());
            case "each" -> first == null ? null : each(items, first, call.site());
            case "join" -> Texts.call("join", first == null ? Values.constant(",") : first, Arguments.of(items), run);
            case "contains" -> first == null ? null : new Operators(run).binary("in", first, items);
            case "slice" -> first == null ? items : Values.unknown("its items are not known");
            default -> Values.unknown("its items are not known");
        };
    }

    private @Nullable Value each(Value.Items items, Value function, Site site) {
        if (items.open() || items.size() > MOST_TURNS) {
            return null;
        }
        List<Value> results = new ArrayList<>();
        for (Value each : items.values()) {
            Arguments one = Arguments.of(each, Values.constant((long) results.size()));
            results.add(run.evaluator.call(function, one, site));
        }
        return run.items(results);
    }

    private @Nullable Value map(String what, Value.Entries entries, Arguments given) {
        Value first = given.first();
        Object key = Values.key(first);
        Value found = key == null ? null : entries.cells().get(key);
        Value second = given.find(1, "default");
        Value standard = second == null ? Value.NOTHING : second;
        return switch (what) {
            case "get" -> {
                if (found != null) {
                    yield run.members.force(found);
                }
                yield entries.open() || key == null
                        ? Values.join(Values.unknown("it is looked up while the program runs"), standard)
                        : standard;
            }
            case "setdefault" -> {
                if (found == null && key != null && second != null) {
                    entries.cells().put(key, second);
                }
                yield found != null ? found : standard;
            }
            case "has" -> entries.open() || key == null ? Values.decided() : Values.constant(found != null);
            case "put" -> {
                entries.cells().put(key == null ? Value.Entries.OPEN : key, standard);
                yield entries;
            }
            case "update" -> {
                merge(entries, first, given);
                yield Value.NOTHING;
            }
            case "copy" -> {
                Value.Entries copy = run.entries(Map.of());
                copy.cells().putAll(entries.cells());
                yield new Value.Entries(copy.cells(), entries.places(), entries.site());
            }
            case "self" -> entries;
            case "items", "values", "keys" -> listed(what, entries);
            default -> Values.decided();
        };
    }

    /** Adds what stands in another dictionary and what is passed by name. */
    static void merge(Value.Entries entries, @Nullable Value more, Arguments given) {
        if (more instanceof Value.Entries known) {
            entries.cells().putAll(known.cells());
        } else if (more != null || given.open()) {
            entries.cells().put(Value.Entries.OPEN, Value.NOTHING);
        }
        given.named().forEach(entries.cells()::put);
    }

    /** The {@code keys}, {@code values} or {@code items} of a dictionary. */
    Value listed(String what, @Nullable Value map) {
        if (!(map instanceof Value.Entries entries) || entries.open()) {
            return Values.unknown("its items are not known");
        }
        List<Value> all = new ArrayList<>();
        entries.cells().cells().forEach((key, value) -> {
            Value name = run.key(key);
            all.add(what.equals("items") ? run.items(List.of(name, value)) : what.equals("values") ? value : name);
        });
        return run.items(all);
    }
}
