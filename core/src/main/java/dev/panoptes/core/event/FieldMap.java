package dev.panoptes.core.event;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The fields of an object in their order: two arrays where a hash table would be, since objects of events have few fields and
 * millions of them are made. Immutable; thread-safe.
 */
public final class FieldMap extends AbstractMap<String, Object> {
    private final String[] names;
    private final Object[] values;

    private FieldMap(String[] names, Object[] values) {
        this.names = names;
        this.values = values;
    }

    /**
     * The object whose fields have these names and values, in this order. Neither array is copied: nobody may write to them any
     * more, and many objects may have the names of one array.
     *
     * @param names all different
     */
    public static Map<String, Object> of(String[] names, Object[] values) {
        if (names.length != values.length) {
            throw new IllegalArgumentException(names.length + " names for " + values.length + " values");
        }
        return new FieldMap(names, values);
    }

    /** Gathers fields. For one thread, and one object. */
    public static final class Filling {
        /** From here on a search through an array would be slower than a table. */
        private static final int MOST = 24;

        private String[] names = new String[8];
        private Object[] values = new Object[8];
        private int size;
        private @Nullable Map<String, Object> many;

        /** Puts a field, in the place of one of the same name. @return true where there was one */
        public boolean put(String name, Object value) {
            if (many != null) {
                return many.put(name, value) != null;
            }
            int known = find(names, size, name);
            if (known >= 0) {
                values[known] = value;
                return true;
            }
            if (size == MOST) {
                many = new LinkedHashMap<>(4 * MOST);
                for (int i = 0; i < size; i++) {
                    many.put(names[i], values[i]);
                }
                many.put(name, value);
                return false;
            }
            if (size == names.length) {
                names = Arrays.copyOf(names, size * 2);
                values = Arrays.copyOf(values, size * 2);
            }
            names[size] = name;
            values[size++] = value;
            return false;
        }

        /** Takes a field away where it is there. */
        public void remove(String name) {
            if (many != null) {
                many.remove(name);
                return;
            }
            int known = find(names, size, name);
            if (known >= 0) {
                System.arraycopy(names, known + 1, names, known, size - known - 1);
                System.arraycopy(values, known + 1, values, known, size - known - 1);
                size--;
            }
        }

        public boolean has(String name) {
            return many == null ? find(names, size, name) >= 0 : many.containsKey(name);
        }

        /** What was put; cannot be changed. Nothing may be put afterwards. */
        public Map<String, Object> map() {
            if (many != null) {
                return Collections.unmodifiableMap(many);
            }
            return size == 0 ? Map.of() : new FieldMap(Arrays.copyOf(names, size), Arrays.copyOf(values, size));
        }
    }

    private static int find(String[] names, int size, Object wanted) {
        for (int i = 0; i < size; i++) {
            if (names[i].equals(wanted)) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public @Nullable Object get(@Nullable Object name) {
        int known = name == null ? -1 : find(names, names.length, name);
        return known < 0 ? null : values[known];
    }

    /** What stands under the name that a part of a path is; null where nothing does. */
    @Nullable
    Object get(String path, int from, int to) {
        int length = to - from;
        for (int i = 0; i < names.length; i++) {
            String name = names[i];
            if (name.length() == length && path.startsWith(name, from)) {
                return values[i];
            }
        }
        return null;
    }

    /** The name of a field by its place, from 0: reading all in turn is cheaper than an iterator. */
    public String name(int place) {
        return names[place];
    }

    /** The value of a field by its place. */
    public Object value(int place) {
        return values[place];
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
        return name != null && find(names, names.length, name) >= 0;
    }

    @Override
    public int size() {
        return names.length;
    }

    @Override
    public void forEach(BiConsumer<? super String, ? super Object> action) {
        for (int i = 0; i < names.length; i++) {
            action.accept(names[i], values[i]);
        }
    }

    @Override
    public Set<Entry<String, Object>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public int size() {
                return names.length;
            }

            @Override
            public Iterator<Entry<String, Object>> iterator() {
                return new Iterator<>() {
                    private int next;

                    @Override
                    public boolean hasNext() {
                        return next < names.length;
                    }

                    @Override
                    public Entry<String, Object> next() {
                        if (next >= names.length) {
                            throw new NoSuchElementException();
                        }
                        Entry<String, Object> entry = Map.entry(names[next], values[next]);
                        next++;
                        return entry;
                    }
                };
            }
        };
    }
}
