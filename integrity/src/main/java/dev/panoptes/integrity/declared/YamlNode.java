package dev.panoptes.integrity.declared;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A YAML document as written: scalars are text, positions are kept, an alias is the same node again. Never cyclic, but a
 * node may be reached by many ways: walk it with a bound.
 */
sealed interface YamlNode {
    /** {@code ~}, {@code null} or nothing. */
    default boolean isNull() {
        return this instanceof Scalar scalar
                && scalar.plain
                && (scalar.text.isEmpty() || scalar.text.equals("~") || scalar.text.equalsIgnoreCase("null"));
    }

    /** rootPath of the file it stands in. */
    String file();

    /** From 1. */
    int line();

    int column();

    /** A tag such as {@code !reset}; null where there is none. */
    @Nullable
    String tag();

    /** @param plain true where it stands without quotes */
    record Scalar(String text, boolean plain, @Nullable String tag, String file, int line, int column)
            implements YamlNode {}

    record Items(List<YamlNode> items, @Nullable String tag, String file, int line, int column) implements YamlNode {}

    /** A mapping; of keys that are no scalar nothing is kept. */
    record Fields(List<Field> fields, @Nullable String tag, String file, int line, int column) implements YamlNode {
        private static final String MERGE = "<<";
        private static final int MOST_MERGED = 256;

        /** The value under this key, merge keys followed; null where it is absent. A null value is a node. */
        @Nullable
        YamlNode get(String key) {
            Deque<Fields> waiting = new ArrayDeque<>(List.of(this));
            Set<Fields> seen = Collections.newSetFromMap(new IdentityHashMap<>());
            while (!waiting.isEmpty() && seen.size() < MOST_MERGED) {
                Fields fields = waiting.removeFirst();
                if (!seen.add(fields)) {
                    continue;
                }
                for (Field field : fields.fields) {
                    if (field.key.text.equals(key)) {
                        return field.value;
                    }
                }
                fields.addMerged(waiting);
            }
            return null;
        }

        /** Every field, merge keys followed, own fields first; at most {@code limit}. */
        Map<String, Field> entries(int limit) {
            Map<String, Field> entries = new LinkedHashMap<>();
            Deque<Fields> waiting = new ArrayDeque<>(List.of(this));
            Set<Fields> seen = Collections.newSetFromMap(new IdentityHashMap<>());
            while (!waiting.isEmpty() && seen.size() < MOST_MERGED) {
                Fields fields = waiting.removeFirst();
                if (!seen.add(fields)) {
                    continue;
                }
                for (Field field : fields.fields) {
                    if (entries.size() >= limit) {
                        return entries;
                    }
                    if (!field.key.text.equals(MERGE)) {
                        entries.putIfAbsent(field.key.text, field);
                    }
                }
                fields.addMerged(waiting);
            }
            return entries;
        }

        /** In front of the others: what a map merges comes before what its neighbours hold. */
        private void addMerged(Deque<Fields> waiting) {
            Deque<Fields> merged = new ArrayDeque<>();
            for (Field field : fields) {
                if (!field.key.text.equals(MERGE)) {
                    continue;
                }
                if (field.value instanceof Fields value) {
                    merged.addLast(value);
                } else if (field.value instanceof Items items) {
                    for (YamlNode item : items.items.subList(0, Math.min(items.items.size(), MOST_MERGED))) {
                        if (item instanceof Fields value) {
                            merged.addLast(value);
                        }
                    }
                }
            }
            while (!merged.isEmpty()) {
                waiting.addFirst(merged.removeLast());
            }
        }
    }

    record Field(Scalar key, YamlNode value) {}
}
