package dev.panoptes.core.text;

import java.util.regex.Pattern;

/** A text by its lines, whatever system wrote it. */
public final class Lines {
    private static final Pattern END = Pattern.compile("\r\n|\n|\r");

    private Lines() {}

    /** Without what ends them; of a text that ends with such an end the last line is empty. Never empty itself. */
    public static String[] of(String text) {
        return END.split(text, -1);
    }
}
