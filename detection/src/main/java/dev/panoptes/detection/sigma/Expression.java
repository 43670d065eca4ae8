package dev.panoptes.detection.sigma;

import com.google.re2j.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression of a rule, ready to run in time linear in the text. What {@link AutomatonReader} knows runs as an
 * automaton; the rest, and texts with characters beyond 16 bits, by the general engine, with the same answers. Thread-safe.
 */
final class Expression {
    private final String source;
    private final int flags;
    /** Compiled again when a text needs it, which is seldom: of hundreds of rules it takes megabytes. */
    private volatile @Nullable Pattern general;
    /** Made when the first text comes, for most expressions never meet one; of threads that make it at once one's is kept. */
    private volatile @Nullable Engine engine;

    /** @param automaton null where only the general engine can run it */
    private record Engine(@Nullable Automaton automaton) {}

    Expression(Pattern pattern) {
        this.source = pattern.pattern();
        this.flags = pattern.flags();
    }

    private Pattern general() {
        Pattern made = general;
        if (made == null) {
            made = Pattern.compile(source, flags);
            general = made;
        }
        return made;
    }

    private @Nullable Automaton automaton() {
        Engine made = engine;
        if (made == null) {
            made = new Engine(AutomatonReader.read(source, flags));
            engine = made;
        }
        return made.automaton();
    }

    /** What a text must contain for the expression to find something. Read anew each time. */
    Needed needed() {
        return RegexNeeds.of(source, flags);
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
        return general().matcher(text).find();
    }

    boolean quick() {
        return automaton() != null;
    }
}
