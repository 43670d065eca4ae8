package dev.panoptes.integrity.plan;

import java.util.regex.Pattern;

/** Words of commands that people copy into a shell. */
public final class Quoted {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

    private Quoted() {}

    /** The word as a POSIX shell takes it for one, whatever it holds (Shell Command Language, 2.2.2). */
    public static String word(String text) {
        return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
