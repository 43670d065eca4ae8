package dev.panoptes.core.registry;

import java.util.Locale;

/** How names are compared. Keys link declarations; names and ports never do. */
public final class Keys {
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

    /** How many letters differ: one for a letter too much, too few, wrong, or two swapped (optimal string alignment). */
    public static int distance(String a, String b) {
        return KeySpelling.distance(a, b);
    }
}
