package dev.panoptes.code.run;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Named cells that the journal can put back: the fields of an object, the names of a scope, the items of a list. */
final class Store {
    private final Map<Object, Value> cells = new LinkedHashMap<>();
    private final Journal journal;
    private final long born;
    private final boolean optional;

    Store(Journal journal) {
        this(journal, false);
    }

    /** @param optional true where a program goes on, and otherwise, without a cell: a dictionary, the environment */
    Store(Journal journal, boolean optional) {
        this.journal = journal;
        this.optional = optional;
        this.born = journal.now();
    }

    boolean optional() {
        return optional;
    }

    @Nullable
    Value get(Object key) {
        return cells.get(key);
    }

    @Nullable
    Value at(long index) {
        return cells.get(index);
    }

    void put(Object key, Value value) {
        Value before = cells.put(key, value);
        if (!value.equals(before)) {
            journal.written(this, born, key, before);
        }
    }

    void putAll(Store more) {
        more.cells.forEach(this::put);
    }

    /** Puts a cell back without a note. */
    void restore(Object key, @Nullable Value value) {
        if (value == null) {
            cells.remove(key);
        } else {
            cells.put(key, value);
        }
    }

    void append(Value value) {
        put((long) cells.size(), value);
    }

    int size() {
        return cells.size();
    }

    Set<Object> keys() {
        return cells.keySet();
    }

    Collection<Value> values() {
        return cells.values();
    }

    /** What they hold now. */
    List<Value> all() {
        return List.copyOf(cells.values());
    }

    Map<Object, Value> cells() {
        return cells;
    }
}
