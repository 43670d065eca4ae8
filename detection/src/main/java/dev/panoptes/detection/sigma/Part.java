package dev.panoptes.detection.sigma;

import java.util.List;

/** A regular expression as a tree. Whether it is greedy is left out: that changes what is found, not whether. */
sealed interface Part {
    /** One character of a set. */
    record One(CharacterSet set) implements Part {}

    /** A place between characters. @param kind of {@link Automaton}, for example {@link Automaton#WORD_BOUNDARY} */
    record Between(int kind) implements Part {}

    record Row(List<Part> parts) implements Part {
        public Row {
            parts = List.copyOf(parts);
        }
    }

    record Either(List<Part> parts) implements Part {
        public Either {
            parts = List.copyOf(parts);
        }
    }

    /** @param most -1 for any number */
    record Times(Part part, int least, int most) implements Part {}
}
