package dev.panoptes.code.library;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One row of a table: a call of a library and what it does.
 *
 * @param library whose call it is, as its section is called
 * @param line of the table, from 1; the alternatives of one line are rows of their own
 * @param path what is called; a {@code *} stands for any middle
 * @param acts what it does, in order
 */
public record Row(String library, int line, String path, List<Act> acts) {
    /** Of a call that no table knows. */
    public static final Row NONE = new Row("", 0, "", List.of());

    /** Acts that say what the call gives. */
    public static final Set<String> GIVING = Set.of(
            "env",
            "give",
            "text",
            "number",
            "shown",
            "truth",
            "listed",
            "entries",
            "first",
            "constant",
            "url",
            "format",
            "option",
            "kept",
            "items",
            "json",
            "runs",
            "special",
            "gives");

    /** Acts without which those after them do not happen. */
    public static final Set<String> CONDITIONS = Set.of("unless", "only", "tcp", "needs");

    public Row {
        acts = List.copyOf(acts);
    }

    /**
     * @param what such as {@code port}, {@code route}, {@code exit}
     * @param text as it is written after the {@code =}; empty where nothing is
     * @param pick what that says of the call
     */
    public record Act(String what, String text, Pick pick) {}

    /** What the row says under this name; null where it says nothing. */
    public @Nullable Act act(String what) {
        for (Act act : acts) {
            if (act.what().equals(what)) {
                return act;
            }
        }
        return null;
    }

    /** What it says under this name, as words with commas between them; empty where it says nothing. */
    public Set<String> words(String what) {
        Act act = act(what);
        return act == null ? Set.of() : Set.of(act.text().split(","));
    }

    public boolean has(String what) {
        return act(what) != null;
    }
}
