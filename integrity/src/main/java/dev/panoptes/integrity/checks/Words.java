package dev.panoptes.integrity.checks;

import java.util.Collection;
import java.util.List;

/** How issues put things into words. */
final class Words {
    private static final int LONGEST = 8;

    private Words() {}

    /** {@code a}, {@code a and b}, {@code a, b and c}; the rest of a long list is counted. */
    static String list(Collection<?> things) {
        List<String> texts = things.stream().map(String::valueOf).toList();
        if (texts.size() > LONGEST) {
            return String.join(", ", texts.subList(0, LONGEST)) + " and " + (texts.size() - LONGEST) + " more";
        }
        return texts.size() < 2
                ? String.join("", texts)
                : String.join(", ", texts.subList(0, texts.size() - 1)) + " and " + texts.getLast();
    }

    /** How a list of things is: {@code is} of one, {@code are} of several. */
    static String be(Collection<?> things) {
        return things.size() == 1 ? "is" : "are";
    }

    /** {@code 1 code line}, {@code 12 code lines}. */
    static String count(int number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }
}
