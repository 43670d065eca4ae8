package dev.panoptes.detection.sigma;

import com.google.re2j.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression of a rule, ready to run in time linear in the text. What {@link AutomatonReader} knows runs as an
 * automaton; the rest, and texts with characters beyond 16 bits, by the general engine, with the same answers. Thread-safe.
 */
final class Expression {
    private final Pattern pattern;
    /** Made when the first text comes, for most expressions never meet one; of threads that make it at once one's is kept. */
    private volatile @Nullable Engine engine;

    /** @param automaton null where only the general engine can run it */
    private record Engine(@Nullable Automaton automaton) {}

    Expression(Pattern pattern) {
        this.pattern = pattern;
    }

    private @Nullable Automaton automaton() {
        Engine made = engine;
        if (made == null) {
            made = new Engine(AutomatonReader.read(pattern.pattern(), pattern.flags()));
            engine = made;
        }
        return made.automaton();
    }

    /** What a text must contain for the expression to find something. Read anew each time. */
    Needed needed() {
        return RegexNeeds.of(pattern);
    }

    /** Whether the expression finds something in a text. */
    boolean finds(String text) {
        Automaton automaton = automaton();
        if (automaton != null) {
            Automaton.Answer answer = automaton.finds(text);
            if (answer != Automaton.Answer.UNKNOWN) {
                return answer == Automaton.Answer.FOUND;
            }
        }
        return pattern.matcher(text).find();
    }

    boolean quick() {
        return automaton() != null;
    }
}
