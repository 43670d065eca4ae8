package dev.panoptes.core.registry;

import java.util.Locale;
import java.util.regex.Pattern;

/** How names are compared. Keys link declarations; names and ports never do. */
public final class Keys {
    /** A letter by its Unicode class, so that it counts, and one that no name holds. */
    private static final char KEPT = '\u02d1';

    private static final Pattern DIGITS_APART = Pattern.compile("(\\p{Nd})[^\\p{L}\\p{Nd}]+(?=\\p{Nd})");

    private Keys() {}

    /** The key under which things link: lower case, {@code _} as {@code -}. */
    public static String link(String key) {
        return key.strip().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** True where two keys link: case is ignored and {@code -} equals {@code _}. */
    public static boolean same(String a, String b) {
        return link(a).equals(link(b));
    }

    /** A reported name without case and separators, so that {@code Samwell Tarly} equals {@code samwell-tarly}. */
    public static String identity(String name) {
        StringBuilder letters = new StringBuilder(name.length());
        name.codePoints()
                .filter(Character::isLetterOrDigit)
                .map(Character::toLowerCase)
                .forEach(letters::appendCodePoint);
        return letters.toString();
    }

    /**
     * What the keys, and the names, of two agents must differ in to be told apart: letters and digits in lower case. A
     * separator between two digits stays, so that {@code node-1-12} is another than {@code node-11-2}; a text of signs only
     * is compared as it is.
     */
    public static String apart(String name) {
        String identity = identity(DIGITS_APART.matcher(name).replaceAll("$1" + KEPT));
        return identity.isEmpty() ? name : identity;
    }

    /** How many letters differ: one for a letter too much, too few, wrong, or two swapped (optimal string alignment). */
    public static int distance(String a, String b) {
        return KeySpelling.distance(a, b);
    }
}
