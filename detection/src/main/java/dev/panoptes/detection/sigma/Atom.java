package dev.panoptes.detection.sigma;

import java.util.List;

/**
 * A literal that is looked for in texts at one of several places of an event.
 *
 * @param mark what {@link Scanner} marks where the literal stands, whatever is beside it; -1 where it is only looked for when asked
 * @param slots of {@link Paths}, or {@link #ANYWHERE} alone
 */
record Atom(int mark, List<Integer> slots, Needed.Literal literal) {
    /** The place that stands for every value of the event. */
    static final int ANYWHERE = -1;

    boolean scanned() {
        return mark >= 0;
    }

    /** Whether the literal stands in the event as it must. */
    boolean holds(View view) {
        return scanned() ? view.marks().has(mark) && (literal.free() || isIn(view)) : isIn(view);
    }

    private boolean isIn(View view) {
        for (int slot : slots) {
            String[] texts = slot == ANYWHERE ? view.everything() : view.texts(slot);
            String[] folded = slot == ANYWHERE ? view.everythingFolded() : view.folded(slot);
            for (int i = 0; i < texts.length; i++) {
                if (literal.isIn(texts[i], folded[i])) {
                    return true;
                }
            }
        }
        return false;
    }
}
