package dev.panoptes.integrity.declared;

import java.util.List;
import java.util.Set;

/**
 * What CMD, ENTRYPOINT, {@code command} or {@code entrypoint} writes, before it is known which program it starts.
 *
 * @param words the argument list, variables as written; in shell form the one line that {@code /bin/sh -c} runs. Empty where
 *     an image's own is cleared
 * @param shell true for shell form
 * @param written the same before variables of the file itself were replaced, for evidence: a value may be secret
 * @param open variables in it that must be known before the container is made, and are not; its environment does not set them
 * @param file path below the root of the file that writes it
 */
public record Invocation(
        List<String> words, List<String> written, boolean shell, Set<String> open, String file, int line) {
    public Invocation {
        words = List.copyOf(words);
        written = List.copyOf(written);
        open = Set.copyOf(open);
    }

    public Invocation(List<String> words, boolean shell, String file, int line) {
        this(words, words, shell, Set.of(), file, line);
    }

    Invocation asWritten() {
        return new Invocation(written, written, shell, open, file, line);
    }
}
