package dev.panoptes.detection.sigma;

import com.google.re2j.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression of a rule, ready to run in time linear in the text. What {@link AutomatonReader} knows runs as an
 * automaton; the rest, and texts with characters beyond 16 bits, by the general engine, with the same answers. Thread-safe.
 */
final class Expression {
    private final Pattern pattern;
    private final @Nullable Automaton automaton;

    Expression(Pattern pattern) {
        this.pattern = pattern;
        this.automaton = AutomatonReader.read(pattern.pattern(), pattern.flags());
    }

    /** As the rule writes it. */
    String source() {
        return pattern.pattern();
    }

    /** Whether the expression finds something in a text. */
    boolean finds(String text) {
        if (automaton != null) {
            Automaton.Answer answer = automaton.finds(text);
            if (answer != Automaton.Answer.UNKNOWN) {
                return answer == Automaton.Answer.FOUND;
            }
        }
        return pattern.matcher(text).find();
    }

    boolean quick() {
        return automaton != null;
    }
}
