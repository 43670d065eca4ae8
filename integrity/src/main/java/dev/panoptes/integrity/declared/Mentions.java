package dev.panoptes.integrity.declared;

import dev.panoptes.code.ScannedTree;
import dev.panoptes.code.ScannedTree.Content;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Where scripts, Makefiles and READMEs speak of files that are not in the tree: they may make or install them, so that their
 * absence proves nothing.
 */
final class Mentions {
    private static final int LARGEST_BYTES = 1 << 18;
    private static final int MOST_FILES = 2_000;
    private static final int MOST_NAMES = 1_000;
    private static final int LONGEST_NAME = 200;

    private Mentions() {}

    /** Name to {@code file:line}, of the first place of each name that is spoken of. */
    static Map<String, String> of(ScannedTree tree, List<DeclarationFiles.Found> starters, Collection<String> names)
            throws InterruptedException {
        Map<String, String> mentions = new HashMap<>();
        Set<String> left = new LinkedHashSet<>();
        names.stream()
                .filter(name -> !name.isBlank() && name.length() <= LONGEST_NAME)
                .limit(MOST_NAMES)
                .forEach(left::add);
        int read = 0;
        for (DeclarationFiles.Found found : starters) {
            if (left.isEmpty() || read >= MOST_FILES) {
                break;
            }
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while looking for what makes missing files");
            }
            if (!found.link()
                    && ComposeStarts.isCalledSo(found.name().toLowerCase(Locale.ROOT))
                    && tree.read(found.rootPath(), LARGEST_BYTES) instanceof Content.Text(String text, String digest)) {
                read++;
                for (String name : List.copyOf(left)) {
                    int at = place(text, name);
                    if (at >= 0) {
                        long line = text.substring(0, at).lines().count()
                                + (at == 0 || text.charAt(at - 1) == '\n' ? 1 : 0);
                        mentions.put(name, found.rootPath() + ":" + Math.max(1, line));
                        left.remove(name);
                    }
                }
            }
        }
        return mentions;
    }

    /** Where the name stands as a word of its own: {@code .env} is not in {@code .env.example}; -1 where nowhere. */
    private static int place(String text, String name) {
        for (int at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
            int end = at + name.length();
            boolean begins = at == 0 || !isOfName(text.charAt(at - 1), name.startsWith("."));
            boolean ends = end == text.length()
                    || !isOfName(text.charAt(end), false)
                    || (text.charAt(end) == '.'
                            && (end + 1 == text.length() || !isOfName(text.charAt(end + 1), false)));
            if (begins && ends) {
                return at;
            }
        }
        return -1;
    }

    /** @param dotted true before a name that begins with a dot, which another name may not run into */
    private static boolean isOfName(char c, boolean dotted) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '.' || (dotted && c == '@');
    }
}
