package dev.panoptes.code.run;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Notes what is written while one way of a branch is taken, so that it can be undone and the other way taken. What was made on
 * the way itself is not undone: it may be what the way returned.
 */
final class Journal {
    private final Deque<Level> levels = new ArrayDeque<>();
    private long clock;

    record Cell(Store store, Object key) {}

    private record Before(@Nullable Value value) {}

    private record Level(long start, Map<Cell, Before> before) {}

    /** Later for everything that is made after a level has begun. */
    long now() {
        return clock;
    }

    void begin() {
        clock++;
        levels.push(new Level(clock, new LinkedHashMap<>()));
    }

    /** @param born when the store was made */
    void written(Store store, long born, Object key, @Nullable Value before) {
        Level level = levels.peek();
        if (level != null && born < level.start()) {
            level.before().putIfAbsent(new Cell(store, key), new Before(before));
        }
    }

    /** Ends the level and undoes what was written in it. Returns what had been written. */
    Map<Cell, Value> undo() {
        Level level = levels.pop();
        Map<Cell, Value> after = new LinkedHashMap<>();
        level.before().forEach((cell, before) -> {
            Value now = cell.store().get(cell.key());
            if (now != null) {
                after.put(cell, now);
            }
            cell.store().restore(cell.key(), before.value());
        });
        return after;
    }
}
