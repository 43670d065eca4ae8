package dev.panoptes.integrity.declared;

import java.util.List;

/**
 * What CMD, ENTRYPOINT, {@code command} or {@code entrypoint} writes, before it is known which program it starts.
 *
 * @param words the argument list, variables as written; in shell form the one line that {@code /bin/sh -c} runs. Empty where
 *     an image's own is cleared
 * @param shell true for shell form
 * @param file path below the root of the file that writes it
 */
public record Invocation(List<String> words, boolean shell, String file, int line) {
    public Invocation {
        words = List.copyOf(words);
    }

    /** On one line, for evidence. */
    public String text() {
        return String.join(" ", words);
    }
}
