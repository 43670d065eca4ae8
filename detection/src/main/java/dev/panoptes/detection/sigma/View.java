package dev.panoptes.detection.sigma;

import dev.panoptes.core.event.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An event as the rules of one partition see it: each path is looked up once and folded once. For one thread, one event. */
final class View {
    private static final int LONGEST = 65_536;
    private static final String[] NONE = {};
    private static final Marks NOTHING_MARKED = new Marks(0);

    private final Paths paths;
    private final Event event;
    /** What is at each path as one walk reads it, and beside them what computed paths ask. */
    private final @Nullable Object[] read;

    private final Object[] @Nullable [] values;
    private final String[] @Nullable [] texts;
    private final String[] @Nullable [] folded;
    private String @Nullable [] all;
    private String @Nullable [] allFolded;
    /** Which element of the lists that paths with {@code []} go through; -1 for every one. */
    private int element = -1;

    private final Marks marks;

    View(Paths paths, Event event) {
        this(paths, event, NOTHING_MARKED);
    }

    /** @param marks what of {@link Atoms} the event contains */
    View(Paths paths, Event event, Marks marks) {
        this.paths = paths;
        this.event = event;
        this.marks = marks;
        this.read = paths.read(event);
        this.values = new Object[paths.size()][];
        this.texts = new String[paths.size()][];
        this.folded = new String[paths.size()][];
    }

    Event event() {
        return event;
    }

    Marks marks() {
        return marks;
    }

    /** The values at a path: none where it is absent. */
    Object[] values(int slot) {
        Object[] known = values[slot];
        if (known == null) {
            Object at = read[slot];
            known = at instanceof PathTree.Unread ? paths.path(slot).read(this, event) : Paths.spread(at);
            values[slot] = known;
        }
        return known;
    }

    /** What computed paths ask, by its number; {@link PathTree.Unread} where it is not read. */
    @Nullable
    Object beside(int number) {
        return read[paths.size() + number];
    }

    /** Marks what a scanner finds in the texts of a slot. */
    void scan(int slot, Scanner scanner) {
        Object at = slot < 0 ? PathTree.Unread.UNREAD : read[slot];
        if (at instanceof String text) {
            scanner.scan(cut(text), marks);
        } else if (at != null) {
            for (String text : slot < 0 ? everything() : texts(slot)) {
                scanner.scan(text, marks);
            }
        }
    }

    /** The values as text, objects left out. */
    String[] texts(int slot) {
        String[] known = texts[slot];
        if (known == null) {
            Object[] from = values(slot);
            known = from.length == 0 ? NONE : new String[from.length];
            for (int i = 0; i < from.length; i++) {
                known[i] = text(from[i]);
            }
            texts[slot] = known;
        }
        return known;
    }

    String[] folded(int slot) {
        String[] known = folded[slot];
        if (known == null) {
            known = folded(texts(slot));
            folded[slot] = known;
        }
        return known;
    }

    /** Every value at any depth. */
    String[] everything() {
        if (all == null) {
            List<String> found = new ArrayList<>();
            gather(event.fields(), found, 0);
            all = found.toArray(String[]::new);
        }
        return all;
    }

    String[] everythingFolded() {
        if (allFolded == null) {
            allFolded = folded(everything());
        }
        return allFolded;
    }

    int element() {
        return element;
    }

    /** From now on paths with {@code []} see only this element; -1 for every one. */
    void choose(int index) {
        element = index;
        for (int slot : paths.elementwise()) {
            values[slot] = null;
            texts[slot] = null;
            folded[slot] = null;
        }
    }

    private static String[] folded(String[] from) {
        String[] result = from.length == 0 ? NONE : new String[from.length];
        for (int i = 0; i < from.length; i++) {
            result[i] = Folded.of(from[i]);
        }
        return result;
    }

    static String text(Object value) {
        return cut(value instanceof String string ? string : value.toString());
    }

    /** Nobody's rule looks further, and a hostile value must not make matching slow. */
    private static String cut(String text) {
        return text.length() > LONGEST ? text.substring(0, LONGEST) : text;
    }

    private static void gather(Object value, List<String> found, int depth) {
        if (depth > 32 || found.size() > 4_096) {
            return;
        }
        switch (value) {
            case Map<?, ?> map -> map.values().forEach(inner -> gather(inner, found, depth + 1));
            case List<?> list -> list.forEach(inner -> gather(inner, found, depth + 1));
            default -> found.add(text(value));
        }
    }
}
