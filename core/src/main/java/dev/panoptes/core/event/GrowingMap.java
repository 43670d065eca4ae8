package dev.panoptes.core.event;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The fields of an object while an event is filled, in the order in which they came. A table takes over where there are many. What was put stays. For one thread.
 */
final class GrowingMap extends AbstractMap<String, Object> {
    /** From here on a search through an array would be slower than a table. */
    private static final int MOST = 24;

    private String[] names;
    private Object[] values;
    private int size;
    private @Nullable Map<String, Object> many;
    /** Whether some name is not known to be the only text of its kind. */
    private boolean foreign;

    GrowingMap() {
        this(8);
    }

    /** @param room for as many fields as there probably will be, at least one */
    GrowingMap(int room) {
        names = new String[room];
        values = new Object[room];
    }

    /** Whether names and values can be asked for by number. */
    boolean isSmall() {
        return many == null;
    }

    String name(int number) {
        return names[number];
    }

    Object value(int number) {
        return values[number];
    }

    /** What stands under a name of {@link EventPath}. */
    @Nullable
    Object known(String name) {
        if (many != null) {
            return many.get(name);
        }
        int place = foreign ? find(name) : place(name);
        return place < 0 ? null : values[place];
    }

    /** Puts a value under a name of {@link EventPath}. */
    void putKnown(String name, Object value) {
        int place = many != null ? -1 : foreign ? find(name) : place(name);
        if (place >= 0) {
            values[place] = value;
        } else {
            add(name, value);
        }
    }

    @SuppressWarnings("ReferenceEquality") // names of paths are the same text where they are the same name
    private int place(String wanted) {
        for (int i = 0; i < size; i++) {
            if (names[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    private int find(String wanted) {
        int same = place(wanted);
        if (same >= 0) {
            return same;
        }
        int length = wanted.length();
        for (int i = 0; i < size; i++) {
            String name = names[i];
            if (name.length() == length && (length == 0 || name.charAt(0) == wanted.charAt(0)) && name.equals(wanted)) {
                return i;
            }
        }
        return -1;
    }

    /** One that is not there, where there is no table. */
    private @Nullable Object add(String name, Object value) {
        if (many == null && size == MOST) {
            many = new LinkedHashMap<>(4 * MOST);
            for (int i = 0; i < size; i++) {
                many.put(names[i], values[i]);
            }
        }
        if (many != null) {
            return many.put(name, value);
        }
        if (size == names.length) {
            // By hand: without the optimizing compiler Arrays.copyOf asks reflection for an array.
            String[] moreNames = new String[size * 2];
            Object[] moreValues = new Object[size * 2];
            System.arraycopy(names, 0, moreNames, 0, size);
            System.arraycopy(values, 0, moreValues, 0, size);
            names = moreNames;
            values = moreValues;
        }
        names[size] = name;
        values[size++] = value;
        return null;
    }

    @Override
    public @Nullable Object get(@Nullable Object name) {
        if (many != null) {
            return many.get(name);
        }
        int known = name instanceof String text ? find(text) : -1;
        return known < 0 ? null : values[known];
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
        return get(name) != null;
    }

    @Override
    public @Nullable Object put(String name, Object value) {
        int known = many == null ? find(name) : -1;
        if (known >= 0) {
            Object before = values[known];
            values[known] = value;
            return before;
        }
        foreign = true;
        return add(name, value);
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
