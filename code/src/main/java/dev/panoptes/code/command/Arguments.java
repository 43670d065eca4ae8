package dev.panoptes.code.command;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An argument list with a place in it: what is left of it after programs that only start another one. */
public final class Arguments {
    private final List<Word> words;
    private final Map<String, String> environment;
    private int at;

    Arguments(List<Word> words, Map<String, String> environment) {
        this.words = words;
        this.environment = environment;
    }

    /** The same place in the same words, to look ahead from. */
    public Arguments copy() {
        Arguments copy = new Arguments(words, environment);
        copy.at = at;
        return copy;
    }

    public boolean hasNext() {
        return at < words.size();
    }

    /** The next word, empty at the end; stays in place. */
    public String peek() {
        return hasNext() ? words.get(at).expand(environment).value() : "";
    }

    public Word.Expanded next() {
        return hasNext() ? words.get(at++).expand(environment) : Word.Expanded.literal("");
    }

    /** The words that are left, as written. */
    public List<Word> rest() {
        return words.subList(at, words.size());
    }

    /** The words that are left, variables replaced. */
    public List<Word.Expanded> expanded() {
        return rest().stream().map(word -> word.expand(environment)).toList();
    }

    /**
     * Skips options of the program before: every word that begins with {@code -}, and its value where it takes one. Ends
     * after {@code --}, and before {@code -m module} ({@code uv run -m module}).
     */
    void skipOptions(Set<String> withValue) {
        while (hasNext()) {
            String word = peek();
            boolean module = word.equals("-m") && !withValue.contains("-m");
            if (!word.startsWith("-") || word.equals("-") || module) {
                return;
            }
            at++;
            if (word.equals("--")) {
                return;
            }
            if (withValue.contains(word)) {
                at = Math.min(at + 1, words.size());
            }
        }
    }

    /** Takes the assignments {@code NAME=value} that stand here. */
    void takeAssignments(Map<String, String> into) {
        while (hasNext()) {
            String name = assignedName(words.get(at));
            if (name == null) {
                return;
            }
            Word.Expanded word = next();
            if (word.resolved()) {
                into.put(name, word.value().substring(name.length() + 1));
            } else {
                // A value that is not known hides any that was.
                into.remove(name);
            }
        }
    }

    /** The variable that this word assigns to; null where it is no assignment. */
    public static @Nullable String assignedName(Word word) {
        if (word.parts().isEmpty() || !(word.parts().getFirst() instanceof Word.Part.Literal(String text))) {
            return null;
        }
        int end = Dollar.nameEnd(text, 0);
        return end > 0 && end < text.length() && text.charAt(end) == '=' ? text.substring(0, end) : null;
    }
}
