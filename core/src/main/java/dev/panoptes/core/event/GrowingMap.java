package dev.panoptes.core.event;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The fields of an object while an event is filled, in the order in which they came. Names are found in place by a part of a
 * path; a table takes over where there are many. What was put stays. For one thread.
 */
final class GrowingMap extends AbstractMap<String, Object> {
    /** From here on a search through an array would be slower than a table. */
    private static final int MOST = 24;

    private String[] names = new String[8];
    private Object[] values = new Object[8];
    private int size;
    private @Nullable Map<String, Object> many;

    /** What stands under the name that a part of a path is; null where nothing does. */
    @Nullable
    Object get(String path, int from, int to) {
        if (many != null) {
            return many.get(path.substring(from, to));
        }
        int known = find(path, from, to);
        return known < 0 ? null : values[known];
    }

    /** Puts a value under the name that a part of a path is. */
    void put(String path, int from, int to, Object value) {
        int known = many == null ? find(path, from, to) : -1;
        if (known >= 0) {
            values[known] = value;
        } else {
            add(path.substring(from, to), value);
        }
    }

    private int find(String path, int from, int to) {
        int length = to - from;
        for (int i = 0; i < size; i++) {
            String name = names[i];
            if (name.length() == length && path.startsWith(name, from)) {
                return i;
            }
        }
        return -1;
    }

    /** One that is not there, where there is no table. */
    private void add(String name, Object value) {
        if (many == null && size == MOST) {
            many = new LinkedHashMap<>(4 * MOST);
            for (int i = 0; i < size; i++) {
                many.put(names[i], values[i]);
            }
        }
        if (many != null) {
            many.put(name, value);
            return;
        }
        if (size == names.length) {
            names = Arrays.copyOf(names, size * 2);
            values = Arrays.copyOf(values, size * 2);
        }
        names[size] = name;
        values[size++] = value;
    }

    @Override
    public @Nullable Object get(@Nullable Object name) {
        return name instanceof String text ? get(text, 0, text.length()) : null;
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
        return get(name) != null;
    }

    @Override
    public @Nullable Object put(String name, Object value) {
        Object before = get(name, 0, name.length());
        put(name, 0, name.length(), value);
        return before;
    }

    @Override
    public int size() {
        return many == null ? size : many.size();
    }

    @Override
    public void forEach(BiConsumer<? super String, ? super Object> action) {
        if (many != null) {
            many.forEach(action);
            return;
        }
        for (int i = 0; i < size; i++) {
            action.accept(names[i], values[i]);
        }
    }

    @Override
    public Set<Entry<String, Object>> entrySet() {
        Map<String, Object> table = many;
        return table != null ? table.entrySet() : new Entries();
    }

    private final class Entries extends AbstractSet<Entry<String, Object>> {
        @Override
        public int size() {
            return size;
        }

        @Override
        public Iterator<Entry<String, Object>> iterator() {
            return new Iterator<>() {
                private int next;

                @Override
                public boolean hasNext() {
                    return next < size;
                }

                @Override
                public Entry<String, Object> next() {
                    if (next >= size) {
                        throw new NoSuchElementException();
                    }
                    Entry<String, Object> entry = Map.entry(names[next], values[next]);
                    next++;
                    return entry;
                }
            };
        }
    }
}
