package dev.panoptes.server.configs;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where two JSON values differ. Lists are compared place by place. */
final class JsonDiff {
    private JsonDiff() {}

    /** @param pointer RFC 6901 @param before null where there is nothing @param after null where there is nothing */
    record Change(
            String pointer,
            @Nullable Object before,
            @Nullable Object after) {}

    static List<Change> of(Object before, Object after) {
        List<Change> changes = new ArrayList<>();
        walk("", before, after, changes);
        return List.copyOf(changes);
    }

    private static void walk(String pointer, @Nullable Object before, @Nullable Object after, List<Change> changes) {
        if (Objects.equals(before, after)) {
            return;
        }
        if (before instanceof Map<?, ?> one && after instanceof Map<?, ?> other) {
            Set<Object> keys = new LinkedHashSet<>(one.keySet());
            keys.addAll(other.keySet());
            keys.forEach(key -> walk(pointer + "/" + escaped(key), one.get(key), other.get(key), changes));
        } else if (before instanceof List<?> one && after instanceof List<?> other) {
            for (int i = 0; i < Math.max(one.size(), other.size()); i++) {
                walk(
                        pointer + "/" + i,
                        i < one.size() ? one.get(i) : null,
                        i < other.size() ? other.get(i) : null,
                        changes);
            }
        } else {
            changes.add(new Change(pointer, before, after));
        }
    }

    private static String escaped(Object key) {
        return String.valueOf(key).replace("~", "~0").replace("/", "~1");
    }
}
