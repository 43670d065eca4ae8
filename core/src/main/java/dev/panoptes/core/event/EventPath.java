package dev.panoptes.core.event;

/**
 * A dotted path, split. Builders are filled by the same constant paths millions of times: what was split is kept for the next,
 * one path a place of a small table, so that neither the search for the dots nor a new text for each name is paid again.
 * Immutable; of two threads that put into the same place at once one wins, and both have the right path.
 */
public final class EventPath {
    private static final int PLACES = 1024;
    private static final EventPath[] KEPT = new EventPath[PLACES];

    private final String whole;
    private final String[] names;
    /** What stands before the last name; the same text for all paths that have it in common. */
    private final String parent;

    private EventPath(String whole) {
        this.whole = whole;
        int count = 1;
        for (int dot = whole.indexOf('.'); dot > 0; dot = whole.indexOf('.', dot + 1)) {
            count++;
        }
        this.names = new String[count];
        int from = 0;
        for (int i = 0; i < count - 1; i++) {
            int dot = whole.indexOf('.', from);
            names[i] = whole.substring(from, dot).intern();
            from = dot + 1;
        }
        names[count - 1] = whole.substring(from).intern();
        this.parent = whole.substring(0, Math.max(0, from - 1)).intern();
    }

    /** The path that a text writes: kept by who puts into it often, it need not be looked for again. */
    public static EventPath of(String path) {
        int hash = path.hashCode();
        int place = (hash ^ hash >>> 16) & PLACES - 1;
        EventPath known = KEPT[place];
        if (known != null && known.whole.equals(path)) {
            return known;
        }
        EventPath split = new EventPath(path);
        if (path.length() <= 80) { // what is longer is no name of ours
            KEPT[place] = split;
        }
        return split;
    }

    /** As it is written. */
    String text() {
        return whole;
    }

    /** How many objects deep the value stands, 1 for a field of the event itself. */
    int depth() {
        return names.length;
    }

    /** One of the texts that there is once only: the objects that the value stands in; empty where it is the event itself. */
    String parent() {
        return parent;
    }

    /** One of the texts that there is once only: the same name is the same text. */
    String name(int depth) {
        return names[depth];
    }
}
