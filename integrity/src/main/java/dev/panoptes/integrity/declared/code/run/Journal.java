package dev.panoptes.integrity.declared.code.run;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Notes what is written while one way of a branch is taken, so that it can be undone and the other way taken. */
final class Journal {
    private final Deque<Map<Cell, Before>> levels = new ArrayDeque<>();

    record Cell(Store store, Object key) {}

    private record Before(@Nullable Value value) {}

    void begin() {
        levels.push(new LinkedHashMap<>());
    }

    void written(Store store, Object key, @Nullable Value before) {
        Map<Cell, Before> level = levels.peek();
        if (level != null) {
            level.putIfAbsent(new Cell(store, key), new Before(before));
        }
    }

    /** Ends the level and undoes what was written in it. Returns what had been written. */
    Map<Cell, Value> undo() {
        Map<Cell, Before> level = levels.pop();
        Map<Cell, Value> after = new LinkedHashMap<>();
        level.forEach((cell, before) -> {
            Value now = cell.store().get(cell.key());
            if (now != null) {
                after.put(cell, now);
            }
            cell.store().restore(cell.key(), before.value());
        });
        return after;
    }
}
