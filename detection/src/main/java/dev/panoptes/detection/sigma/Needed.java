package dev.panoptes.detection.sigma;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What a text must contain for something to match it at all. */
sealed interface Needed {
    /** Nothing that is known. */
    Needed NOTHING = new All(List.of());

    /** More alternatives are not told apart: too much would have to be looked for. */
    int MOST = 2_000;

    /**
     * @param text folded, not empty
     * @param before what may stand before it, in the text as it is
     * @param after what may stand after it
     */
    record Literal(String text, Around before, Around after) implements Needed {
        private static final int LONGEST = 20;

        /** A part of what is needed is needed too. The end of a literal tells more than its beginning: paths begin alike. */
        Literal cut() {
            return text.length() <= LONGEST
                    ? this
                    : new Literal(text.substring(text.length() - LONGEST), Around.ANY, after);
        }

        /** The same with anything beside it. */
        Literal alone() {
            return free() ? this : new Literal(text, Around.ANY, Around.ANY);
        }

        /** Whether anything may stand beside it. */
        boolean free() {
            return before.equals(Around.ANY) && after.equals(Around.ANY);
        }

        /** @param folded the same text, folded */
        boolean isIn(String value, String folded) {
            int last = value.length() - text.length();
            if (before.equals(Around.EDGE)) {
                return folded.startsWith(text) && after.allows(value, text.length());
            }
            int from = after.equals(Around.EDGE) ? Math.max(last, 0) : 0;
            for (int at = folded.indexOf(text, from); at >= 0; at = folded.indexOf(text, at + 1)) {
                if (before.allows(value, at - 1) && after.allows(value, at + text.length())) {
                    return true;
                }
            }
            return false;
        }
    }

    record All(List<Needed> parts) implements Needed {
        public All {
            parts = List.copyOf(parts);
        }
    }

    record One(List<Needed> parts) implements Needed {
        public One {
            parts = List.copyOf(parts);
        }
    }

    static Needed all(List<Needed> parts) {
        Set<Needed> kept = new LinkedHashSet<>();
        for (Needed part : parts) {
            if (part instanceof All all) {
                kept.addAll(all.parts());
            } else {
                kept.add(part);
            }
        }
        return kept.size() == 1 ? kept.iterator().next() : new All(new ArrayList<>(kept));
    }

    static Needed one(List<Needed> parts) {
        Set<Needed> kept = new LinkedHashSet<>();
        for (Needed part : parts) {
            if (part.equals(NOTHING)) {
                return NOTHING;
            } else if (part instanceof One one) {
                kept.addAll(one.parts());
            } else {
                kept.add(part);
            }
        }
        if (kept.size() > MOST || kept.isEmpty()) {
            return NOTHING;
        }
        return kept.size() == 1 ? kept.iterator().next() : new One(new ArrayList<>(kept));
    }
}
