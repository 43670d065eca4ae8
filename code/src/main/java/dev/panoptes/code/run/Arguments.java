package dev.panoptes.code.run;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of a call.
 *
 * @param open true where there may be others, because a list or dictionary of unknown content was spread into the call
 */
record Arguments(List<Value> positional, Map<String, Value> named, boolean open) {
    static final Arguments NONE = new Arguments(List.of(), Map.of(), false);
    /** Arguments that only a library knows. */
    static final Arguments OPEN = new Arguments(List.of(), Map.of(), true);

    Arguments {
        positional = List.copyOf(positional);
        named = Collections.unmodifiableMap(new LinkedHashMap<>(named));
    }

    static Arguments of(Value... values) {
        return new Arguments(List.of(values), Map.of(), false);
    }

    /** The argument at this position or of this name; {@code ""} for a name it cannot be passed by, -1 for no position. Null where not given. */
    @Nullable
    Value find(int position, String name) {
        if (position >= 0 && position < positional.size()) {
            return positional.get(position);
        }
        Value value = named.get(name);
        if (value == null && open) {
            return Values.unknown("it is passed in arguments that are put together elsewhere");
        }
        return value;
    }

    @Nullable
    Value first() {
        return positional.isEmpty() ? null : positional.getFirst();
    }

    /** The known text at this position; null where there is none. */
    @Nullable
    String text(int position) {
        return position < positional.size() ? Values.text(positional.get(position)) : null;
    }

    /** True where this is passed by its name and counts as true. */
    boolean flag(String name) {
        Value value = named.get(name);
        return value != null && Boolean.TRUE.equals(Values.truth(value));
    }

    /** Everything that is passed. */
    List<Value> all() {
        List<Value> all = new ArrayList<>(positional);
        all.addAll(named.values());
        return all;
    }

    Arguments after(int skipped) {
        return new Arguments(positional.subList(Math.min(skipped, positional.size()), positional.size()), named, open);
    }

    Arguments before(Value first) {
        List<Value> all = new ArrayList<>();
        all.add(first);
        all.addAll(positional);
        return new Arguments(all, named, open);
    }

    Arguments and(Arguments more) {
        List<Value> all = new ArrayList<>(positional);
        all.addAll(more.positional);
        Map<String, Value> names = new LinkedHashMap<>(named);
        names.putAll(more.named);
        return new Arguments(all, names, open || more.open);
    }
}
