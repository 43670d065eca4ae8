package dev.panoptes.code.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Java's own library, as far as ports, names and texts pass through it; servers are in {@link JavaServers}. */
final class JavaLibrary extends Library {
    private static final Set<String> OPTIONAL = Set.of("Optional.of()", "Optional.ofNullable()");

    private final JavaServers servers;

    JavaLibrary(Interpreter run) {
        super(run);
        this.servers = new JavaServers(run);
    }

    @Override
    protected @Nullable Value member(Value object, String name) {
        return switch (object) {
            case Value.Items items when name.equals("length") -> length(items);
            // An anonymous class.
            case Value.Entries entries -> entries.cells().get(name) instanceof Value.Routine routine ? routine : null;
            case Value.Instance instance when name.equals("this") -> instance;
            case Value.Instance instance ->
                instance.type().scope().names.get(name) == null
                        ? instance.fields().get(name)
                        : null;
            default -> null;
        };
    }

    @Override
    protected @Nullable Value call(Call call) {
        Value first = call.first();
        return switch (call.path()) {
            case "Objects.requireNonNullElse" -> orElse(first, call.at(1));
            case "Map.of", "ImmutableMap.of", "Collections.singletonMap" -> map(call);
            case "Map.ofEntries" -> {
                Map<String, Value> entries = new LinkedHashMap<>();
                for (Value value : call.given().positional()) {
                    if (value instanceof Value.Items pair && pair.size() == 2 && Values.text(pair.at(0)) != null) {
                        Value content = pair.at(1);
                        entries.put(String.valueOf(Values.text(pair.at(0))), content == null ? Value.NOTHING : content);
                    }
                }
                yield run.entries(entries);
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
                    made.cells().putAll(entries.cells());
                }
                yield made;
            }
            default -> {
                if (call.receiver() instanceof Value.Made made && OPTIONAL.contains(made.path())) {
                    yield optional(made, call);
                }
                yield call.path().endsWith("createObjectNode") ? run.entries(Map.of()) : super.call(call);
            }
        };
    }

    private static Value orElse(@Nullable Value value, @Nullable Value other) {
        if (value == null || other == null) {
            return Values.decided();
        }
        return value instanceof Value.Scalar scalar && scalar.value() != null ? value : Values.join(value, other);
    }

    /** {@code Optional.ofNullable(x).map(f).filter(g).orElse(y)}. */
    private @Nullable Value optional(Value.Made made, Call call) {
        Value content = made.arguments().first();
        Value first = call.first();
        if (content == null) {
            return null;
        }
        return switch (call.method()) {
            case "map" -> {
                Value mapped = first == null ? content : run.evaluator.call(first, Arguments.of(content), call.site());
                Value kept = mapped instanceof Value.Made ? content : mapped;
                yield run.made("Optional.ofNullable()", null, Arguments.of(kept), call.site());
            }
            case "filter", "or" -> made;
            case "orElse" -> orElse(content, first);
            case "orElseGet" ->
                orElse(content, first == null ? null : run.evaluator.call(first, Arguments.NONE, call.site()));
            case "get", "orElseThrow" -> content;
            default -> null;
        };
    }

    private Value map(Call call) {
        Value.Entries made = run.entries(Map.of());
        List<Value> given = call.given().positional();
        for (int i = 0; i + 1 < given.size(); i += 2) {
            Object key = Values.key(given.get(i));
            made.cells().put(key == null ? Value.Entries.OPEN : key, given.get(i + 1));
        }
        return new Value.Entries(made.cells(), Map.of(), call.site());
    }

    @Override
    protected @Nullable Value operate(String operator, Value left, Value right) {
        return concatenated(operator, left, right);
    }

    @Override
    protected @Nullable Value special(String what, Call call) {
        return servers.special(what, call);
    }
}
