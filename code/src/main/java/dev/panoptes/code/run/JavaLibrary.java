package dev.panoptes.code.run;

import dev.panoptes.code.Language;
import dev.panoptes.code.library.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Java's own library, as far as ports, names and texts pass through it; servers are in {@link JavaServers}. */
final class JavaLibrary {
    private static final Map<String, String> TEXTS = Table.of(Language.JAVA).pairs("texts");

    private Value.@Nullable Items arguments;

    Value commandLine(Interpreter run) {
        if (arguments == null) {
            arguments = run.items(List.of());
        }
        return arguments;
    }

    @Nullable
    Value member(Value object, String name, Interpreter run) {
        switch (object) {
            case Value.Items items -> {
                if (name.equals("length")) {
                    return items.open()
                            ? Values.unknown("its length is not known")
                            : new Value.Scalar((long) items.size(), null, items.equals(arguments));
                }
            }
            case Value.Entries entries -> {
                // An anonymous class.
                if (entries.cells().get(name) instanceof Value.Routine routine) {
                    return routine;
                }
            }
            case Value.Instance instance -> {
                if (name.equals("this")) {
                    return instance;
                }
                Value component = instance.fields().get(name);
                boolean method = instance.type().scope().names().get(name) != null;
                if (component != null && !method) {
                    return component;
                }
            }
            default -> {}
        }
        return null;
    }

    @Nullable
    Value call(String path, @Nullable Value receiver, Arguments given, Site site, Interpreter run) {
        Value first = given.first();
        if (path.startsWith("str().")) {
            return text(path.substring(6), receiver, given, run);
        }
        if (path.startsWith("dict().") && receiver instanceof Value.Entries entries) {
            return dictionary(path.substring(7), entries, given, run);
        }
        if (path.startsWith("list().") && receiver instanceof Value.Items items) {
            return list(path.substring(7), items, given, site, run);
        }
        switch (path) {
            case "Optional.of", "Optional.ofNullable" -> {
                return null;
            }
            case "Objects.requireNonNullElse", "Optional.ofNullable().orElse", "Optional.of().orElse" -> {
                return orElse(path, receiver, given);
            }
            case "Map.of", "ImmutableMap.of", "Collections.singletonMap" -> {
                return map(given, site, run);
            }
            case "Map.ofEntries" -> {
                Map<String, Value> entries = new LinkedHashMap<>();
                for (Value value : given.positional()) {
                    if (value instanceof Value.Items pair && pair.size() == 2 && Values.text(pair.at(0)) != null) {
                        Value content = pair.at(1);
                        entries.put(String.valueOf(Values.text(pair.at(0))), content == null ? Value.NOTHING : content);
                    }
                }
                return run.entries(entries);
            }
            case "HashMap",
                    "LinkedHashMap",
                    "TreeMap",
                    "ConcurrentHashMap",
                    "JSONObject",
                    "JsonObject",
                    "ObjectNode" -> {
                Value.Entries made = run.entries(Map.of());
                if (first instanceof Value.Entries entries) {
                    entries.cells().cells().forEach(made.cells()::put);
                }
                return made;
            }
            default -> {}
        }
        if (path.startsWith("Optional.ofNullable()") && receiver instanceof Value.Made made) {
            return optional(path, made, given, site, run);
        }
        if (path.endsWith("createObjectNode")) {
            return run.entries(Map.of());
        }
        return run.libraries().call(path, receiver, given, site);
    }

    private static Value orElse(String path, @Nullable Value receiver, Arguments given) {
        Value value = path.startsWith("Objects")
                ? given.first()
                : receiver instanceof Value.Made made ? made.arguments().first() : null;
        Value other = given.find(path.startsWith("Objects") ? 1 : 0, "");
        if (value == null || other == null) {
            return Values.unknown("it is decided while the program runs");
        }
        return value instanceof Value.Scalar scalar && scalar.value() != null ? value : Values.join(value, other);
    }

    /** {@code Optional.ofNullable(x).map(f).filter(g).orElse(y)}. */
    private static @Nullable Value optional(String path, Value.Made made, Arguments given, Site site, Interpreter run) {
        Value content = made.arguments().first();
        String method = path.substring(path.lastIndexOf('.') + 1);
        Value first = given.first();
        if (content == null) {
            return null;
        }
        return switch (method) {
            case "map" -> {
                Value mapped = first == null ? content : run.evaluator().call(first, Arguments.of(content), site);
                Value kept = mapped instanceof Value.Made ? content : mapped;
                yield run.made("Optional.ofNullable()", null, Arguments.of(kept), site);
            }
            case "filter", "or" -> made;
            case "orElse" -> orElse(path, made, given);
            case "orElseGet" ->
                orElse(
                        path,
                        made,
                        first == null ? given : Arguments.of(run.evaluator().call(first, Arguments.NONE, site)));
            case "get", "orElseThrow" -> content;
            default -> null;
        };
    }

    private static Value map(Arguments given, Site site, Interpreter run) {
        Value.Entries made = run.entries(Map.of());
        for (int i = 0; i + 1 < given.positional().size(); i += 2) {
            Object key = Values.key(given.positional().get(i));
            made.cells()
                    .put(
                            key == null ? Value.Entries.OPEN : key,
                            given.positional().get(i + 1));
        }
        return new Value.Entries(made.cells(), Map.of(), site);
    }

    private static @Nullable Value text(String name, @Nullable Value receiver, Arguments given, Interpreter run) {
        String known = TEXTS.get(name);
        if (known != null) {
            return PythonTexts.call(known, receiver, known.equals("encode") ? Arguments.NONE : given, run);
        }
        if (!(receiver instanceof Value.Scalar scalar) || scalar.text() == null) {
            return receiver instanceof Value.Unknown
                    ? receiver
                    : Values.unknown("it is computed while the program runs");
        }
        String text = scalar.text();
        Value first = given.first();
        String other = Values.text(first);
        return switch (name) {
            case "equals", "contentEquals" -> first == null ? null : new Operators(run).binary("==", scalar, first);
            case "equalsIgnoreCase" ->
                other == null
                        ? Values.unknown("it is decided while the program runs")
                        : scalar.with(text.equalsIgnoreCase(other));
            case "contains" ->
                other == null
                        ? Values.unknown("it is decided while the program runs")
                        : scalar.with(text.contains(other));
            case "isEmpty" -> scalar.with(text.isEmpty());
            case "isBlank" -> scalar.with(text.isBlank());
            case "length" -> scalar.with((long) text.length());
            case "concat" -> other == null ? null : scalar.with(text + other);
            case "formatted" -> TextParts.formatted(scalar, given.positional());
            default -> Values.unknown("it is computed while the program runs");
        };
    }

    private static @Nullable Value dictionary(String name, Value.Entries entries, Arguments given, Interpreter run) {
        Object key = Values.key(given.first());
        Value second = given.find(1, "");
        switch (name) {
            case "put", "putIfAbsent", "addProperty", "add", "set" -> {
                entries.cells().put(key == null ? Value.Entries.OPEN : key, second == null ? Value.NOTHING : second);
                return entries;
            }
            case "get", "getOrDefault" -> {
                Value found = key == null ? null : entries.cells().get(key);
                return found != null
                        ? run.evaluator().force(found)
                        : entries.open() || key == null
                                ? Values.unknown("it is looked up while the program runs")
                                : second == null ? Value.NOTHING : second;
            }
            case "putAll" -> {
                if (given.first() instanceof Value.Entries more) {
                    more.cells().cells().forEach(entries.cells()::put);
                }
                return Value.NOTHING;
            }
            case "toString", "encode", "encodePrettily", "toJson", "getBytes" -> {
                return entries;
            }
            default -> {
                return null;
            }
        }
    }

    private static @Nullable Value list(String name, Value.Items items, Arguments given, Site site, Interpreter run) {
        Value first = given.first();
        switch (name) {
            case "get" -> {
                return first == null ? null : run.evaluator().at(items, first);
            }
            case "size" -> {
                return items.open() ? null : Values.constant((long) items.size());
            }
            case "add" -> {
                if (first != null) {
                    items.cells().append(first);
                }
                return Values.constant(true);
            }
            case "forEach" -> {
                if (!items.open() && items.size() <= 64 && first != null) {
                    items.values().forEach(each -> run.evaluator().call(first, Arguments.of(each), site));
                }
                return Value.NOTHING;
            }
            default -> {
                return null;
            }
        }
    }
}
